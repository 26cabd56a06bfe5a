#include "ui/incident/ledgerfilter.h"

#include "ui/incident/ledgermodel.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using delivery::Entry;
using delivery::EntryState;

namespace {

bool isShown(const Entry& entry, LedgerFilter::Show show) {
    switch (show) {
        case LedgerFilter::Show::All:
            break;
        case LedgerFilter::Show::Unfinished:
            return !entry.isFinished();
        case LedgerFilter::Show::Undelivered:
            return entry.state == EntryState::Failed || entry.state == EntryState::Cancelled ||
                   entry.state == EntryState::InDoubt;
        case LedgerFilter::Show::Delivered:
            return entry.isSettled();
    }
    return true;
}

}  // namespace

void LedgerFilter::setShow(Show show) {
    m_show = show;
    invalidateFilter();
}

void LedgerFilter::setWords(const QString& words) {
    m_words = words.simplified().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool LedgerFilter::filterAcceptsRow(int row, const QModelIndex&) const {
    const auto* ledger = qobject_cast<const LedgerModel*>(sourceModel());
    const Entry& entry = ledger->entries()[row];
    if (!isShown(entry, m_show)) return false;
    const QString all =
        QStringList{entry.message.text, entry.event, entry.channel, entry.answer, entry.incident}
            .join(u'\n');
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) {
        return all.contains(word, Qt::CaseInsensitive);
    });
}

}  // namespace tocsin::ui

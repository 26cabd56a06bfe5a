#include "ui/incident/ledgerview.h"

#include <QHeaderView>

#include "sdk/async.h"
#include "ui/incident/ledgermodel.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using delivery::Entry;
using delivery::EntryState;

LedgerView::LedgerView(theme::Theme& theme, theme::Ticker& ticker, CurrentIncident& current,
                       delivery::Dispatcher& dispatcher, ReadMessages read, QWidget* parent)
    : QTableView(parent),
      m_current(current),
      m_read(std::move(read)),
      m_model(new LedgerModel(theme, this)) {
    setObjectName(u"ledgerView"_s);
    setAccessibleName(tr("Messages of this incident"));
    setModel(m_model);
    setShowGrid(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setTabKeyNavigation(false);
    setWordWrap(false);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(LedgerModel::Text, QHeaderView::Stretch);

    connect(&ticker, &theme::Ticker::ticked, m_model, &LedgerModel::setNow);
    connect(&current, &CurrentIncident::switched, this, &LedgerView::reload);
    connect(&dispatcher, &delivery::Dispatcher::entryChanged, this, [this](const Entry& entry) {
        if (entry.incident != m_current.id() || entry.incident.isEmpty()) return;
        m_model->update(entry);
        emit captionChanged();
        if (m_model->entries().first().id == entry.id) emit newestChanged(entry);
    });
    reload();
}

QString LedgerView::caption() const {
    const auto& entries = m_model->entries();
    const auto failed = std::count_if(entries.begin(), entries.end(), [](const Entry& each) {
        return each.state == EntryState::Failed;
    });
    const QString count = QString::number(entries.size());
    return failed ? tr("%1, %2 not delivered").arg(count).arg(failed) : count;
}

void LedgerView::reload() {
    m_model->setEntries({});
    emit captionChanged();
    const QString id = m_current.id();
    if (id.isEmpty() || !m_read) return;
    whenDone(m_read(id), this, [this, id](const Result<QVector<Entry>>& entries) {
        if (!entries || id != m_current.id()) return;
        m_model->setEntries(*entries);
        emit captionChanged();
        if (!entries->isEmpty()) emit newestChanged(m_model->entries().first());
    });
}

}  // namespace tocsin::ui

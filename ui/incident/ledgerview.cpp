#include "ui/incident/ledgerview.h"

#include <QHeaderView>
#include <utility>

#include "sdk/async.h"
#include "ui/incident/ledgerfilter.h"
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
      m_model(new LedgerModel(theme, this)),
      m_filter(new LedgerFilter(this)) {
    setObjectName(u"ledgerView"_s);
    setAccessibleName(tr("Messages of this incident"));
    m_filter->setSourceModel(m_model);
    setModel(m_filter);
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
    // Long answers share the room with the words; both end in "…".
    for (const int column : {LedgerModel::Text, LedgerModel::Answer})
        horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);

    connect(&ticker, &theme::Ticker::ticked, m_model, &LedgerModel::setNow);
    connect(&current, &CurrentIncident::switched, this, &LedgerView::reload);
    connect(&dispatcher, &delivery::Dispatcher::entryChanged, this, &LedgerView::take);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &LedgerView::chosenChanged);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &LedgerView::chosenChanged);
    reload();
}

void LedgerView::take(const Entry& entry) {
    if (m_reading) m_again = true;  // what is being read may be older than this
    if (!showsEverything() && entry.incident != m_current.id()) return;
    m_model->update(entry);
    emit captionChanged();
    if (entry.incident == m_current.id() && m_model->entries().first().id == entry.id)
        emit newestChanged(entry);
}

void LedgerView::setEverything(bool everything) {
    m_everything = everything;
    m_model->setShowsIncident(showsEverything());
    reload();
}

std::optional<Entry> LedgerView::chosen() const {
    const auto rows = selectionModel()->selectedRows();
    if (rows.isEmpty()) return std::nullopt;
    return m_model->entries()[m_filter->mapToSource(rows.first()).row()];
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
    m_model->setShowsIncident(showsEverything());
    emit captionChanged();
    const QString current = m_current.id();
    const QString id = m_everything ? QString() : current;
    if (!m_read) return;
    whenDone(m_read(id), this, [this, id, current](const Result<QVector<Entry>>& entries) {
        const QString wanted = m_everything ? QString() : m_current.id();
        if (!entries || id != wanted || current != m_current.id()) return;
        m_model->setEntries(*entries);
        emit captionChanged();
        if (!current.isEmpty() && !m_everything && !entries->isEmpty())
            emit newestChanged(m_model->entries().first());
    });
}

void LedgerView::refresh() {
    if (!m_read) return;
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    const QString id = m_everything ? QString() : m_current.id();
    whenDone(m_read(id), this, [this, id](const Result<QVector<Entry>>& entries) {
        m_reading = false;
        const bool stillWanted = id == (m_everything ? QString() : m_current.id());
        if (entries && stillWanted) {
            const auto newest = [this] {
                const auto& all = m_model->entries();
                return all.isEmpty() ? Entry() : all.first();
            };
            const Entry before = newest();
            m_model->refresh(*entries);
            emit captionChanged();
            const Entry now = newest();
            if (now.id > 0 && now.incident == m_current.id() &&
                (now.id != before.id || now.state != before.state))
                emit newestChanged(now);
        }
        if (std::exchange(m_again, false) || !stillWanted) refresh();
    });
}

}  // namespace tocsin::ui

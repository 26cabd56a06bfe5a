#include "ui/redis/queuesview.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTableView>

#include "inspection/connection.h"
#include "inspection/queuewatch.h"
#include "ui/redis/keywords.h"
#include "ui/redis/queuedetails.h"
#include "ui/redis/queuesdelegate.h"
#include "ui/redis/queuesmodel.h"
#include "ui/redis/scrolled.h"
#include "ui/theme/durations.h"
#include "ui/theme/roles.h"
#include "ui/theme/tickbox.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using inspection::QueueWatch;
using namespace std::chrono_literals;

// Long enough that the look itself is no load, short enough to see a queue move.
constexpr auto kQueueLookEvery = 5s;

constexpr int kLeastState = 170;  // pixels

QueuesView::QueuesView(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_clock(clock),
      m_model(new QueuesModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_table(new QTableView(this)),
      m_filter(new QLineEdit(this)),
      m_follow(new theme::TickBox(theme, this)),
      m_find(new QPushButton(tr("Find queues"), this)),
      m_status(new QLabel(this)),
      m_details(new QueueDetails(theme, this)) {
    m_filter->setObjectName(u"redisQueueFilter"_s);
    m_filter->setAccessibleName(tr("Filter the queues by name"));
    m_filter->setPlaceholderText(tr("Filter queues"));
    m_filter->setClearButtonEnabled(true);
    m_follow->setText(tr("every 5 s"));
    m_follow->setObjectName(u"redisQueueFollow"_s);
    m_follow->setAccessibleName(tr("Look at the queues every five seconds"));
    m_follow->setChecked(true);
    m_find->setObjectName(u"redisQueueFind"_s);
    m_find->setAccessibleName(tr("Walk the keys for queues again"));
    m_status->setObjectName(u"redisQueueStatus"_s);
    theme::setRole(m_status, u"muted"_s);
    m_status->setWordWrap(true);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 8, 12, 6);
    bar->setSpacing(8);
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_follow);
    bar->addWidget(m_find);
    buildTable();
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(m_table);
    parts->addWidget(scrolled(m_details));
    parts->setStretchFactor(0, 1);
    parts->setStretchFactor(1, 1);
    parts->setChildrenCollapsible(false);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    m_status->setContentsMargins(14, 0, 12, 6);
    all->addWidget(m_status);
    all->addWidget(parts, 1);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_sorted->setFilterFixedString(text);
        fitColumns();
        if (!m_table->currentIndex().isValid() && m_sorted->rowCount() > 0) m_table->selectRow(0);
        showChosen();
    });
    connect(m_find, &QPushButton::clicked, this, &QueuesView::find);
    connect(m_follow, &QCheckBox::toggled, this, [this](bool on) {
        if (m_watch) m_watch->watch(on && isVisible() ? kQueueLookEvery : 0ms);
    });
    connect(m_details, &QueueDetails::valuePicked, this, &QueuesView::valuePicked);
}

QueuesView::~QueuesView() = default;

void QueuesView::buildTable() {
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(QueuesModel::SortRole);
    m_sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(m_sorted);
    m_table->setObjectName(u"redisQueues"_s);
    m_table->setAccessibleName(tr("Queues"));
    m_table->setItemDelegate(new QueuesDelegate(m_theme, m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(28);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setResizeContentsPrecision(100);  // rows; there may be a thousand
    m_table->setSortingEnabled(true);
    // The worst first, and rows stay put while they are looked at: sorted anew only on request.
    m_sorted->setDynamicSortFilter(false);
    m_table->sortByColumn(static_cast<int>(QueuesModel::Column::State), Qt::DescendingOrder);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &QueuesView::showChosen);
}

void QueuesView::setConnection(inspection::Connection* connection) {
    if (connection && connection == m_connection) return;
    m_watch.reset();
    m_connection = connection;
    m_model->setQueues({}, {});
    m_model->setStale(false);
    m_details->clear();
    m_find->setEnabled(connection);
    m_status->setText(connection ? tr("Not looked yet.") : tr("No Redis connection."));
    if (!connection) return;
    m_watch = std::make_unique<QueueWatch>(*connection, m_clock);
    connect(m_watch.get(), &QueueWatch::counted, this, &QueuesView::showQueues);
    connect(m_watch.get(), &QueueWatch::changed, this, &QueuesView::showQueues);
    connect(m_watch.get(), &QueueWatch::failed, this, &QueuesView::showFailure);
    connect(&m_watch->search(), &inspection::QueueSearch::progressed, this,
            &QueuesView::showProgress);
    if (isVisible()) find();
}

void QueuesView::find() {
    if (!m_watch) return;
    if (m_watch->search().walk().isWalking()) return m_watch->stopFinding();
    m_watch->find();
    if (m_follow->isChecked()) m_watch->watch(kQueueLookEvery);
}

void QueuesView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!m_watch) return;
    if (m_watch->queues().isEmpty() && !m_watch->search().isSearching()) return find();
    if (m_follow->isChecked()) {
        m_watch->look();
        m_watch->watch(kQueueLookEvery);
    }
}

void QueuesView::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    if (m_watch) m_watch->watch(0ms);
}

void QueuesView::showProgress() {
    const auto& search = m_watch->search();
    const auto& walk = search.walk();
    m_find->setText(walk.isWalking() ? tr("Stop") : tr("Find queues"));
    m_find->setEnabled(walk.isWalking() || !search.isSearching());
    if (!search.isSearching()) return;
    if (!walk.isWalking())
        return m_status->setText(
            tr("%1 names like a queue's looked at, %2 are queues so far")
                .arg(countText(search.askedCount()), countText(search.foundCount())));
    m_status->setText(
        tr("Walking the keys: %1 of %2, COUNT %3, longest step %4 ms")
            .arg(countText(walk.progress().keysPassed), countText(walk.progress().keysInAll))
            .arg(walk.progress().count)
            .arg(static_cast<double>(walk.progress().longestStep.count()) / 1000.0, 0, 'f', 1));
}

/// What was seen last stays readable, and nobody takes it for what is so now.
void QueuesView::showFailure(const Error& error) {
    const QDateTime at = m_watch->lookedAt();
    const bool isStopped = error.code == ErrorCode::Cancelled;
    m_model->setStale(at.isValid() && !isStopped);
    m_details->setStale(m_model->isStale());
    m_status->setText(
        m_model->isStale()
            ? tr("Last known %1 ago. %2")
                  .arg(theme::ageText(theme::between(at, m_clock.now())), error.message)
            : error.message);
}

void QueuesView::showQueues() {
    m_model->setStale(false);
    m_details->setStale(false);
    const auto& queues = m_watch->queues();
    QVector<QVector<qint64>> trends;
    for (const auto& queue : queues)
        trends << m_watch->trend(queue.id);
    const bool isFirst = m_model->rowCount() != queues.size();
    m_model->setQueues(queues, trends);
    emit queuesFound(!queues.isEmpty());
    if (isFirst) {
        m_sorted->sort(m_sorted->sortColumn(), m_sorted->sortOrder());
        fitColumns();
        if (!queues.isEmpty() && !m_table->currentIndex().isValid()) m_table->selectRow(0);
    }
    showHowMany();
    showChosen();
}

void QueuesView::fitColumns() {
    if (m_sorted->rowCount() == 0) return;
    m_table->resizeColumnsToContents();
    m_table->setColumnWidth(static_cast<int>(QueuesModel::Column::Trend), 140);
    boundState();
    m_table->horizontalHeader()->setStretchLastSection(true);
}

void QueuesView::showHowMany() {
    const auto count = m_watch->queues().size();
    if (count == 0) return m_status->setText(tr("No BullMQ or Bull queue in this database."));
    QString text =
        tr("%1 in %2, %3 ms of the server's line")
            .arg(count == 1 ? tr("1 queue") : tr("%1 queues").arg(countText(count)),
                 m_watch->roundTrips() == 1 ? tr("1 round trip")
                                            : tr("%1 round trips").arg(m_watch->roundTrips()))
            .arg(static_cast<double>(m_watch->lookTook().count()) / 1000.0, 0, 'f', 1);
    if (const auto leftOut = m_watch->leftOut(); leftOut > 0)
        text +=
            tr(". %1 more are not followed: at most %2 are, those with jobs first, then by name")
                .arg(countText(leftOut), countText(inspection::QueueWatch::kMostQueues));
    m_status->setText(text);
}

/// A long sentence leaves room for who waits and how long; it stands below as well.
void QueuesView::boundState() {
    using Column = QueuesModel::Column;
    const auto width = [this](Column column) {
        return m_table->columnWidth(static_cast<int>(column));
    };
    // Which rows there is no room for is only known after this.
    const auto* bar = m_table->verticalScrollBar();
    const int room = m_table->viewport()->width() - width(Column::Queue) - width(Column::Waiting) -
                     width(Column::Oldest) - (bar->isVisible() ? 0 : bar->sizeHint().width());
    const int wanted = std::max(kLeastState, room);
    if (width(Column::State) > wanted)
        m_table->setColumnWidth(static_cast<int>(Column::State), wanted);
}

void QueuesView::showChosen() {
    const auto* queue = m_model->at(m_sorted->mapToSource(m_table->currentIndex()).row());
    if (queue && m_table->currentIndex().isValid())
        m_details->setQueue(m_connection, *queue);
    else
        m_details->clear();
}

}  // namespace tocsin::ui

#include "ui/query/activityview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QTreeView>

#include "sdk/async.h"
#include "ui/query/activitydelegate.h"
#include "ui/query/resultgrid.h"
#include "ui/query/sessionmodels.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kTooSlow = 2s;
// A look may take at most this part of the time between two looks.
constexpr int kShare = 10;
constexpr std::array kIntervals{1, 2, 5, 10, 30, 60};
constexpr qsizetype kMostOfQuery = 160;  // in the two lines below the sessions
constexpr int kUsualInterval = 2;        // index: 5 s

}  // namespace

struct ActivityView::Parts {
    QTabBar* topics = nullptr;
    QComboBox* order = nullptr;
    QComboBox* interval = nullptr;
    QPushButton* again = nullptr;
    QPushButton* toSql = nullptr;
    QPushButton* stop = nullptr;
    QPushButton* end = nullptr;
    QLabel* facts = nullptr;
    QLabel* query = nullptr;  ///< of the chosen session, which its row may be too narrow for
    theme::ElidedLabel* state = nullptr;
    QStackedWidget* pages = nullptr;
    QTableView* sessions = nullptr;
    QTreeView* tree = nullptr;
    ResultGrid* grid = nullptr;
    SessionModel* sessionModel = nullptr;
    BlockingModel* blockingModel = nullptr;
    QSortFilterProxyModel* sorted = nullptr;

    QString sql;  ///< behind what is shown
    QString slotsText;
    QString summary;
    bool asking = false;
    bool isByHand = false;
    bool stopped = false;  ///< the server was too slow; a person starts it again
    quint64 turn = 0;      ///< an older timer does nothing
    milliseconds lastTook{0};

    ActivityTopic topic() const { return static_cast<ActivityTopic>(topics->currentIndex()); }
    bool showsSessions() const {
        return topic() == ActivityTopic::Sessions || topic() == ActivityTopic::Blocking;
    }
    QModelIndex chosen() const {
        if (topic() == ActivityTopic::Sessions) return sessions->currentIndex();
        return topic() == ActivityTopic::Blocking ? tree->currentIndex() : QModelIndex();
    }
};

ActivityView::ActivityView(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_clock(clock), m_parts(std::make_unique<Parts>()) {
    setObjectName(u"sqlActivityView"_s);
    setAccessibleName(tr("Activity of the server"));
    Parts& p = *m_parts;
    buildBar();
    buildPages();
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 4, 12, 2);
    bar->addWidget(p.state, 1);
    for (QWidget* each : std::initializer_list<QWidget*>{p.order, p.interval, p.again, p.toSql})
        bar->addWidget(each);
    auto* act = new QHBoxLayout;
    act->setContentsMargins(12, 2, 12, 6);
    act->addWidget(p.query, 1);
    act->addWidget(p.stop);
    act->addWidget(p.end);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(2);
    all->addWidget(p.topics);
    all->addWidget(p.facts);
    all->addLayout(bar);
    all->addWidget(p.pages, 1);
    all->addLayout(act);
}

ActivityView::~ActivityView() = default;

void ActivityView::buildBar() {
    Parts& p = *m_parts;
    const auto button = [this](const QString& text, const QString& name, const QString& accessible,
                               const QString& role = {}) {
        auto* made = new QPushButton(text, this);
        made->setObjectName(name);
        made->setAccessibleName(accessible);
        if (!role.isEmpty()) theme::setRole(made, role);
        return made;
    };
    p.topics = new QTabBar(this);
    p.topics->setObjectName(u"activityTopics"_s);
    p.topics->setAccessibleName(tr("What to look at"));
    p.topics->setDrawBase(false);
    p.topics->setExpanding(false);
    p.topics->setUsesScrollButtons(true);
    for (const QString& title : {tr("Sessions"), tr("Blocking"), tr("Statements"), tr("Tables"),
                                 tr("Maintenance"), tr("Settings")})
        p.topics->addTab(title);
    p.facts = new QLabel(this);
    p.facts->setObjectName(u"activityFacts"_s);
    p.facts->setTextFormat(Qt::PlainText);
    p.facts->setWordWrap(true);
    p.facts->setContentsMargins(12, 4, 12, 0);
    p.facts->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // Room for what a bad day says: nothing below moves when it becomes longer.
    p.facts->setMinimumHeight(2 * QFontMetrics(m_theme.textFont()).lineSpacing() + 6);
    p.query = new QLabel(this);
    p.query->setObjectName(u"activityQuery"_s);
    p.query->setTextFormat(Qt::PlainText);
    p.query->setWordWrap(true);
    p.query->setFont(m_theme.monoFont(-1));
    p.query->setFixedHeight(2 * QFontMetrics(m_theme.monoFont(-1)).lineSpacing() + 2);
    p.query->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    p.state = new theme::ElidedLabel(QString(), this);
    p.state->setObjectName(u"activityState"_s);
    theme::setRole(p.state, u"muted"_s);
    p.interval = new QComboBox(this);
    p.interval->setObjectName(u"activityInterval"_s);
    p.interval->setAccessibleName(tr("How often to look again"));
    for (const int seconds : kIntervals)
        p.interval->addItem(tr("%1 s").arg(seconds), seconds);
    p.interval->setCurrentIndex(kUsualInterval);
    p.order = new QComboBox(this);
    p.order->setObjectName(u"activityOrder"_s);
    p.order->setAccessibleName(tr("Which statements come first"));
    p.order->addItem(tr("by total time"), false);
    p.order->addItem(tr("by mean time"), true);
    p.order->hide();
    connect(p.order, &QComboBox::currentIndexChanged, this, [this] { refresh(); });
    p.again = button(tr("Look now"), u"activityRefresh"_s, tr("Look now (F5)"));
    p.again->setToolTip(tr("F5"));
    p.toSql =
        button(tr("SQL"), u"activitySql"_s, tr("The statement behind it, in the editor (F4)"));
    p.toSql->setToolTip(tr("The statement behind it, in the editor: F4"));
    p.stop = button(tr("Stop statement…"), u"activityCancel"_s,
                    tr("Rehearse stopping the chosen session's statement"));
    p.end = button(tr("End session…"), u"activityTerminate"_s,
                   tr("Rehearse ending the chosen session"), u"danger"_s);
    const auto key = [this](int code, QPushButton* pressed) {
        auto* shortcut = new QShortcut(QKeySequence(code), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, pressed, &QPushButton::click);
    };
    key(Qt::Key_F5, p.again);
    key(Qt::Key_F4, p.toSql);
    connect(p.topics, &QTabBar::currentChanged, this, [this] {
        m_parts->pages->setCurrentIndex(std::min(m_parts->topics->currentIndex(), 2));
        m_parts->order->setVisible(m_parts->topic() == ActivityTopic::Statements);
        // Elsewhere no session can be chosen.
        for (QWidget* each : std::initializer_list<QWidget*>{m_parts->stop, m_parts->end,
                                                             m_parts->facts, m_parts->query})
            each->setVisible(m_parts->showsSessions());
        showChosen();
        refresh();
    });
    connect(p.interval, &QComboBox::currentIndexChanged, this, [this] { refresh(); });
    connect(p.again, &QPushButton::clicked, this, [this] {
        m_parts->isByHand = true;
        refresh();
    });
    connect(p.toSql, &QPushButton::clicked, this, [this] { emit sqlWanted(sql()); });
    connect(p.stop, &QPushButton::clicked, this, [this] { wantSignal(u"pg_cancel_backend"_s); });
    connect(p.end, &QPushButton::clicked, this, [this] { wantSignal(u"pg_terminate_backend"_s); });
}

void ActivityView::buildPages() {
    Parts& p = *m_parts;
    p.pages = new QStackedWidget(this);
    p.sessionModel = new SessionModel(this);
    p.blockingModel = new BlockingModel(this);
    p.sorted = new QSortFilterProxyModel(this);
    p.sorted->setSourceModel(p.sessionModel);
    p.sorted->setSortRole(SessionModel::SortRole);
    // No row moves under the pointer: sorted when a header is pressed, not with each look.
    p.sorted->setDynamicSortFilter(false);
    p.sessions = new QTableView(this);
    p.sessions->setObjectName(u"activitySessions"_s);
    p.sessions->setAccessibleName(tr("Sessions"));
    p.sessions->setModel(p.sorted);
    p.sessions->setSortingEnabled(true);
    p.sessions->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    p.sessions->setSelectionBehavior(QAbstractItemView::SelectRows);
    p.sessions->setSelectionMode(QAbstractItemView::SingleSelection);
    p.sessions->setShowGrid(false);
    p.sessions->setWordWrap(false);
    p.sessions->verticalHeader()->hide();
    p.sessions->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    p.sessions->verticalHeader()->setDefaultSectionSize(
        QFontMetrics(m_theme.monoFont(-1)).height() + 10);
    p.sessions->horizontalHeader()->setStretchLastSection(true);
    const int widths[] = {62, 152, 88, 82, 90, 110, 90, 150, 320};
    for (int i = 0; i < SessionModel::Columns; ++i)
        p.sessions->setColumnWidth(i, widths[i]);
    // What it runs is worth more than who it is, where there is little room.
    p.sessions->horizontalHeader()->moveSection(SessionModel::Query, SessionModel::Role);
    p.tree = new QTreeView(this);
    p.tree->setObjectName(u"activityBlocking"_s);
    p.tree->setAccessibleName(tr("Who blocks whom"));
    p.tree->setModel(p.blockingModel);
    p.tree->setUniformRowHeights(true);
    p.tree->setColumnWidth(0, 210);
    p.tree->setColumnWidth(1, 72);
    p.tree->setColumnWidth(2, 96);
    p.tree->setColumnWidth(3, 230);
    for (QAbstractItemView* view : std::initializer_list<QAbstractItemView*>{p.sessions, p.tree}) {
        view->setItemDelegate(new ActivityDelegate(m_theme, view));
        view->setEditTriggers(QAbstractItemView::NoEditTriggers);
        view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    }
    p.grid = new ResultGrid(m_theme, this);
    p.grid->setObjectName(u"activityGrid"_s);
    p.grid->setAccessibleName(tr("What the server tells"));
    for (QWidget* page : std::initializer_list<QWidget*>{p.sessions, p.tree, p.grid})
        p.pages->addWidget(page);
    for (QAbstractItemView* view : std::initializer_list<QAbstractItemView*>{p.sessions, p.tree})
        connect(view->selectionModel(), &QItemSelectionModel::currentChanged, this,
                &ActivityView::showChosen);
}

void ActivityView::follow(inspection::Connection* connection) {
    if (m_connection == connection) return;
    m_connection = connection;
    Parts& p = *m_parts;
    ++p.turn;
    p.asking = false;
    p.slotsText.clear();
    p.sql.clear();
    showActivity({});
    p.grid->show(std::shared_ptr<const ResultSet>());
    if (isVisible()) refresh();
}

void ActivityView::showTopic(ActivityTopic topic) {
    m_parts->topics->setCurrentIndex(static_cast<int>(topic));
}

QString ActivityView::sql() const {
    const Parts& p = *m_parts;
    return p.topic() == ActivityTopic::Statements && !p.sql.isEmpty() ? p.sql : topicSql(p.topic());
}

void ActivityView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void ActivityView::refresh() {
    m_parts->stopped = false;
    ask();
}

/// Behind the last answer, never beside it: looks do not pile up on a slow server.
void ActivityView::arm() {
    Parts& p = *m_parts;
    const milliseconds wanted = std::chrono::seconds(p.interval->currentData().toInt());
    const milliseconds pause = std::max(wanted, p.lastTook * kShare);
    m_clock.callAfter(pause, this, [this, turn = ++p.turn] {
        if (turn == m_parts->turn && isVisible() && !m_parts->stopped) ask();
    });
}

void ActivityView::ask() {
    Parts& p = *m_parts;
    if (!m_connection || p.asking) return;
    p.asking = true;
    const auto since = m_clock.elapsed();
    whenDone(
        m_connection->watch(topicSql(p.topic())), this,
        [this, since, topic = p.topic(), asked = m_connection](const Result<QueryResult>& result) {
            if (asked != m_connection) return;
            m_parts->asking = false;
            if (topic != m_parts->topic()) return ask();
            if (topic == ActivityTopic::Statements && result) return askStatements(result);
            settle(result, m_clock.elapsed() - since);
        });
}

void ActivityView::askStatements(const Result<QueryResult>& probe) {
    Parts& p = *m_parts;
    if (probe->rows->rowCount() == 0) {
        say(tr("pg_stat_statements is not installed here: add it to shared_preload_libraries, then "
               "CREATE EXTENSION pg_stat_statements."),
            true);
        return arm();
    }
    const auto schema = probe->rows->cell(0, 0);
    const auto apart = probe->rows->cell(0, 1);
    p.sql = statementsSql(QString::fromUtf8(schema.value_or(QByteArrayView())),
                          apart && *apart == QByteArrayView("t"), p.order->currentData().toBool());
    const auto since = m_clock.elapsed();
    p.asking = true;
    whenDone(m_connection->watch(p.sql), this,
             [this, since, asked = m_connection](const Result<QueryResult>& result) {
                 if (asked != m_connection) return;
                 m_parts->asking = false;
                 settle(result, m_clock.elapsed() - since);
             });
}

void ActivityView::settle(const Result<QueryResult>& result, milliseconds took) {
    Parts& p = *m_parts;
    p.lastTook = took;
    const QString at = m_clock.now().toString(u"HH:mm:ss"_s);
    if (!result) {
        say(tr("%1 · not refreshed at %2 UTC").arg(result.error().message, at), true);
        return arm();
    }
    if (took > kTooSlow) {
        p.stopped = true;
        say(tr("Stopped: the last look took %1, which a slow server does not need. Look now starts "
               "it again.")
                .arg(lastingText(static_cast<double>(took.count()) / 1000)),
            true);
    } else {
        say(tr("looked at %1 UTC in %2 ms").arg(at).arg(took.count()), false);
    }
    if (p.showsSessions()) {
        runOnPool(
            this, [rows = result->rows] { return activityIn(*rows); },
            [this](const ServerActivity& activity) { showActivity(activity); });
        askSlots();
    } else {
        p.grid->showAgain(result->rows);
    }
    if (!p.stopped) arm();
}

void ActivityView::askSlots() {
    whenDone(m_connection->watch(slotsSql()), this, [this](const Result<QueryResult>& result) {
        if (!result || result->rows->rowCount() != 1) return;
        const auto text = [&result](int column) {
            return QString::fromUtf8(result->rows->cell(0, column).value_or(QByteArrayView()));
        };
        m_parts->slotsText = tr("slots %1 of %2 used, %3 reserved").arg(text(0), text(1), text(2));
        m_parts->facts->setText(m_parts->slotsText + u" · "_s + m_parts->summary);
        emit looked(m_parts->facts->text());
    });
}

void ActivityView::showActivity(const ServerActivity& activity) {
    Parts& p = *m_parts;
    showSessions(activity);
    showBlocking(activity);
    QStringList facts;
    if (!activity.blocking.roots.isEmpty()) {
        const auto& root = activity.blocking.nodes[activity.blocking.roots[0]];
        facts << tr("%1 holds up %2, longest for %3")
                     .arg(root.pid > 0 ? QString::number(root.pid) : tr("a prepared transaction"))
                     .arg(root.holds)
                     .arg(lastingText(root.longestWait));
        if (activity.blocking.roots.size() > 1)
            facts << tr("%1 wait in all").arg(activity.blocking.waiting);
    }
    if (activity.hidden > 0)
        facts << tr("what %1 of %2 sessions do is not known: this role lacks pg_monitor")
                     .arg(activity.hidden)
                     .arg(activity.sessions.size());
    facts << tr("%1 active").arg(activity.active)
          << tr("%1 idle in transaction").arg(activity.idleInTransaction);
    if (activity.longest >= 0) {
        const ServerSession& oldest = activity.sessions[activity.longest];
        facts << tr("oldest transaction %1 (pid %2)")
                     .arg(lastingText(oldest.ageSeconds))
                     .arg(oldest.pid);
    }
    showChosen();
    p.topics->setTabText(1, activity.blocking.roots.isEmpty()
                                ? tr("Blocking")
                                : tr("Blocking %1").arg(activity.blocking.waiting));
    p.summary = facts.join(u" · "_s);
    p.facts->setText(p.slotsText.isEmpty() ? p.summary : p.slotsText + u" · "_s + p.summary);
}

/// Whoever is about to press End session must not get the neighbour of one that has gone.
void ActivityView::showSessions(const ServerActivity& activity) {
    Parts& p = *m_parts;
    const auto who = [](const QModelIndex& at) {
        return qMakePair(at.data(SessionModel::PidRole), at.data(Qt::ToolTipRole));
    };
    const auto chosen = [&] {
        return who(p.sessions->currentIndex().siblingAtColumn(SessionModel::Pid));
    };
    const auto before = chosen();
    // Asked for by hand, the rows come in the server's order again.
    if (std::exchange(p.isByHand, false)) p.sessionModel->show({});
    p.sessionModel->show(activity.sessions);
    if (chosen() == before) return;
    p.sessions->clearSelection();
    p.sessions->setCurrentIndex({});
    for (int row = 0; before.first.isValid() && row < p.sorted->rowCount(); ++row)
        if (const QModelIndex at = p.sorted->index(row, SessionModel::Pid); who(at) == before)
            return p.sessions->setCurrentIndex(at);
}

/// One more that waits makes another tree. Whoever is about to press End session must not lose the
/// one that was chosen.
void ActivityView::showBlocking(const ServerActivity& activity) {
    QTreeView* tree = m_parts->tree;
    const qint64 chosen = tree->currentIndex().data(SessionModel::PidRole).toLongLong();
    const int scrolled = tree->verticalScrollBar()->value();
    QSet<qint64> open;
    QSet<qint64> known;
    const auto walk = [tree](const auto& self, const QModelIndex& parent,
                             const auto& visit) -> void {
        for (int row = 0; row < tree->model()->rowCount(parent); ++row) {
            const QModelIndex each = tree->model()->index(row, 0, parent);
            visit(each);
            if (tree->isExpanded(each)) self(self, each, visit);
        }
    };
    walk(walk, {}, [&](const QModelIndex& each) {
        const qint64 pid = each.data(SessionModel::PidRole).toLongLong();
        known.insert(pid);
        if (tree->isExpanded(each)) open.insert(pid);
    });
    m_parts->blockingModel->show(activity);
    if (tree->currentIndex().isValid()) return;  // the same tree, with other figures
    walk(walk, {}, [&](const QModelIndex& each) {
        const qint64 pid = each.data(SessionModel::PidRole).toLongLong();
        const bool isNewRoot = !each.parent().isValid() && !known.contains(pid);
        tree->setExpanded(each, isNewRoot || open.contains(pid));
        if (chosen && pid == chosen && !tree->currentIndex().isValid()) tree->setCurrentIndex(each);
    });
    tree->verticalScrollBar()->setValue(scrolled);
}

void ActivityView::showChosen() {
    Parts& p = *m_parts;
    const QString query = p.chosen().data(SessionModel::QueryRole).toString().left(kMostOfQuery);
    p.query->setText(query.isEmpty() ? tr("Choose a session: what it runs, and how to end it")
                                     : query);
    theme::setRole(p.query, query.isEmpty() ? u"muted"_s : u"mono"_s);
    p.query->setToolTip(p.chosen().data(SessionModel::QueryRole).toString());
}

void ActivityView::wantSignal(const QString& function) {
    const QModelIndex index = m_parts->chosen();
    const qint64 pid = index.data(SessionModel::PidRole).toLongLong();
    if (index.isValid() && pid <= 0)
        return say(tr("A prepared transaction has no session to end: COMMIT PREPARED or ROLLBACK "
                      "PREPARED ends it."),
                   true);
    if (pid <= 0) return say(tr("Choose a session first."), true);
    emit signalWanted(u"SELECT %1(%2)"_s.arg(function, QString::number(pid)));
}

void ActivityView::say(const QString& text, bool bad) {
    m_parts->state->setText(text);
    theme::setRole(m_parts->state, bad ? u"critical"_s : u"muted"_s);
}

}  // namespace tocsin::ui

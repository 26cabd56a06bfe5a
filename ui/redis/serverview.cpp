#include "ui/redis/serverview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>

#include "inspection/connection.h"
#include "inspection/redistext.h"
#include "inspection/serverwatch.h"
#include "sdk/async.h"
#include "ui/redis/figurestrip.h"
#include "ui/redis/keywords.h"
#include "ui/redis/recordmodel.h"
#include "ui/redis/serverrecords.h"
#include "ui/theme/durations.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using inspection::ClientGrouping;

// INFO costs the server about a tenth of a millisecond.
constexpr auto kServerLookEvery = 2s;
constexpr int kRoomForFigures = 440;  // pixels

ServerView::ServerView(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_clock(clock),
      m_nodeBar(new QWidget(this)),
      m_node(new QComboBox(m_nodeBar)),
      m_figures(new FigureStrip(theme, this)),
      m_page(new QComboBox(this)),
      m_grouping(new QComboBox(this)),
      m_filter(new QLineEdit(this)),
      m_end(new QPushButton(tr("End client…"), this)),
      m_sample(new QPushButton(tr("MONITOR 5 s…"), this)),
      m_again(new QPushButton(tr("Read again"), this)),
      m_said(new QLabel(this)),
      m_model(new RecordModel({}, this)),
      m_table(recordTable(*m_model, u"redisServerList"_s, tr("What the server tells"), this)),
      m_text(new QPlainTextEdit(this)) {
    build();
    buildNodeBar();
    connect(m_node, &QComboBox::currentIndexChanged, this, &ServerView::chooseNode);
    connect(m_page, &QComboBox::currentIndexChanged, this, &ServerView::choose);
    connect(m_again, &QPushButton::clicked, this, &ServerView::choose);
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &ServerView::showClients);
    connect(m_filter, &QLineEdit::textChanged, proxyOf(*m_table),
            &QSortFilterProxyModel::setFilterFixedString);
    connect(m_end, &QPushButton::clicked, this, &ServerView::endClient);
    connect(m_sample, &QPushButton::clicked, this,
            [this] { emit changeWanted(inspection::atNode(u"--monitor 5"_s, node())); });
    connect(m_table, &QTableView::clicked, this, [this](const QModelIndex& index) {
        emit valuePicked(index.data().toString(), m_page->currentText());
    });
    setConnection(nullptr);
}

ServerView::~ServerView() = default;

void ServerView::build() {
    m_figures->setObjectName(u"redisFigures"_s);
    m_figures->setAccessibleName(tr("Figures of the Redis server"));
    m_said->setObjectName(u"redisServerSaid"_s);
    m_said->setWordWrap(true);
    theme::setRole(m_said, u"muted"_s);
    m_text->setObjectName(u"redisDoctor"_s);
    m_text->setAccessibleName(tr("What the server's doctors say"));
    m_text->setReadOnly(true);
    m_text->setFont(m_theme.monoFont());
    theme::setRole(m_text, u"code"_s);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_nodeBar);
    all->addWidget(m_figures);
    all->addLayout(buildBar());
    auto* row = new QHBoxLayout;
    row->setContentsMargins(14, 0, 12, 6);
    row->setSpacing(8);
    row->addWidget(m_said, 1);
    row->addWidget(m_end);
    row->addWidget(m_sample);
    row->addWidget(m_again);
    all->addLayout(row);
    all->addWidget(m_table, 1);
    all->addWidget(m_text, 1);
}

/// Which node of a cluster all of the tab is about.
void ServerView::buildNodeBar() {
    m_node->setObjectName(u"redisNode"_s);
    m_node->setAccessibleName(tr("Node of the cluster"));
    auto* label = new QLabel(tr("Node"), m_nodeBar);
    theme::setRole(label, u"muted"_s);
    auto* row = new QHBoxLayout(m_nodeBar);
    row->setContentsMargins(14, 8, 12, 0);
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_node, 1);
    m_nodeBar->hide();
}

QString ServerView::node() const {
    return m_node->currentData().toString();
}

void ServerView::askNodes() {
    whenDone(m_connection->look(u"CLUSTER NODES\nPING"_s), this,
             [this, asked = m_connection](const Result<QueryResult>& result) {
                 if (!asked || asked != m_connection || !result || m_node->count() > 0) return;
                 const ReplyView said = result->reply->children().front();
                 m_isAlone = said.isError() && said.text().contains("cluster support disabled");
                 offerNodes(said.isError() ? QVector<inspection::ClusterNode>()
                                           : inspection::readNodes(said.text()));
                 // What was read before its node had a name may be of all of them.
                 if (!node().isEmpty() && isVisible()) choose();
             });
}

void ServerView::offerNodes(const QVector<inspection::ClusterNode>& nodes) {
    const QSignalBlocker silent(m_node);
    m_node->clear();
    for (const auto& each : nodes) {
        QStringList words{each.place, each.isPrimary ? tr("primary, %1 slots").arg(each.slotCount)
                                                     : tr("replica")};
        if (each.isDown) words << tr("does not answer its neighbours");
        if (each.isOwn) words << tr("this connection");
        // A node that never met another does not know its own host.
        m_node->addItem(words.join(u" · "_s), each.place.startsWith(u':') ? QString() : each.place);
    }
    m_nodeBar->setVisible(nodes.size() > 1);
}

/// A cluster whose nodes are not told is asked as a whole; until it is known to be none, it may be.
bool ServerView::mayBeMerged() const {
    const bool isAlone = m_isAlone || m_node->count() == 1 ||
                         (m_watch && QByteArrayList{"standalone", "sentinel"}.contains(
                                         m_watch->info().text("redis_mode")));
    return node().isEmpty() && !isAlone;
}

void ServerView::chooseNode() {
    startWatch();
    follow(isVisible());
}

QLayout* ServerView::buildBar() {
    m_page->setObjectName(u"redisServerPage"_s);
    m_page->setAccessibleName(tr("Which list of the server"));
    const std::pair<Page, QString> pages[] = {
        {Findings, tr("Findings")}, {SlowLog, tr("Slow log")},  {Latency, tr("Latency")},
        {Clients, tr("Clients")},   {Keyspace, tr("Keyspace")}, {Settings, tr("Settings")},
        {Channels, tr("Channels")}, {Doctor, tr("The doctors")}};
    for (const auto& [which, name] : pages)
        m_page->addItem(name, which);
    m_grouping->setObjectName(u"redisClientGrouping"_s);
    m_grouping->setAccessibleName(tr("Group the clients"));
    const std::pair<ClientGrouping, QString> groupings[] = {
        {ClientGrouping::None, tr("one by one")},
        {ClientGrouping::Name, tr("by name")},
        {ClientGrouping::Host, tr("by address")},
        {ClientGrouping::User, tr("by user")},
        {ClientGrouping::Command, tr("by command")}};
    for (const auto& [which, name] : groupings)
        m_grouping->addItem(name, static_cast<int>(which));
    m_filter->setObjectName(u"redisServerFilter"_s);
    m_filter->setAccessibleName(tr("Filter the list"));
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    m_end->setObjectName(u"redisClientEnd"_s);
    m_end->setAccessibleName(tr("End the selected client's connection, after a confirmation"));
    m_sample->setObjectName(u"redisMonitor"_s);
    m_sample->setAccessibleName(tr("Sample what all clients send for five seconds"));
    m_sample->setToolTip(
        tr("MONITOR slows the server down and shows what others send: five seconds "
           "or 5 000 commands, after an unlock."));
    m_again->setObjectName(u"redisServerAgain"_s);
    m_again->setAccessibleName(tr("Read the list again"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 4, 12, 6);
    bar->setSpacing(8);
    bar->addWidget(m_page);
    bar->addWidget(m_grouping);
    bar->addWidget(m_filter, 1);

    return bar;
}

void ServerView::setConnection(inspection::Connection* connection) {
    if (connection && connection == m_connection) return;
    ++m_round;
    m_connection = connection;
    m_hasQueues.reset();
    m_isAlone = false;
    offerNodes({});
    startWatch();
    m_said->setText(connection ? tr("Not looked yet.") : tr("No Redis connection."));
    for (QWidget* part : std::initializer_list<QWidget*>{m_page, m_again, m_sample})
        part->setEnabled(connection);
    follow(isVisible());
}

/// What was seen of another server goes.
void ServerView::startWatch() {
    m_watch.reset();
    m_clients.clear();
    m_figures->setFigures({});
    m_model->setColumns({});
    m_text->clear();
    if (!m_connection) return;
    m_watch = std::make_unique<inspection::ServerWatch>(*m_connection, m_clock, node());
    connect(m_watch.get(), &inspection::ServerWatch::changed, this, &ServerView::showFigures);
    connect(m_watch.get(), &inspection::ServerWatch::failed, this, &ServerView::showFailure);
}

void ServerView::setHasQueues(bool hasQueues) {
    m_hasQueues = hasQueues;
}

void ServerView::follow(bool on) {
    if (!m_watch) return;
    m_watch->watch(on ? kServerLookEvery : 0s);
    if (on && m_node->count() == 0) askNodes();
    if (on) choose();
}

void ServerView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    follow(true);
}

void ServerView::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    follow(false);
}

/// Where there is little height the list needs it more than the second row of figures.
void ServerView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_figures->setMaximumHeight(height() < kRoomForFigures ? FigureStrip::rowHeight()
                                                           : QWIDGETSIZE_MAX);
}

ServerView::Page ServerView::page() const {
    return static_cast<Page>(m_page->currentData().toInt());
}

void ServerView::showFigures() {
    m_figures->setFigures(serverFigures(m_watch->figures()));
    if (page() == Findings) showFindings();
}

void ServerView::showFailure(const Error& error) {
    m_figures->setStale();
    const auto& figures = m_watch->figures();
    const QString said =
        figures.isEmpty()
            ? error.message
            : tr("Last known %1 ago. %2")
                  .arg(theme::ageText(theme::between(figures.last().at, m_clock.now())),
                       error.message);
    // What the server said of itself before is no finding of now.
    if (page() == Findings && !figures.isEmpty()) m_model->setRecords({});
    m_said->setText(said);
}

void ServerView::showFindings() {
    const auto findings = inspection::findingsOf(m_watch->info(), m_watch->before(), m_hasQueues);
    showRecords(findingColumns(), findingRecords(m_theme, findings),
                findings.isEmpty() ? tr("INFO shows nothing wrong. Followed every two seconds.")
                                   : tr("From INFO, followed every two seconds; the worst first."));
}

/// Reads the list that is chosen; the one of findings comes with the figures.
void ServerView::choose() {
    ++m_round;
    m_filter->clear();
    m_grouping->setVisible(page() == Clients);
    m_end->setVisible(page() == Clients);
    m_sample->setVisible(page() == SlowLog || page() == Clients);
    m_text->setVisible(page() == Doctor);
    m_table->setVisible(page() != Doctor);
    m_model->setColumns({});
    switch (page()) {
        case Findings:
            return m_watch && !m_watch->info().isEmpty() ? showFindings() : void();
        case SlowLog:
            return read(u"SLOWLOG GET 128\nPING"_s);
        case Latency:
            return read(u"LATENCY LATEST\nPING"_s);
        case Clients:
            return read(u"CLIENT LIST\nPING"_s);
        case Keyspace:
            return showKeyspace();
        case Settings:
            return read(inspection::settingsScript());
        case Channels:
            return read(u"PUBSUB CHANNELS\nPUBSUB NUMPAT"_s);
        case Doctor:
            return read(u"MEMORY DOCTOR\nLATENCY DOCTOR"_s);
    }
}

void ServerView::read(const QString& script) {
    if (!m_connection) return;
    m_said->setText(tr("Reading…"));
    whenDone(m_connection->look(inspection::atNode(script, node())), this,
             [this, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return m_said->setText(result.error().message);
                 take(*result);
             });
}

void ServerView::take(const QueryResult& result) {
    if (result.reply->children().empty()) return;
    const ReplyView first = result.reply->children().front();
    if (first.isError() && page() != Settings)
        return m_said->setText(
            tr("The server refuses it: %1").arg(QString::fromUtf8(first.text())));
    switch (page()) {
        case SlowLog:
            return takeSlowLog(first);
        case Latency:
            return takeLatency(first);
        case Clients:
            m_clients = inspection::readClients(first.text());
            return showClients();
        case Settings:
            return takeSettings(*result.reply);
        case Channels:
            return takeChannels(*result.reply);
        case Doctor:
            return takeDoctor(*result.reply);
        case Findings:
        case Keyspace:
            break;
    }
}

void ServerView::takeSlowLog(ReplyView reply) {
    const auto slow = inspection::readSlowLog(reply);
    showRecords(slowColumns(), slowRecords(slow),
                slow.isEmpty()
                    ? tr("The slow log is empty; slowlog-log-slower-than (Settings) says "
                         "what it keeps.")
                    : tr("%1 slow commands, the newest first. Time on the server alone, "
                         "without waiting for its turn.")
                          .arg(countText(slow.size())));
}

void ServerView::takeLatency(ReplyView reply) {
    const auto spikes = inspection::readLatency(reply);
    showRecords(latencyColumns(), latencyRecords(spikes),
                spikes.isEmpty()
                    ? tr("No latency spike is kept. It records none while "
                         "latency-monitor-threshold (Settings) is 0.")
                    : tr("%1 kinds of events that held the server up.").arg(spikes.size()));
}

void ServerView::showClients() {
    const auto by = static_cast<ClientGrouping>(m_grouping->currentData().toInt());
    const bool oneByOne = by == ClientGrouping::None;
    m_end->setEnabled(oneByOne);
    const auto groups = inspection::groupsOf(m_clients, by);
    showRecords(oneByOne ? clientColumns() : groupColumns(m_grouping->currentText()),
                oneByOne ? clientRecords(m_clients) : groupRecords(groups),
                oneByOne ? tr("Connected: %1.").arg(countText(m_clients.size()))
                         : tr("Connected: %1, in %2 groups.")
                               .arg(countText(m_clients.size()), countText(groups.size())));
}

void ServerView::showKeyspace() {
    if (!m_watch) return;
    const auto& info = m_watch->info();
    showRecords(keyspaceColumns(), keyspaceRecords(info),
                tr("Databases, and replicas where there are some."));
}

void ServerView::takeSettings(ReplyView reply) {
    const auto settings = inspection::readSettings(reply);
    showRecords(settingColumns(), settingRecords(settings),
                settings.isEmpty()
                    ? tr("The server does not tell its settings to this user.")
                    : tr("The settings that matter in an incident, as they are now."));
}

void ServerView::takeChannels(ReplyView reply) {
    QVector<Record> records;
    for (const ReplyView channel : reply.children().front().children())
        records << Record{channel.text(), {{QString::fromUtf8(channel.text()), {}, {}, {}}}};
    const bool isTold =
        reply.children().size() > 1 && reply.children()[1].kind() == ReplyKind::Integer;
    const QString patterns =
        isTold ? QString::fromUtf8(reply.children()[1].text()) : tr("an unknown number of");
    showRecords({{tr("channel"), false}}, records,
                tr("%1 channels have subscribers, and %2 patterns. Nothing was subscribed to.")
                    .arg(countText(records.size()), patterns));
}

void ServerView::takeDoctor(ReplyView reply) {
    QStringList said;
    const char* const names[] = {"MEMORY DOCTOR", "LATENCY DOCTOR"};
    for (std::size_t i = 0; i < reply.children().size() && i < std::size(names); ++i)
        said << QLatin1String(names[i]) + u"\n\n"_s +
                    (reply.children()[i].isError() ? tr("The server refuses it: ") : QString()) +
                    QString::fromUtf8(reply.children()[i].text());
    m_text->setPlainText(said.join(u"\n\n"_s));
    m_said->setText(tr("What the server makes of itself."));
}

void ServerView::showRecords(const QVector<RecordColumn>& columns, const QVector<Record>& records,
                             const QString& said) {
    const bool isNew = m_model->columnCount() != columns.size() || m_model->rowCount() == 0;
    if (isNew) m_model->setColumns(columns);
    m_model->setRecords(records);
    if (isNew) fitColumns(*m_table);
    if (isNew && page() == Findings) m_table->setColumnWidth(0, m_table->width() / 2);
    // Sentences are read whole; the rows of other lists are one line each.
    m_table->setWordWrap(page() == Findings);
    if (page() == Findings) m_table->resizeRowsToContents();
    m_said->setText(said);
}

void ServerView::endClient() {
    const QByteArray id = m_table->currentIndex().data(RecordModel::IdRole).toByteArray();
    if (id.isEmpty()) return m_said->setText(tr("Choose the client to end first."));
    if (mayBeMerged())
        return m_said->setText(
            tr("This list may be of all nodes of the cluster, and each counts its clients for "
               "itself: nobody is ended. Type CLIENT LIST and CLIENT KILL with --node HOST:PORT in "
               "front."));
    emit changeWanted(inspection::atNode(u"CLIENT KILL ID "_s + QString::fromLatin1(id), node()));
}

}  // namespace tocsin::ui

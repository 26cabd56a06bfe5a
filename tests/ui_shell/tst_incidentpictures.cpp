// The whole window in each state of an incident, on a stand-in Discord: nothing asks for more room
// than there is. TOCSIN_PICTURES names a folder for the pictures; the target screenshots keeps
// those of docs/screenshots.
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTableView>
#include <QTextBrowser>

#include "drill/standindiscord.h"
#include "incidents/pins.h"
#include "tests/ui_shell/desk.h"
#include "ui/incident/incidentactions.h"
#include "ui/incident/ladderactions.h"
#include "ui/incident/timelinepane.h"
#include "ui/theme/chip.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using incidents::Priority;

namespace {

const char kStudio[] =
    "workspace: {name: Studio}\n"
    "sources:\n"
    "  - {name: prod, kind: alertmanager, url: http://127.0.0.1:1, every: 1h}\n"
    "runbook_base: https://git.example.org/ops/blob/main/\n"
    "channels:\n"
    "  - name: incidents\n"
    "    kind: discord\n"
    "    webhook: \"env:TOCSIN_TEST_INCIDENTS\"\n"
    "    mentions: {on-call-primary: \"111\", on-call-secondary: \"222\", on-call-team: \"333\"}\n"
    "  - {name: alerts, kind: discord, webhook: \"env:TOCSIN_TEST_ALERTS\"}\n"
    "feed: {channel: alerts}\n"
    "escalation:\n"
    "  channel: incidents\n"
    "  levels:\n"
    "    - {name: Primary on-call, after: 0m, mention: on-call-primary}\n"
    "    - {name: Secondary on-call, after: 15m, mention: on-call-secondary}\n"
    "    - {name: Engineering lead, after: 30m, mention: on-call-team, repeat: 15m}\n"
    "incidents:\n"
    "  silence: 0\n"
    "  severity:\n"
    "    - {key: \"disk_*\", propose: P4}\n";

QJsonArray cells(const char* pid, const char* state, const char* query) {
    return {QString::fromLatin1(pid), QString::fromLatin1(state), QString::fromLatin1(query)};
}

/// An answer as the timeline keeps it.
QJsonObject answer(const QJsonArray& rows) {
    const QString asked = u"SELECT pid, state, query FROM pg_stat_activity"_s;
    return {{u"columns"_s, QJsonArray{u"pid"_s, u"state"_s, u"query"_s}},
            {u"rows"_s, rows},
            {u"row_count"_s, rows.size()},
            {u"connection"_s, u"primary"_s},
            {u"statement"_s, asked},
            {u"receipt"_s, QJsonObject{{u"connection"_s, u"primary"_s},
                                       {u"statement"_s, asked},
                                       {u"address"_s, u"db:5432/app"_s},
                                       {u"product"_s, u"PostgreSQL"_s},
                                       {u"version"_s, u"15.18"_s},
                                       {u"user"_s, u"oncall"_s},
                                       {u"guards"_s, QJsonArray{u"BEGIN READ ONLY"_s}},
                                       {u"sha256"_s, u"9f2c"_s}}}};
}

}  // namespace

class TestIncidentPictures : public Desk {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_discord.listen()); }
    void cleanup() {
        close();
        m_serve.reset();
        m_serveStore.reset();
    }
    void pictures_data();
    void pictures();

private:
    using Arrange = void (TestIncidentPictures::*)();
    static const QVector<QPair<const char*, Arrange>>& states();
    void begin() override;
    void beginBehindServe();
    void assessPhase();
    void giveTask(const QString& text, const QString& owner);
    void note(const QString& kind, const QString& text, const QJsonObject& detail = {},
              const QString& who = u"ada"_s);
    void live(Priority priority, int minutesToAcknowledge, int minutesToResolve);
    void reveal(const char* pane) {
        find<QTabWidget>("paneTabs")->setCurrentWidget(find<QWidget>(pane));
    }
    IncidentActions& actions() { return *m_window->findChild<IncidentActions*>(); }

    void declareAndPost(const QStringList& keys);
    void declaring();
    void several();
    void assessing();
    void team();
    void overdue();
    void acknowledging();
    void holding();
    void changingSeverity();
    void ladder();
    void stopped();
    void messages();
    void channels();
    void composer();
    void evidence();
    void pinned();
    void verifying();
    void postMortem();
    void past();
    void serve();

    drill::StandInDiscord m_discord;
    std::unique_ptr<store::Database> m_serveStore;
    std::unique_ptr<store::Ownership> m_serve;
    QString m_state;
};

const QVector<QPair<const char*, TestIncidentPictures::Arrange>>& TestIncidentPictures::states() {
    using Test = TestIncidentPictures;
    static const QVector<QPair<const char*, Arrange>> all{{"declare", &Test::declaring},
                                                          {"several", &Test::several},
                                                          {"assess", &Test::assessing},
                                                          {"team", &Test::team},
                                                          {"overdue", &Test::overdue},
                                                          {"acknowledge", &Test::acknowledging},
                                                          {"hold", &Test::holding},
                                                          {"severity", &Test::changingSeverity},
                                                          {"ladder", &Test::ladder},
                                                          {"stopped", &Test::stopped},
                                                          {"messages", &Test::messages},
                                                          {"channels", &Test::channels},
                                                          {"composer", &Test::composer},
                                                          {"evidence", &Test::evidence},
                                                          {"pins", &Test::pinned},
                                                          {"verify", &Test::verifying},
                                                          {"postmortem", &Test::postMortem},
                                                          {"past", &Test::past},
                                                          {"serve", &Test::serve}};
    return all;
}

void TestIncidentPictures::begin() {
    if (m_state == u"serve") beginBehindServe();
    m_console->start();
    QTRY_VERIFY((m_clock->advance(1s), m_console->ownership().owner().token > 0));
}

void TestIncidentPictures::beginBehindServe() {
    const QString folder = m_folder->filePath(u"data"_s);
    m_serveStore = std::move(*store::Database::open(store::Database::fileIn(folder)));
    m_serve = std::make_unique<store::Ownership>(*m_serveStore, folder, store::OwnerKind::Serve,
                                                 *m_clock);
    const auto taken = m_serve->tryOnce();
    QTRY_VERIFY(taken.isFinished());
    QVERIFY(m_serve->isHeld());
}

void TestIncidentPictures::assessPhase() {
    declareAndPost({u"database_connections"_s, u"error_rate"_s});
    press("phaseNext");
    QTRY_COMPARE(m_console->journal().open().first().phase, incidents::Phase::Assess);
}

void TestIncidentPictures::giveTask(const QString& text, const QString& owner) {
    const auto before = m_console->journal().open().first().tasks.size();
    press("taskButton");
    type("taskText", text);
    type("taskOwner", owner);
    press("taskConfirm");
    QTRY_COMPARE(m_console->journal().open().first().tasks.size(), before + 1);
    QTRY_VERIFY(!find<QWidget>("taskForm")->isVisible());
}

void TestIncidentPictures::note(const QString& kind, const QString& text, const QJsonObject& detail,
                                const QString& who) {
    const auto written = m_console->journal().append(u"INC-1"_s, who, kind, text, detail);
    QTRY_VERIFY(written.isFinished());
    QVERIFY(written.result().has_value());
    m_clock->advance(40s);
}

void TestIncidentPictures::live(Priority priority, int minutesToAcknowledge, int minutesToResolve) {
    incidents::Declaration said;
    said.title = priority == Priority::P1 ? u"Database connections exhausted"_s
                                          : u"Error rate above its limit"_s;
    said.keys = QStringList{priority == Priority::P1 ? u"database_connections"_s : u"error_rate"_s};
    said.priority = priority;
    said.commander = u"ada"_s;
    const auto id = m_console->engine().declare(said);
    QTRY_VERIFY(id.isFinished());
    m_clock->suspend(std::chrono::minutes(minutesToAcknowledge));
    const auto taken = m_console->engine().acknowledge(*id.result(), u"ada"_s);
    QTRY_VERIFY(taken.isFinished());
    m_clock->suspend(std::chrono::minutes(minutesToResolve));
    const auto done = m_console->engine().resolve(*id.result(), u"ada"_s, u"ended the blocker"_s);
    QTRY_VERIFY(done.isFinished());
    m_clock->suspend(20h);
}

/// What was declared has been posted.
void TestIncidentPictures::declareAndPost(const QStringList& keys) {
    declareFrom(keys);
    const auto posted = [this] {
        return std::count_if(
            m_discord.posted().begin(), m_discord.posted().end(),
            [](const drill::PostedMessage& one) { return one.channel == u"incidents"; });
    };
    if (m_state != u"serve") QTRY_VERIFY(posted() > 0);
}

void TestIncidentPictures::declaring() {
    m_window->declare({m_console->board().alerts().values()});
}

void TestIncidentPictures::several() {
    declareAndPost({u"disk_usage"_s});
    declareAndPost({u"database_connections"_s, u"error_rate"_s});
}

void TestIncidentPictures::assessing() {
    assessPhase();
    press("assessButton");
    type("assessImpact", u"Uploads fail for everybody"_s);
    type("assessUsers", u"about 1 200"_s);
}

void TestIncidentPictures::team() {
    assessPhase();
    giveTask(u"check worker deploys since noon"_s, u"ben"_s);
    giveTask(u"ask the vendor about the pool limit"_s, u"kim"_s);
    for (const QString& role : {u"scribe"_s, u"deputy"_s}) {
        find<QTabWidget>("bottomTabs")->setCurrentWidget(find<QWidget>("teamPane"));
        find<QComboBox>("roleChoice")->setCurrentText(role);
        find<QLineEdit>("rolePerson")->setText(role == u"scribe"_s ? u"ben"_s : u"eva"_s);
        press("roleGive");
        QTRY_VERIFY(find<QLineEdit>("rolePerson")->text().isEmpty());
    }
    m_console->journal().record(u"INC-1"_s, u"ben"_s,
                                incidents::finishTask(2, u"limit is 100, ours alone"_s));
    m_clock->advance(11min);
}

void TestIncidentPictures::overdue() {
    assessPhase();
    giveTask(u"check worker deploys since noon"_s, u"ben"_s);
    m_clock->advance(12min);
}

void TestIncidentPictures::acknowledging() {
    declareAndPost({u"database_connections"_s, u"error_rate"_s});
    actions().ladder().acknowledge();
}

void TestIncidentPictures::holding() {
    declareAndPost({u"database_connections"_s, u"error_rate"_s});
    actions().hold();
    type("holdReason", u"the vendor calls back"_s);
}

void TestIncidentPictures::changingSeverity() {
    declareAndPost({u"database_connections"_s, u"error_rate"_s});
    actions().changePriority();
}

void TestIncidentPictures::ladder() {
    declareAndPost({u"database_connections"_s, u"error_rate"_s});
    reveal("simulationPane");
}

void TestIncidentPictures::stopped() {
    QTRY_VERIFY((m_clock->advance(1s), find<theme::Chip>("channelChip")->isVisible()));
}

void TestIncidentPictures::messages() {
    stopped();
    declareAndPost({u"database_connections"_s, u"error_rate"_s});
    press("channelMessages");
    const auto delivered = [this] {
        const auto* model = find<QTableView>("ledgerView")->model();
        for (int row = 0; row < model->rowCount(); ++row)
            if (model->index(row, 2).data() == u"delivered"_s) return true;
        return false;
    };
    find<QLineEdit>("ledgerFilter")->clear();
    QTRY_VERIFY((m_clock->advance(1s), delivered()));
    find<QTableView>("ledgerView")->selectRow(0);
}

void TestIncidentPictures::channels() {
    declareAndPost({u"database_connections"_s, u"error_rate"_s});
    reveal("channelsPane");
    press("channelTest_alerts");
    auto* result = find<QLabel>("channelResult_alerts");
    QTRY_VERIFY((m_clock->advance(1s), result->text().contains(u"delivered"_s)));
    find<QComboBox>("channelPreviewWhat")->setCurrentText(u"Card of the incident"_s);
    auto* shown = find<QTextBrowser>("channelPreviewText");
    QTRY_VERIFY(shown->toPlainText().contains(u"Escalation"_s));
}

void TestIncidentPictures::composer() {
    assessPhase();
    find<QPlainTextEdit>("composerText")
        ->setPlainText(
            u"**Identified**: session 24817 holds a lock and with it 71 connections.\n"
            "We end it now; uploads work again in a minute.\n"
            "Next update <t:1767269400:t>."_s);
    find<QPushButton>("composerPreview")->setChecked(true);
}

void TestIncidentPictures::evidence() {
    assessPhase();
    QJsonObject first = answer({cells("24817", "idle in transaction", "UPDATE content SET a = 1"),
                                cells("25003", "active", "SELECT 1")});
    first[u"moment"_s] = u"at declaration"_s;
    note(u"captured"_s, u"pinned SELECT pid, state … on primary, at declaration: 2 rows"_s, first,
         u"Tocsin"_s);
    note(u"note"_s, u"24817 belongs to the nightly import"_s);
    note(u"change"_s, u"ended session 24817 on primary"_s);
    QJsonObject then = answer({cells("25003", "idle", "SELECT 1"),
                               cells("25120", "active", "INSERT INTO content VALUES ($1)")});
    then[u"moment"_s] = u"after the change"_s;
    note(u"captured"_s, u"pinned SELECT pid, state … on primary, after the change: 2 rows"_s, then,
         u"Tocsin"_s);
    find<QTabWidget>("bottomTabs")->setCurrentWidget(find<QWidget>("timelinePane"));
    auto* list = find<QListView>("timelineList");
    QTRY_VERIFY(list->model()->rowCount() > 4);
    list->setCurrentIndex(list->model()->index(0, 0));
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_VERIFY(find<QLabel>("evidenceDifference")->isVisible());
}

void TestIncidentPictures::pinned() {
    assessPhase();
    const auto added =
        m_console->database().write<void>([now = m_clock->now()](store::Transaction& tx) {
            for (const QString& statement :
                 {u"SELECT count(*) FROM pg_stat_activity"_s,
                  u"SELECT pid, state, query FROM pg_stat_activity WHERE state <> 'idle'"_s}) {
                incidents::Pin pin;
                pin.connection = u"primary"_s;
                pin.kind = u"postgres"_s;
                pin.statement = statement;
                pin.by = u"ada"_s;
                pin.at = now;
                if (auto one = incidents::addPin(tx, pin); !one)
                    return Result<void>(tl::unexpected<Error>(one.error()));
            }
            return Result<void>();
        });
    QTRY_VERIFY(added.isFinished());
    QVERIFY(added.result().has_value());
    const QSize size = m_window->size();
    m_window.reset();
    m_window = std::make_unique<MainWindow>(*m_console, *m_theme);
    m_window->resize(size);
    m_window->show();
    m_window->findChild<TimelinePane*>()->togglePins();
    QTRY_VERIFY(find<QWidget>("pinsPanel")->isVisible());
}

void TestIncidentPictures::verifying() {
    assessPhase();
    press("resolveButton");
    type("resolveText", u"ended session 24817"_s);
    press("resolveConfirm");
    QTRY_VERIFY(!m_console->journal().recent().isEmpty());
    feed(true);
    m_clock->advance(3min);
}

void TestIncidentPictures::postMortem() {
    assessPhase();
    note(u"note"_s, u"pool at 97 of 100, blocked by 24817"_s);
    note(u"query"_s, u"ran SELECT pid, state … on primary: 2 rows"_s,
         answer({cells("24817", "idle in transaction", "UPDATE content SET a = 1")}));
    note(u"change"_s, u"ended session 24817 on primary"_s);
    m_clock->advance(4min);
    press("resolveButton");
    type("resolveText", u"ended session 24817"_s);
    press("resolveConfirm");
    QTRY_VERIFY(!m_console->journal().recent().isEmpty());
    reveal("papersPane");
    find<QTabWidget>("papersPane")->setCurrentIndex(1);
    QTRY_VERIFY(
        find<QTextBrowser>("postMortemText")->toPlainText().contains(u"ended session 24817"_s));
}

void TestIncidentPictures::past() {
    const QSize size = m_window->size();
    const QVector<std::tuple<Priority, int, int>> lives{
        {Priority::P1, 3, 38},  {Priority::P2, 6, 51}, {Priority::P1, 2, 24},
        {Priority::P3, 14, 95}, {Priority::P2, 5, 33}, {Priority::P1, 2, 17}};
    for (const auto& [priority, acknowledged, resolved] : lives)
        live(priority, acknowledged, resolved);
    m_window->resize(size);  // hours went by in a moment, and the bar said all of it
    feed();
    reveal("papersPane");
    auto* table = find<QTableView>("pastTable");
    QTRY_COMPARE(table->model()->rowCount(), int(lives.size()));
}

void TestIncidentPictures::serve() {
    declareAndPost({u"database_connections"_s});
    QVERIFY(!m_console->ownsEngine());
    QTRY_VERIFY(
        (m_clock->advance(1s), find<theme::Chip>("ownerChip")->text().contains(u"serve"_s)));
}

void TestIncidentPictures::pictures_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    for (int state = 0; state < states().size(); ++state)
        for (const bool dark : {true, false})
            for (const QSize size : {QSize(1280, 800), QSize(1600, 1000)})
                if (isPictured(dark, size))
                    QTest::addRow("%s-%s-%dx%d", states()[state].first, dark ? "dark" : "light",
                                  size.width(), size.height())
                        << state << dark << size;
}

void TestIncidentPictures::pictures() {
    QFETCH(const int, state);
    QFETCH(const bool, dark);
    QFETCH(const QSize, size);
    m_state = QString::fromLatin1(states()[state].first);
    const bool isStopped = m_state == u"stopped" || m_state == u"messages";
    qputenv("TOCSIN_TEST_INCIDENTS", m_discord.addWebhook(u"incidents"_s).toUtf8());
    // One that somebody deleted over there.
    qputenv("TOCSIN_TEST_ALERTS",
            m_discord.addWebhook(u"alerts"_s).toUtf8() + (isStopped ? "gone" : ""));
    open(kStudio);
    dress(dark, size);
    feed();
    auto* board = find<QListView>("boardList");
    QTRY_VERIFY(board->model()->rowCount() > 2);
    board->setCurrentIndex(board->model()->index(1, 0));
    (this->*states()[state].second)();
    picture(u"case"_s, size);
}

QTEST_MAIN(TestIncidentPictures)
#include "tst_incidentpictures.moc"

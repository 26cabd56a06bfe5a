// The whole window in each state of the Postgres pane, on a real server: nothing asks for more room
// than there is. TOCSIN_PICTURES names a folder for the pictures; the target
// screenshots_postgres keeps those of docs/screenshots.
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryFile>
#include <QTreeView>

#include "tests/support/othersession.h"
#include "tests/ui_shell/desk.h"
#include "ui/query/receiptview.h"
#include "ui/query/resultview.h"
#include "ui/query/sqleditor.h"
#include "ui/query/sqlpane.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const char kPoolRunbook[] =
    "# Database connections\n\n**Alert:** `database_connections` - the pool is nearly full\n\n"
    "## Immediate actions\n\n"
    "1. **Who is connected, and what do they wait for**\n   ```sql\n   SELECT pid, state, query "
    "FROM "
    "pg_stat_activity;\n   ```\n"
    "2. **What failed since noon**\n   ```sql\n   SELECT status, count(*) FROM content GROUP BY "
    "1;\n"
    "   ```\n"
    "3. **Put what failed back into the queue**\n   ```sql\n   UPDATE content SET status = 'READY' "
    "WHERE status = 'FAILED';\n   ```\n";

const char kContent[] =
    "CREATE EXTENSION pg_stat_statements;"
    "CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret' IN ROLE pg_monitor;"
    "CREATE ROLE oncall_signal LOGIN PASSWORD 'oncall-secret' IN ROLE pg_monitor, "
    "pg_signal_backend;"
    "CREATE ROLE app LOGIN PASSWORD 'app-secret' IN ROLE pg_read_all_data, pg_write_all_data;"
    "CREATE TABLE content(id int PRIMARY KEY, status text, error text, created_at timestamptz);"
    "INSERT INTO content SELECT g, (ARRAY['READY','DONE','FAILED'])[1 + g % 3], CASE WHEN g % 3 = "
    "2 "
    "THEN 'upstream timeout after 30 s' END, '2026-01-01'::timestamptz + g * interval '9 s' FROM "
    "generate_series(1, 40000) g;"
    "CREATE TABLE content_source AS SELECT g AS id, g % 40000 AS content_id, 's3://media/' || g AS "
    "place FROM generate_series(1, 90000) g;"
    "CREATE TABLE upload(id int PRIMARY KEY, meta jsonb, head bytea);"
    "INSERT INTO upload SELECT g, jsonb_build_object('job', g, 'codec', 'h264', 'tries', "
    "jsonb_build_array(jsonb_build_object('worker', 'worker-2', 'seconds', 30.0), "
    "jsonb_build_object('worker', 'worker-1', 'seconds', 29.7)), 'size', jsonb_build_object("
    "'width', 1920, 'height', 1080), 'poster', NULL), decode(repeat(md5(g::text), 9), 'hex') "
    "FROM generate_series(1, 24) g;"
    "ALTER TABLE content_source OWNER TO app;"
    "SELECT pg_create_physical_replication_slot('replica_2');"
    "GRANT SELECT, UPDATE ON content, content_source, upload TO oncall; ANALYZE;";

const char kFailed[] =
    "SELECT c.id, c.error, c.created_at, s.place\nFROM content c\nJOIN content_source s ON "
    "s.content_id = c.id\nWHERE c.status = 'FAILED'\nORDER BY c.created_at DESC\nLIMIT 200";

}  // namespace

class TestPostgresPictures : public Desk {
    Q_OBJECT
public:
    static void initMain();
private slots:
    void initTestCase();
    void cleanup();
    void pictures_data();
    void pictures();

private:
    using Arrange = void (TestPostgresPictures::*)();
    static const QVector<QPair<const char*, Arrange>>& states();
    SqlPane& pane() { return *m_window->findChild<SqlPane*>(); }
    SqlEditor& editor() { return *pane().findChild<SqlEditor*>(); }
    ResultGrid& grid() { return *pane().findChild<ResultView*>()->grid(); }
    void run(const QString& sql);
    void unlock();
    void confirm();
    void topic(int index);
    void openCell(int column);
    support::OtherSession& other(const QString& application);
    /// A worker that holds a row, one that waits for it, one that waits for that one, and another
    /// pair.
    void jam();
    void chooseBlocker();
    void reveal(QWidget* tab) {
        auto* tabs = find<QTabWidget>("sqlTabs");
        for (int i = 0; i < tabs->count(); ++i)
            if (tabs->widget(i) == tab || tabs->widget(i)->isAncestorOf(tab))
                tabs->setCurrentIndex(i);
    }

    void tested();
    void rows() { run(QString::fromLatin1(kFailed)); }
    void refused();
    void unlocking();
    void unlocked();
    void held();
    void receipt();
    void pins();
    void compared();
    void json() { openCell(1); }
    void bytes() { openCell(2); }
    void chart();
    void cut();
    void cancelled();
    void completion();
    void error();
    void history();
    void plan();
    void sessions();
    void blocking();
    void statements() { topic(2); }
    void tables() { topic(3); }
    void maintenance();
    void settings() { topic(5); }
    void ending();
    void ended();
    void notices();
    void listening();

    support::PostgresServer m_server{
        {.settings = {u"shared_preload_libraries = 'pg_stat_statements'"_s}}};
    QTemporaryDir m_runbooks;
    std::vector<std::unique_ptr<support::OtherSession>> m_others;
};

/// The platform without a screen believes in one of 800 × 800, and a list of completions is only
/// shown where there is a screen.
void TestPostgresPictures::initMain() {
    if (qgetenv("QT_QPA_PLATFORM") != "offscreen") return;
    static QTemporaryFile screen;
    if (!screen.open()) return;
    screen.write(
        R"({"screens": [{"name": "wide", "x": 0, "y": 0, "width": 1920, "height": 1200,
            "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]})");
    screen.flush();
    qputenv("QT_QPA_PLATFORM", "offscreen:configfile=" + screen.fileName().toUtf8());
}

const QVector<QPair<const char*, TestPostgresPictures::Arrange>>& TestPostgresPictures::states() {
    using Test = TestPostgresPictures;
    static const QVector<QPair<const char*, Arrange>> all{{"test", &Test::tested},
                                                          {"rows", &Test::rows},
                                                          {"receipt", &Test::receipt},
                                                          {"refused", &Test::refused},
                                                          {"unlocking", &Test::unlocking},
                                                          {"unlocked", &Test::unlocked},
                                                          {"held", &Test::held},
                                                          {"pins", &Test::pins},
                                                          {"compare", &Test::compared},
                                                          {"cell-json", &Test::json},
                                                          {"cell-bytes", &Test::bytes},
                                                          {"chart", &Test::chart},
                                                          {"cut", &Test::cut},
                                                          {"cancelled", &Test::cancelled},
                                                          {"completion", &Test::completion},
                                                          {"error", &Test::error},
                                                          {"history", &Test::history},
                                                          {"measured", &Test::plan},
                                                          {"sessions", &Test::sessions},
                                                          {"blocking", &Test::blocking},
                                                          {"statements", &Test::statements},
                                                          {"tables", &Test::tables},
                                                          {"maintenance", &Test::maintenance},
                                                          {"settings", &Test::settings},
                                                          {"ending", &Test::ending},
                                                          {"ended", &Test::ended},
                                                          {"notices", &Test::notices},
                                                          {"listen", &Test::listening}};
    return all;
}

void TestPostgresPictures::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    QCOMPARE(m_server.sql(QString::fromLatin1(kContent)), QString());
    QFile file(m_runbooks.filePath(u"pool.md"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kPoolRunbook);
}

void TestPostgresPictures::run(const QString& sql) {
    QSignalSpy ran(&pane(), &SqlPane::ran);
    pane().edit({}, sql);
    press("sqlRun");
    QTRY_COMPARE(ran.size(), 1);
}

void TestPostgresPictures::cleanup() {
    m_others.clear();
    close();
    // A statement that waits for a lock does not notice that its psql is gone.
    m_server.sql(
        u"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client "
        "backend' AND pid <> pg_backend_pid(); DROP INDEX IF EXISTS slow"_s);
}

void TestPostgresPictures::tested() {
    pane().edit(u"primary"_s, QString::fromLatin1(kFailed));
    press("sqlTest");
    QTRY_VERIFY(find<QLabel>("sqlNoticeText")->text().contains(u"as oncall"_s));
}

void TestPostgresPictures::refused() {
    rows();
    run(u"WITH gone AS (\n  DELETE FROM content\n  WHERE status = 'FAILED' RETURNING id)\n"
        "SELECT count(*) FROM gone"_s);
    QVERIFY(find<QPushButton>("sqlRehearse")->isVisible());
}

void TestPostgresPictures::error() {
    run(u"SELECT id, status\nFROM content\nWHERE statsu = 'FAILED'\nORDER BY id"_s);
    QVERIFY(editor().markedError());
}

void TestPostgresPictures::unlocking() {
    rows();
    QTest::mouseClick(find<QWidget>("sqlGuard"), Qt::LeftButton);
    QTRY_VERIFY(find<QWidget>("sqlConfirm")->isVisible());
    type("sqlConfirmReason", u"INC-1: put what failed back into the queue"_s);
}

void TestPostgresPictures::unlock() {
    unlocking();
    type("sqlConfirmName", u"primary"_s);
    confirm();
}

void TestPostgresPictures::confirm() {
    press("sqlConfirmRun");
    QTRY_VERIFY(!find<QWidget>("sqlConfirm")->isVisible());
}

void TestPostgresPictures::unlocked() {
    unlock();
    m_clock->advance(47s);
    pane().edit(u"primary"_s,
                u"UPDATE content SET status = 'READY'\nWHERE status = 'FAILED' AND "
                "created_at > '2026-01-05'\nRETURNING id, status, error"_s);
    press("sqlRun");
    QTRY_VERIFY(find<QWidget>("sqlConfirm")->isVisible());
}

void TestPostgresPictures::held() {
    unlocked();
    confirm();
    QTRY_VERIFY(find<QPushButton>("sqlCommit")->isVisible());
    m_clock->advance(12s);
}

void TestPostgresPictures::pins() {
    for (const int least : {39000, 39600, 39900}) {
        run(u"SELECT id, status, error FROM content WHERE id > %1 ORDER BY id"_s.arg(least));
        press("sqlPin");
    }
    run(u"SELECT id, status, error FROM content WHERE id > 39950 ORDER BY id"_s);
    QCOMPARE(find<QTabBar>("sqlPins")->count(), 3);
}

void TestPostgresPictures::compared() {
    const QString sql = u"SELECT id, status, error FROM content WHERE id < 400 ORDER BY id"_s;
    run(sql);
    press("sqlPin");
    m_server.sql(
        u"UPDATE content SET status = 'READY', error = NULL WHERE id IN (8, 11, 14, 23, 47);"
        "UPDATE content SET status = 'FAILED' WHERE id IN (9, 31)"_s);
    run(sql);
    press("sqlCompare");
    QTRY_VERIFY(find<QLabel>("sqlResultCaption")->isVisible());
    m_server.sql(
        u"UPDATE content SET status = 'FAILED', error = 'upstream timeout after 30 s' "
        "WHERE id IN (8, 11, 14, 23, 47)"_s);
    m_server.sql(u"UPDATE content SET status = 'READY' WHERE id IN (9, 31)"_s);
}

void TestPostgresPictures::openCell(int column) {
    run(u"SELECT id, meta, head FROM upload ORDER BY id"_s);
    emit grid().cellOpened(grid().model()->index(6, column));
    QTRY_COMPARE(pane().findChild<QTabBar*>(u"cellWays"_s)->currentIndex(), column);
}

void TestPostgresPictures::chart() {
    run(u"SELECT date_trunc('hour', created_at) AS hour, count(*) AS jobs,\n  (60 + 40 * "
        "sin(extract(epoch FROM date_trunc('hour', created_at))::bigint / 9000))::int AS failed\n"
        "FROM content GROUP BY 1 ORDER BY 1"_s);
    press("sqlChartToggle");
    find<QComboBox>("sqlChartColumn")->setCurrentText(u"failed"_s);
}

void TestPostgresPictures::cut() {
    pane().edit(u"small"_s, {});
    run(u"SELECT g AS id, md5(g::text) AS sum, repeat('x', 100) AS pad\nFROM generate_series(1, "
        "90000) g"_s);
    press("sqlExport");
    type("sqlExportPath", u"~/incident/all.csv"_s);
    QVERIFY(find<QPushButton>("sqlExportAll")->isVisible());
}

void TestPostgresPictures::cancelled() {
    rows();
    QSignalSpy ran(&pane(), &SqlPane::ran);
    pane().edit(u"primary"_s,
                u"SELECT c.id, c.error, pg_sleep(0.002)\nFROM content c\nORDER BY id"_s);
    press("sqlRun");
    QTRY_VERIFY(grid().model()->columnCount() == 3 && grid().model()->rowCount() > 0);
    press("sqlCancel");
    QTRY_COMPARE(ran.size(), 1);
}

void TestPostgresPictures::completion() {
    rows();
    QTRY_VERIFY(editor().words().contains(u"content"_s));
    pane().edit(u"primary"_s, {});
    editor().setFocus();
    QTest::keyClicks(&editor(), u"SELECT status, error FROM cont"_s);
    QTRY_VERIFY(editor().isListActive());
}

void TestPostgresPictures::receipt() {
    rows();
    reveal(m_window->findChild<ReceiptView*>());
}

void TestPostgresPictures::history() {
    for (const QString& sql :
         {u"SELECT status, count(*) FROM content GROUP BY 1"_s,
          u"SELECT pid, state, query FROM pg_stat_activity WHERE state <> 'idle'"_s,
          QString::fromLatin1(kFailed)}) {
        run(sql);
        m_clock->advance(95s);
    }
    type("sqlSaveName", u"what failed, newest first"_s);
    press("sqlSave");
    reveal(find<QListWidget>("sqlHistory"));
}

void TestPostgresPictures::plan() {
    unlock();
    QSignalSpy ran(&pane(), &SqlPane::ran);
    press("sqlExplain");
    QTRY_COMPARE(ran.size(), 1);
    press("sqlAnalyze");
    QTRY_COMPARE(ran.size(), 2);
    QVERIFY(find<QLabel>("sqlPlanSummary")->text().startsWith(u"Ran in"_s));
}

support::OtherSession& TestPostgresPictures::other(const QString& application) {
    m_others.push_back(std::make_unique<support::OtherSession>(
        m_server, application, m_server.url(u"app"_s, u"app-secret"_s)));
    return *m_others.back();
}

void TestPostgresPictures::jam() {
    // The console has transactions of its own meanwhile.
    const auto count = [this](const QString& which) {
        return m_server
            .sql(u"SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND "_s + which)
            .toInt();
    };
    const auto waiting = [&] { return count(u"wait_event_type = 'Lock'"_s); };
    const auto idle = [&] { return count(u"state LIKE 'idle in%'"_s); };
    other(u"worker-1"_s).say("BEGIN; UPDATE content SET status = 'PROCESSING' WHERE id = 7;");
    other(u"billing"_s).say("BEGIN; SELECT count(*) FROM content_source;");
    QTRY_COMPARE_WITH_TIMEOUT(idle(), 2, 20'000);
    other(u"worker-2"_s).say("UPDATE content SET status = 'DONE' WHERE id = 7;");
    QTRY_COMPARE(waiting(), 1);
    other(u"worker-3"_s).say("UPDATE content SET status = 'FAILED' WHERE id = 7;");
    QTRY_COMPARE(waiting(), 2);
    other(u"migration"_s).say("ALTER TABLE content_source ADD COLUMN checked boolean;");
    QTRY_COMPARE(waiting(), 3);
    other(u"api"_s).say("SELECT place FROM content_source WHERE content_id = 7;");
    QTRY_COMPARE(waiting(), 4);
}

void TestPostgresPictures::sessions() {
    rows();
    jam();
    press("sqlActivity");
    auto* facts = find<QLabel>("activityFacts");
    QTRY_VERIFY((m_clock->advance(100ms), facts->text().contains(u"holds up"_s)));
    QTRY_VERIFY(facts->text().contains(u"slots"_s));
}

void TestPostgresPictures::blocking() {
    sessions();
    find<QTabBar>("activityTopics")->setCurrentIndex(1);
    auto* tree = find<QTreeView>("activityBlocking");
    QTRY_COMPARE(tree->model()->rowCount(), 2);
    tree->expandAll();
}

void TestPostgresPictures::maintenance() {
    other(u"worker-1"_s).say("BEGIN; UPDATE content SET status = 'PROCESSING' WHERE id = 7;");
    QTRY_COMPARE(
        m_server.sql(
            u"SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND state LIKE 'idle in%'"_s),
        u"1"_s);
    m_others.push_back(std::make_unique<support::OtherSession>(m_server, u"migration"_s));
    m_others.back()->say("CREATE INDEX CONCURRENTLY slow ON content(status);");
    QTRY_COMPARE(m_server.sql(u"SELECT count(*) FROM pg_stat_progress_create_index"_s), u"1"_s);
    topic(4);
}

/// The one that the most wait for.
void TestPostgresPictures::chooseBlocker() {
    blocking();
    auto* tree = find<QTreeView>("activityBlocking");
    for (int row = 0; row < tree->model()->rowCount(); ++row)
        if (const auto root = tree->model()->index(row, 0);
            root.data().toString().contains(u"worker-1"_s))
            tree->setCurrentIndex(root);
}

void TestPostgresPictures::ending() {
    chooseBlocker();
    press("activityTerminate");
    QTRY_VERIFY(find<QLineEdit>("sqlConfirmName")->isVisible());
}

void TestPostgresPictures::ended() {
    ending();
    QSignalSpy ran(&pane(), &SqlPane::ran);
    type("sqlConfirmName", u"primary"_s);
    press("sqlConfirmRun");
    QTRY_VERIFY((m_clock->advance(50ms), ran.size() == 1));
    QTRY_VERIFY(
        (m_clock->advance(100ms), find<QTreeView>("activityBlocking")->model()->rowCount() == 1));
}

void TestPostgresPictures::notices() {
    m_server.sql(
        u"CREATE OR REPLACE FUNCTION checked(int) RETURNS int STABLE LANGUAGE plpgsql AS $$ BEGIN "
        "IF $1 % 20 = 0 THEN RAISE WARNING 'job % has no source', $1; END IF; RETURN $1; END $$"_s);
    run(u"SELECT id, checked(id), status FROM content WHERE id < 90"_s);
    QVERIFY(find<QLabel>("sqlNoticeText")->isVisible());
}

void TestPostgresPictures::topic(int index) {
    rows();
    press("sqlActivity");
    find<QTabBar>("activityTopics")->setCurrentIndex(index);
    auto* grid = find<QTableView>("activityGrid");
    QTRY_VERIFY((m_clock->advance(100ms), grid->model()->rowCount() > 1));
}

void TestPostgresPictures::listening() {
    rows();
    reveal(find<QPlainTextEdit>("sqlListenLines"));
    type("sqlListenChannel", u"deploys"_s);
    press("sqlListen");
    QTRY_VERIFY(find<QLabel>("sqlListenState")->text() != u"connecting…"_s);
    for (const QString& line : {u"worker 4.18.0 on 3 of 12"_s, u"worker 4.18.0 on 12 of 12"_s,
                                u"worker 4.18.1 rolled back by ben"_s}) {
        m_clock->advance(61s);
        m_server.sql(u"SELECT pg_notify('deploys', '%1')"_s.arg(line));
        auto* heard = find<QPlainTextEdit>("sqlListenLines");
        QTRY_VERIFY(heard->toPlainText().contains(line));
    }
}

void TestPostgresPictures::pictures_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    const bool all = qEnvironmentVariableIsSet("TOCSIN_ALL_PICTURES");
    // Where nobody looks, the one with less room tells more.
    const bool kept = qEnvironmentVariableIsSet("TOCSIN_PICTURES");
    for (int state = 0; state < states().size(); ++state)
        for (const bool dark : {true, false})
            for (const QSize size : {QSize(1280, 800), QSize(1600, 1000)})
                if (all || (dark == (size.width() == 1600) && (kept || !dark)))
                    QTest::addRow("%s-%s-%dx%d", states()[state].first, dark ? "dark" : "light",
                                  size.width(), size.height())
                        << state << dark << size;
}

void TestPostgresPictures::pictures() {
    QFETCH(const int, state);
    QFETCH(const bool, dark);
    QFETCH(const QSize, size);
    qputenv("TOCSIN_TEST_PASSWORD", "oncall-secret");
    open(
        u"workspace: {name: Studio}\n"
        "runbooks: [\"%1\"]\n"
        "connections:\n"
        "  - {name: primary, kind: postgres, url: \"%2\", password: "
        "\"env:TOCSIN_TEST_PASSWORD\", environment: production, signal_through: signals}\n"
        "  - {name: signals, kind: postgres, url: \"%3\", password: "
        "\"env:TOCSIN_TEST_PASSWORD\", environment: production}\n"
        "  - {name: small, kind: postgres, url: \"%2\", password: "
        "\"env:TOCSIN_TEST_PASSWORD\", environment: staging, result_limit: 1}\n"_s
            .arg(m_runbooks.path(), m_server.url(u"oncall"_s), m_server.url(u"oncall_signal"_s))
            .toUtf8());
    dress(dark, size);
    const QDateTime now = m_clock->now();
    m_console->board().addSource(u"prod"_s, 24h);
    m_console->board().accept({u"prod"_s,
                               now,
                               {firing(u"database_connections"_s, Severity::Critical,
                                       u"Pool at 97 % of 100"_s, now.addSecs(-761)),
                                firing(u"disk_usage"_s, Severity::Warning,
                                       u"Worker-2 disk at 83 %"_s, now.addSecs(-4929))}});
    auto* board = find<QListView>("boardList");
    QTRY_VERIFY(board->model()->rowCount() > 1);
    board->setCurrentIndex(board->model()->index(1, 0));
    (this->*states()[state].second)();
    picture(u"pg"_s, size);
}

QTEST_MAIN(TestPostgresPictures)
#include "tst_postgrespictures.moc"

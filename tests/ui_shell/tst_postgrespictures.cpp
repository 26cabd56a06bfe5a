// The whole window in each state of the Postgres pane, on a real server: nothing asks for more room
// than there is. TOCSIN_PICTURES names a folder for the pictures; the target
// screenshots_postgreswindow keeps those of docs/screenshots.
#include <QDir>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTableView>
#include <QTreeView>

#include "tests/support/postgresserver.h"
#include "tests/ui_shell/desk.h"
#include "ui/query/listenview.h"
#include "ui/query/receiptview.h"
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
    "CREATE TABLE content(id int PRIMARY KEY, status text, error text, created_at timestamptz);"
    "INSERT INTO content SELECT g, (ARRAY['READY','DONE','FAILED'])[1 + g % 3], CASE WHEN g % 3 = "
    "2 "
    "THEN 'upstream timeout after 30 s' END, '2026-01-01'::timestamptz + g * interval '9 s' FROM "
    "generate_series(1, 40000) g;"
    "CREATE TABLE content_source AS SELECT g AS id, g % 40000 AS content_id, 's3://media/' || g AS "
    "place FROM generate_series(1, 90000) g;"
    "GRANT SELECT, UPDATE ON content, content_source TO oncall; ANALYZE;";

const char kFailed[] =
    "SELECT c.id, c.error, c.created_at, s.place\nFROM content c\nJOIN content_source s ON "
    "s.content_id = c.id\nWHERE c.status = 'FAILED'\nORDER BY c.created_at DESC\nLIMIT 200";

}  // namespace

class TestPostgresPictures : public Desk {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup() { close(); }
    void pictures_data();
    void pictures();

private:
    using Arrange = void (TestPostgresPictures::*)();
    static const QVector<QPair<const char*, Arrange>>& states();
    SqlPane& pane() { return *m_window->findChild<SqlPane*>(); }
    SqlEditor& editor() { return *m_window->findChild<SqlEditor*>(); }
    void run(const QString& sql);
    void topic(int index);
    void reveal(QWidget* tab) {
        auto* tabs = find<QTabWidget>("sqlTabs");
        for (int i = 0; i < tabs->count(); ++i)
            if (tabs->widget(i) == tab || tabs->widget(i)->isAncestorOf(tab))
                tabs->setCurrentIndex(i);
    }

    void rows() { run(QString::fromLatin1(kFailed)); }
    void error();
    void unlocking();
    void unlocked();
    void receipt();
    void history();
    void plan();
    void statements() { topic(2); }
    void tables() { topic(3); }
    void settings() { topic(5); }
    void listening();

    support::PostgresServer m_server{
        {.settings = {u"shared_preload_libraries = 'pg_stat_statements'"_s}}};
    QTemporaryDir m_runbooks;
};

const QVector<QPair<const char*, TestPostgresPictures::Arrange>>& TestPostgresPictures::states() {
    using Test = TestPostgresPictures;
    static const QVector<QPair<const char*, Arrange>> all{
        {"rows", &Test::rows},           {"error", &Test::error},
        {"unlocking", &Test::unlocking}, {"unlocked", &Test::unlocked},
        {"receipt", &Test::receipt},     {"history", &Test::history},
        {"measured", &Test::plan},       {"statements", &Test::statements},
        {"tables", &Test::tables},       {"settings", &Test::settings},
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
    pane().edit(u"primary"_s, sql);
    press("sqlRun");
    QTRY_COMPARE(ran.size(), 1);
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

void TestPostgresPictures::unlocked() {
    unlocking();
    type("sqlConfirmName", u"primary"_s);
    press("sqlConfirmRun");
    QTRY_VERIFY(!find<QWidget>("sqlConfirm")->isVisible());
    m_clock->advance(47s);
    pane().edit(u"primary"_s,
                u"UPDATE content SET status = 'READY'\nWHERE status = 'FAILED' AND "
                "created_at > '2026-01-05'"_s);
    press("sqlRun");
    QTRY_VERIFY(find<QWidget>("sqlConfirm")->isVisible());
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
    unlocking();
    type("sqlConfirmName", u"primary"_s);
    press("sqlConfirmRun");
    QTRY_VERIFY(!find<QWidget>("sqlConfirm")->isVisible());
    QSignalSpy ran(&pane(), &SqlPane::ran);
    press("sqlExplain");
    QTRY_COMPARE(ran.size(), 1);
    press("sqlAnalyze");
    QTRY_COMPARE(ran.size(), 2);
    QVERIFY(find<QLabel>("sqlPlanSummary")->text().startsWith(u"Ran in"_s));
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
        "\"env:TOCSIN_TEST_PASSWORD\", environment: production}\n"_s
            .arg(m_runbooks.path(), m_server.url(u"oncall"_s))
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

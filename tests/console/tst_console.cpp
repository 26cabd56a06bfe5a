#include <QtTest>

#include "console/console.h"

using namespace tocsin;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

/// The console's services on a data folder that does not always answer.
class ConsoleTest : public QObject {
    Q_OBJECT

private slots:
    void aStoreThatCannotBeReadAtTheStartIsReadLater();
};

void ConsoleTest::aStoreThatCannotBeReadAtTheStartIsReadLater() {
    QTemporaryDir folder;
    QFile workspace(folder.filePath(u"tocsin.yaml"_s));
    QVERIFY(workspace.open(QIODevice::WriteOnly));
    workspace.write("workspace: {name: Studio}\n");
    workspace.close();
    TestClock clock;
    auto opened = console::Console::open({folder.path(), folder.filePath(u"data"_s)}, clock);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result().has_value());
    const std::shared_ptr<console::Console> console = *opened.result();

    // Another program has the table in its hands.
    const QString file = store::Database::fileIn(folder.filePath(u"data"_s));
    auto other = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"other"_s);
    other.setDatabaseName(file);
    QVERIFY(other.open());
    QVERIFY(QSqlQuery(other).exec(u"ALTER TABLE incidents RENAME TO taken"_s));
    QSignalSpy failed(&console->journal(), &incidents::Journal::failed);
    console->start();
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(QSqlQuery(other).exec(u"ALTER TABLE taken RENAME TO incidents"_s));

    // What others declare is heard once it has been read.
    auto beside = store::Database::open(file);
    QVERIFY(beside);
    incidents::Journal theirs(**beside, clock);
    incidents::Declaration declaration;
    declaration.title = u"Uploads fail"_s;
    escalation::Engine engine(**beside, theirs, {}, clock);
    const auto declared = engine.declare(declaration);
    QTRY_VERIFY(declared.isFinished());
    QVERIFY(declared.result().has_value());
    const auto heard = [&] {
        clock.advance(500ms);
        return console->journal().open().size() == 1;
    };
    QTRY_VERIFY(heard());
    other.close();
}

QTEST_MAIN(ConsoleTest)
#include "tst_console.moc"

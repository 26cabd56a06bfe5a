// A whole incident as one document: out of one store, into another, and what is refused.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "incidents/archive.h"
#include "incidents/journal.h"
#include "incidents/postmortem.h"
#include "incidents/timeline.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::incidents;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tocsin::test::await;

namespace {

/// One machine: a folder with its store.
struct Machine {
    Machine() {
        database = std::move(*store::Database::open(folder.filePath(u"tocsin.db"_s)));
        journal = std::make_unique<Journal>(*database, clock);
        await(journal->load());
    }
    ~Machine() { journal.reset(); }
    qint64 append(const QString& incident, const QString& kind, const QString& text,
                  const QJsonObject& detail = {}) {
        return await(journal->append(incident, u"ada"_s, kind, text, detail))->seq;
    }
    void declare(const QString& id) {
        append(id, u"declared"_s, u"declared P1"_s,
               {{u"title"_s, u"Pool full"_s}, {u"severity"_s, u"P1"_s}});
    }
    QByteArray exported(const QString& id) {
        return *await(exportIncident(*database, id, u"json"_s, clock.now()));
    }
    QString file(const QByteArray& content) {
        const QString path = folder.filePath(u"incident.json"_s);
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
            qFatal("no file %s", qPrintable(path));
        return path;
    }

    QTemporaryDir folder;
    TestClock clock;
    std::unique_ptr<store::Database> database;
    std::unique_ptr<Journal> journal;
};

void sendOne(Machine& machine, const QString& incident) {
    Message message;
    message.event = incident + u"/page/1"_s;
    message.text = u"Pool full"_s;
    auto done =
        await(machine.database->write<delivery::Entry>([=, &machine](store::Transaction& tx) {
            return delivery::Ledger::intend(tx, incident, u"incidents"_s, message,
                                            machine.clock.now());
        }));
    QVERIFY(done);
}

QByteArray changed(const QByteArray& json, const std::function<void(QJsonObject&)>& change) {
    QJsonObject root = QJsonDocument::fromJson(json).object();
    change(root);
    return QJsonDocument(root).toJson();
}

void changeFirst(QJsonObject& root, const QString& list, const QString& key,
                 const QJsonValue& value) {
    QJsonArray all = root[list].toArray();
    QJsonObject first = all.first().toObject();
    first[key] = value;
    all[0] = first;
    root[list] = all;
}

}  // namespace

class ArchiveTest : public QObject {
    Q_OBJECT
private slots:
    void opensOnAnotherMachine();
    void whatWasOpenIsACopy();
    void theSameIsNotImportedTwice();
    void theConsoleDoesNotActOnIt();
    void refusals_data();
    void refusals();
    void aDamagedFileWritesNothing();
    void theCorpusReads();
};

void ArchiveTest::opensOnAnotherMachine() {
    Machine here, there;
    there.clock.advance(1h);
    there.declare(u"INC-1"_s);
    here.declare(u"INC-1"_s);
    const qint64 wrong = here.append(u"INC-1"_s, u"note"_s, u"pool at 79"_s);
    await(here.journal->correct(u"INC-1"_s, u"ben"_s, wrong, u"pool at 97"_s));
    const auto kept = here.journal->files().keep("graph", u"graph.txt"_s);
    QVERIFY(kept);
    here.append(u"INC-1"_s, u"file"_s, u"kept graph.txt"_s, {{u"file"_s, kept->toJson()}});
    sendOne(here, u"INC-1"_s);
    here.clock.advance(90s);
    here.append(u"INC-1"_s, u"acknowledged"_s, u"acknowledged"_s);
    here.append(u"INC-1"_s, u"resolved"_s, u"resolved"_s, {{u"fix"_s, u"restarted"_s}});
    there.clock.advance(24h);

    const auto record =
        await(there.journal->import(there.file(here.exported(u"INC-1"_s)), u"eva"_s));
    QVERIFY2(record.has_value(), record ? "" : qPrintable(record.error().message));
    QCOMPARE(record->incident.id, u"INC-2"_s);
    QCOMPARE(record->incident.importedFrom, u"INC-1"_s);
    QCOMPARE(record->incident.fix, u"restarted"_s);
    QCOMPARE(*timeToAcknowledge(record->incident), std::chrono::milliseconds(90s));
    const auto read = await(there.database->read<Record>(
        [](store::Transaction& tx) { return recordOf(tx, u"INC-2"_s); }));
    QCOMPARE(read->events.size(), 7);
    QCOMPARE(correctionsOf(read->events).value(read->events[1].seq).text, u"pool at 97"_s);
    QCOMPARE(*there.journal->files().read(kept->sha256), QByteArray("graph"));
    // Nothing of it may ever be sent from here.
    QCOMPARE(read->messages.size(), 1);
    QCOMPARE(read->messages.first().state, delivery::EntryState::Cancelled);
    const auto unfinished = await(there.database->read<QVector<delivery::Entry>>(
        [](store::Transaction& tx) { return delivery::Ledger::unfinished(tx); }));
    QVERIFY(unfinished->isEmpty());
    // And out again, as it is here.
    QVERIFY(readArchive(there.exported(u"INC-2"_s)));
}

void ArchiveTest::whatWasOpenIsACopy() {
    Machine here, there;
    here.declare(u"INC-1"_s);
    const auto record =
        await(there.journal->import(there.file(here.exported(u"INC-1"_s)), u"eva"_s));
    QVERIFY(record);
    QVERIFY(!record->incident.isOpen());
    QVERIFY(record->incident.importedOpen);
    QVERIFY(there.journal->open().isEmpty());
    QVERIFY(record->events.last().text.contains(u"still open there"_s));
}

void ArchiveTest::theSameIsNotImportedTwice() {
    Machine here, there;
    here.declare(u"INC-1"_s);
    const QByteArray json = here.exported(u"INC-1"_s);
    QVERIFY(await(there.journal->import(there.file(json), u"eva"_s)));
    const auto again = await(there.journal->import(there.file(json), u"eva"_s));
    QVERIFY(!again);
    QVERIFY2(again.error().message.contains(u"here already, as INC-1"_s),
             qPrintable(again.error().message));
    QVERIFY(!await(here.journal->import(here.file(json), u"eva"_s)));
}

void ArchiveTest::theConsoleDoesNotActOnIt() {
    Machine here, there;
    here.declare(u"INC-1"_s);
    here.append(u"INC-1"_s, u"note"_s, u"a"_s);
    const QByteArray json = here.exported(u"INC-1"_s);
    // Another process imports; the journal here notices it, and announces only the import.
    there.clock.advance(1h);
    auto other = std::move(*store::Database::open(there.folder.filePath(u"tocsin.db"_s)));
    QSignalSpy appended(there.journal.get(), &Journal::eventAppended);
    QVERIFY(await(importIncident(*other, there.file(json), u"eva"_s, there.clock.now())));
    QTRY_VERIFY((there.clock.advance(1s), !appended.isEmpty()));
    QCOMPARE(appended.size(), 1);
    QCOMPARE(appended.first().first().value<Event>().kind, u"imported"_s);
}

void ArchiveTest::refusals_data() {
    QTest::addColumn<QString>("list");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* name, const char* list, const char* key,
                        const QJsonValue& value, const char* said) {
        QTest::newRow(name) << QString::fromLatin1(list) << QString::fromLatin1(key) << value
                            << QString::fromUtf8(said);
    };
    row("no format", "", "format", u"x"_s, "not an exported incident");
    row("newer", "", "version", 99, "newer Tocsin");
    row("no timeline", "", "timeline", 7, "timeline must be a list");
    row("empty timeline", "", "timeline", QJsonArray(), "timeline[0].kind must be declared");
    row("no export time", "", "exported_at", u"soon"_s, "exported_at must be a time");
    row("bad id", "", "incident", QJsonObject{{u"id"_s, u"x/../y"_s}}, "incident.id must be");
    row("bad time", "timeline", "at", u"2026-13-01"_s, "timeline[0].at must be a time");
    row("year", "timeline", "at", u"9999-01-01T00:00:00Z"_s, "timeline[0].at must be a time");
    row("bad kind", "timeline", "kind", u"Drop Table"_s, "timeline[0].kind must be one word");
    row("text", "timeline", "text", 5, "timeline[0].text must be text");
    row("detail", "timeline", "detail", u"x"_s, "timeline[0].detail must be an object");
    row("long actor", "timeline", "actor", QString(300, u'x'), "at most 200 characters");
    row("state", "messages", "state", u"flying"_s, "messages[0].state must be a state");
    row("hash", "files", "sha256", u"00"_s, "files[0].sha256 must be the SHA-256");
    row("base64", "files", "content", u"*"_s, "files[0].content must be base64");
}

void ArchiveTest::refusals() {
    QFETCH(QString, list);
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QFETCH(QString, said);
    QFile file(QFINDTESTDATA("../fuzz/corpus/archive/whole.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto wrong = readArchive(changed(file.readAll(), [&](QJsonObject& root) {
        if (list.isEmpty())
            root[key] = value;
        else
            changeFirst(root, list, key, value);
    }));
    QVERIFY(!wrong);
    QVERIFY2(wrong.error().message.contains(said), qPrintable(wrong.error().message));
}

void ArchiveTest::aDamagedFileWritesNothing() {
    Machine there;
    const auto cut =
        await(there.journal->import(there.file("{\"format\": \"tocsin-inc"), u"eva"_s));
    QVERIFY(!cut);
    QVERIFY2(cut.error().message.contains(u"not JSON"_s), qPrintable(cut.error().message));
    QVERIFY(!await(there.journal->import(u"/nowhere/x.json"_s, u"eva"_s)));
    QVERIFY(there.journal->open().isEmpty() && there.journal->recent().isEmpty());
}

void ArchiveTest::theCorpusReads() {
    const QDir corpus(QFINDTESTDATA("../fuzz/corpus/archive"));
    const auto names = corpus.entryList(QDir::Files);
    QVERIFY(!names.isEmpty());
    for (const QString& name : names) {
        QFile file(corpus.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        QVERIFY2(readArchive(whole).has_value(), qPrintable(name));
        // Cut anywhere it is refused, never half read.
        for (qsizetype size = 0; size < whole.trimmed().size(); size += 13)
            QVERIFY(!readArchive(whole.left(size)));
    }
}

QTEST_GUILESS_MAIN(ArchiveTest)
#include "tst_archive.moc"

// The timeline as the store gives it: by index, corrected, with files and compared answers.
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include "incidents/difference.h"
#include "incidents/journal.h"
#include "incidents/pins.h"
#include "sdk/secret.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::incidents;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tocsin::test::await;

class TimelineTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void theIndexFilters_data();
    void theIndexFilters();
    void linesSayWhatTheEventsSay();
    void aCorrectionPointsAtTheOldEvent();
    void correctionsAreRefused_data();
    void correctionsAreRefused();
    void filesAreKeptOnce();
    void anAlteredFileIsFoundOut();
    void tooLargeIsRefused();
    void noSecretIsRecorded();
    void differences_data();
    void differences();
    void pinsAreKept();
    void theEarlierAnswerIsFound();

private:
    Event append(const QString& kind, const QString& text, const QString& by = u"ada"_s,
                 const QJsonObject& detail = {}) {
        return *await(m_journal->append(u"INC-1"_s, by, kind, text, detail));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<Journal> m_journal;
};

void TimelineTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_journal = std::make_unique<Journal>(*m_db, *m_clock);
    QVERIFY(await(m_journal->load()));
    append(u"declared"_s, u"declared P1"_s);
}

void TimelineTest::cleanup() {
    m_journal.reset();
    m_db.reset();
}

void TimelineTest::theIndexFilters_data() {
    QTest::addColumn<TimelineFilter>("filter");
    QTest::addColumn<int>("rows");
    QTest::newRow("everything") << TimelineFilter{} << 4;
    QTest::newRow("kind") << TimelineFilter{{}, {u"note"_s}, {}} << 2;
    QTest::newRow("actor") << TimelineFilter{{}, {}, {u"ben"_s}} << 1;
    QTest::newRow("text, other case") << TimelineFilter{u"POOL"_s, {}, {}} << 2;
    QTest::newRow("text and kind") << TimelineFilter{u"pool"_s, {u"query"_s}, {}} << 1;
    QTest::newRow("a percent sign is one") << TimelineFilter{u"97 %"_s, {}, {}} << 1;
    QTest::newRow("nothing") << TimelineFilter{u"_"_s, {}, {}} << 0;
}

void TimelineTest::theIndexFilters() {
    QFETCH(TimelineFilter, filter);
    QFETCH(int, rows);
    const QVector<Event> events{
        append(u"note"_s, u"pool at 97 %"_s), append(u"note"_s, u"calm"_s, u"ben"_s),
        append(u"query"_s, u"ran the pool's size"_s, u"ada"_s, {{u"rows"_s, QJsonArray()}})};
    const auto index = await(m_journal->timelineIndex(u"INC-1"_s, filter));
    QVERIFY(index);
    QCOMPARE(index->seqs.size(), rows);
    QCOMPARE(index->total, 4);
    QCOMPARE(index->actors, (QStringList{u"ada"_s, u"ben"_s}));
    QVERIFY(std::is_sorted(index->seqs.crbegin(), index->seqs.crend()));
    // What the window decides about a new event is what the store would have said.
    for (const Event& event : events)
        QCOMPARE(filter.matches(event), index->seqs.contains(event.seq));
}

void TimelineTest::linesSayWhatTheEventsSay() {
    const Event run = append(u"query"_s, u"ran"_s, u"ada"_s, {{u"rows"_s, QJsonArray()}});
    const Event note = append(u"note"_s, u"seen"_s);
    const auto lines = await(m_journal->timelineLines({run.seq, note.seq, 999}));
    QCOMPARE(lines->size(), 2);
    QCOMPARE(lines->at(0).text, u"ran"_s);
    QVERIFY(lines->at(0).hasEvidence);
    QVERIFY(!lines->at(1).hasEvidence);
    QCOMPARE(lines->at(0).at, run.at);
}

void TimelineTest::aCorrectionPointsAtTheOldEvent() {
    const Event wrong = append(u"note"_s, u"pool at 79"_s);
    const auto right = await(m_journal->correct(u"INC-1"_s, u"ben"_s, wrong.seq, u"pool at 97"_s));
    QVERIFY(right);
    QCOMPARE(right->detail[u"was"_s].toString(), u"pool at 79"_s);
    const auto index = await(m_journal->timelineIndex(u"INC-1"_s));
    QCOMPARE(index->seqs.size(), 3);  // both are kept
    QCOMPARE(index->corrections.size(), 1);
    QCOMPARE(index->corrections.first().corrects, wrong.seq);
    QCOMPARE(index->corrections.first().text, u"pool at 97"_s);
    QCOMPARE(await(m_journal->eventAt(wrong.seq))->text, u"pool at 79"_s);
    const auto lines = await(m_journal->timelineLines({right->seq}));
    QCOMPARE(lines->first().corrects, wrong.seq);
}

void TimelineTest::correctionsAreRefused_data() {
    QTest::addColumn<QString>("incident");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing said") << u"INC-1"_s << u"  "_s;
    QTest::newRow("the same") << u"INC-1"_s << u"as it is"_s;
    QTest::newRow("another incident's") << u"INC-2"_s << u"new"_s;
}

void TimelineTest::correctionsAreRefused() {
    QFETCH(QString, incident);
    QFETCH(QString, text);
    const Event event = append(u"note"_s, u"as it is"_s);
    const auto refused = await(m_journal->correct(incident, u"ada"_s, event.seq, text));
    QVERIFY(!refused);
    QVERIFY(refused.error().message.endsWith(u'.'));
    QCOMPARE(await(m_journal->timelineIndex(u"INC-1"_s))->total, 2);
}

void TimelineTest::filesAreKeptOnce() {
    const EvidenceFiles files = m_journal->files();
    const auto kept = files.keep("graph", u"/tmp/up/gra\nph.txt"_s);
    QVERIFY(kept);
    QCOMPARE(kept->name, u"gra ph.txt"_s);
    QCOMPARE(files.keep("graph", u"other.txt"_s)->sha256, kept->sha256);
    QCOMPARE(*files.read(kept->sha256), "graph");
    QCOMPARE(KeptFile::fromJson(kept->toJson()).bytes, 5);
    QVERIFY(!files.read(u"../../etc/passwd"_s));
    QVERIFY(!files.keepFile(m_folder->path()));
}

void TimelineTest::anAlteredFileIsFoundOut() {
    const EvidenceFiles files = m_journal->files();
    const QString sha = files.keep("true", u"a"_s)->sha256;
    QFile file(m_folder->filePath(u"evidence/%1/%2"_s.arg(sha.left(2), sha)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("fake");
    file.close();
    const auto read = files.read(sha);
    QVERIFY(!read);
    QVERIFY(read.error().message.contains(u"altered"_s));
}

void TimelineTest::tooLargeIsRefused() {
    const auto kept =
        m_journal->files().keep(QByteArray(EvidenceFiles::kLargest + 1, 'x'), u"core"_s);
    QVERIFY(!kept);
    QCOMPARE(kept.error().code, ErrorCode::TooLarge);
}

void TimelineTest::noSecretIsRecorded() {
    const Secret secret(u"hunter2-hunter2"_s);
    const Event event =
        append(u"query"_s, u"used hunter2-hunter2"_s, u"ada"_s,
               {{u"rows"_s, QJsonArray{QJsonArray{u"hunter2-hunter2"_s}}},
                {u"receipt"_s, QJsonObject{{u"statement"_s, u"SELECT 'hunter2-hunter2'"_s}}}});
    const auto stored = await(m_journal->eventAt(event.seq));
    QVERIFY(!stored->text.contains(u"hunter2"_s));
    QVERIFY(!QJsonDocument(stored->detail).toJson().contains("hunter2"));
}

void TimelineTest::differences_data() {
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("summary");
    QTest::newRow("same") << u"[[\"1\",\"a\"]]"_s << u"[[\"1\",\"a\"]]"_s << u"the same 1 row"_s;
    QTest::newRow("both empty") << u"[]"_s << u"[]"_s << u"both empty"_s;
    QTest::newRow("all three") << u"[[\"1\",\"a\"],[\"2\",\"b\"]]"_s
                               << u"[[\"2\",\"c\"],[\"3\",\"d\"]]"_s
                               << u"1 row added, 1 row removed, 1 row changed"_s;
    QTest::newRow("NULL is a value")
        << u"[[\"1\",null]]"_s << u"[[\"1\",\"null\"]]"_s << u"1 row changed"_s;
    QTest::newRow("moved rows are the same")
        << u"[[\"1\",\"a\"],[\"2\",\"b\"]]"_s << u"[[\"2\",\"b\"],[\"1\",\"a\"]]"_s
        << u"the same 2 rows"_s;
    QTest::newRow("doubled rows are counted")
        << u"[[\"1\",\"a\"],[\"1\",\"a\"]]"_s << u"[[\"1\",\"a\"]]"_s << u"1 row removed"_s;
}

void TimelineTest::differences() {
    QFETCH(QString, before);
    QFETCH(QString, after);
    const auto result = [](const QString& rows) {
        return QJsonObject{{u"columns"_s, QJsonArray{u"id"_s, u"state"_s}},
                           {u"rows"_s, QJsonDocument::fromJson(rows.toUtf8()).array()}};
    };
    QTEST(differenceOf(result(before), result(after)).summary(), "summary");
    QVERIFY(!differenceOf({{u"columns"_s, QJsonArray{u"x"_s}}}, result(after)).isComparable);
}

void TimelineTest::pinsAreKept() {
    const Pin wanted{0,         u"primary"_s, u"postgres"_s, u"SELECT 1"_s,
                     {u"id"_s}, u"ada"_s,     m_clock->now()};
    const auto add = [&] {
        return await(m_db->write<Pin>([&](store::Transaction& tx) { return addPin(tx, wanted); }));
    };
    const auto added = add();
    QVERIFY(added);
    QVERIFY(!add());  // pinned already
    const auto all = await(m_db->read<QVector<Pin>>(pinsIn));
    QCOMPARE(all->size(), 1);
    QCOMPARE(all->first().keys, QStringList{u"id"_s});
    QVERIFY(
        await(m_db->write<void>([&](store::Transaction& tx) { return removePin(tx, added->id); })));
    QCOMPARE(await(m_db->read<QVector<Pin>>(pinsIn))->size(), 0);
}

void TimelineTest::theEarlierAnswerIsFound() {
    const auto capture = [this](const QString& statement, const QString& error = {}) {
        QJsonObject detail{{u"connection"_s, u"primary"_s}, {u"statement"_s, statement}};
        if (!error.isEmpty()) detail[u"error"_s] = error;
        return append(u"captured"_s, statement, u"Tocsin"_s, detail);
    };
    const Event first = capture(u"SELECT 1"_s);
    capture(u"SELECT 2"_s);
    capture(u"SELECT 1"_s, u"timeout"_s);  // no answer: nothing to compare with
    const Event last = capture(u"SELECT 1"_s);
    QCOMPARE((*await(m_journal->captureBefore(last)))->seq, first.seq);
    QVERIFY(!await(m_journal->captureBefore(first))->has_value());
}

QTEST_GUILESS_MAIN(TimelineTest)
#include "tst_timeline.moc"

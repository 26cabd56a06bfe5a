// What is pinned is asked at the declaration, around each change and at the resolution.
#include <QJsonArray>
#include <QPromise>
#include <QTemporaryDir>
#include <QTest>

#include "incidents/capturer.h"
#include "incidents/events.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::incidents;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using inspection::Connection;
using tocsin::test::await;

namespace {

/// Answers when it is let, and remembers the order in which it was asked.
class PatientEngine : public QueryEngine {
public:
    QFuture<Result<ServerIdentity>> open() override {
        return QtFuture::makeReadyFuture(Result<ServerIdentity>(ServerIdentity{}));
    }
    void close() override {}
    QFuture<Verdict> judge(const QString&) override { return {}; }
    QFuture<Result<QueryResult>> run(const Query& query) override {
        asked << query.text;
        auto promise = std::make_shared<QPromise<Result<QueryResult>>>();
        promise->start();
        m_waiting << promise;
        if (!patient) letGo();
        return promise->future();
    }
    void cancel() override {}
    EngineState state() const override { return EngineState::Ready; }

    void letGo() {
        for (const auto& promise : std::exchange(m_waiting, {})) {
            promise->addResult(unreachable ? Result<QueryResult>(fail(ErrorCode::Network,
                                                                      u"primary is not there."_s))
                                           : Result<QueryResult>(QueryResult{}));
            promise->finish();
        }
    }

    QStringList asked;
    bool patient = false, unreachable = false;

private:
    QVector<std::shared_ptr<QPromise<Result<QueryResult>>>> m_waiting;
};

/// One console: journal, connections and what captures, on a store that others may share.
struct Desk {
    explicit Desk(const QString& file) : db(std::move(*store::Database::open(file))) {
        for (const QString& name : {u"primary"_s, u"cache"_s}) {
            auto made = std::make_unique<PatientEngine>();
            engines.insert(name, made.get());
            inspection::ConnectionInfo info;
            info.name = name;
            connections.push_back(
                std::make_unique<Connection>(info, std::move(made), Error{}, clock));
        }
        capturer = std::make_unique<Capturer>(*db, journal, clock, all());
    }
    QVector<Connection*> all() const {
        QVector<Connection*> out;
        for (const auto& one : connections)
            out << one.get();
        return out;
    }
    Connection& primary() { return *connections[0]; }

    TestClock clock;
    std::unique_ptr<store::Database> db;
    Journal journal{*db, clock};
    QHash<QString, PatientEngine*> engines;
    std::vector<std::unique_ptr<Connection>> connections;
    std::unique_ptr<Capturer> capturer;
};

}  // namespace

class CapturerTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup() {
        m_other.reset();
        m_desk.reset();
    }
    void asksAtTheDeclarationAndAtTheResolution();
    void asksAroundEachChange();
    void aHeldChangeEndsWhenItIsDecided();
    void whatCameLateSaysSo();
    void anUnreachableServerIsSaid();
    void twoConsolesCaptureOnce();

private:
    void pin(const QString& connection, const QString& statement);
    void happen(const QString& kind);
    QVector<Event> captures();
    QStringList moments();

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Desk> m_desk, m_other;
};

void CapturerTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_desk = std::make_unique<Desk>(m_folder->filePath(u"tocsin.db"_s));
    QVERIFY(await(m_desk->journal.load()));
}

void CapturerTest::pin(const QString& connection, const QString& statement) {
    Pin wanted;
    wanted.connection = connection;
    wanted.statement = statement;
    QVERIFY(await(m_desk->capturer->pin(wanted)));
}

void CapturerTest::happen(const QString& kind) {
    QJsonObject detail;
    if (kind == u"declared") detail = {{u"title"_s, u"Uploads fail"_s}, {u"priority"_s, u"P1"_s}};
    QVERIFY(await(m_desk->journal.append(u"INC-1"_s, u"ada"_s, kind, kind, detail)));
}

QVector<Event> CapturerTest::captures() {
    return await(m_desk->db->read<QVector<Event>>([](store::Transaction& tx) {
               return eventsWith(tx, u"kind = 'captured'"_s, {});
           }))
        .value_or(QVector<Event>());
}

QStringList CapturerTest::moments() {
    QStringList out;
    for (const Event& event : captures())
        out << event.detail[u"moment"_s].toString();
    return out;
}

void CapturerTest::asksAtTheDeclarationAndAtTheResolution() {
    pin(u"primary"_s, u"SELECT 1"_s);
    pin(u"cache"_s, u"LLEN jobs"_s);
    QCOMPARE(captures().size(), 0);  // nothing is open yet
    happen(u"declared"_s);
    QTRY_COMPARE(moments(), (QStringList{u"at declaration"_s, u"at declaration"_s}));
    happen(u"resolved"_s);
    QTRY_COMPARE(moments().size(), 4);
    QCOMPARE(moments().mid(2), (QStringList{u"at resolution"_s, u"at resolution"_s}));
    QCOMPARE(captures().last().incident, u"INC-1"_s);
}

void CapturerTest::asksAroundEachChange() {
    pin(u"primary"_s, u"SELECT 1"_s);
    happen(u"declared"_s);
    QTRY_COMPARE(moments().size(), 1);
    PatientEngine* engine = m_desk->engines[u"primary"_s];
    engine->asked.clear();
    QVERIFY(m_desk->primary().unlock(u"end the blocker"_s, 1min));
    QVERIFY(await(m_desk->primary().run(u"UPDATE jobs SET done = true"_s)));
    QTRY_COMPARE(moments().size(), 3);
    QCOMPARE(moments().at(1), u"before “UPDATE jobs SET done = true”"_s);
    QCOMPARE(moments().at(2), u"after the change"_s);
    QCOMPARE(engine->asked,
             (QStringList{u"SELECT 1"_s, u"UPDATE jobs SET done = true"_s, u"SELECT 1"_s}));
}

void CapturerTest::aHeldChangeEndsWhenItIsDecided() {
    pin(u"cache"_s, u"LLEN jobs"_s);
    happen(u"declared"_s);
    QTRY_COMPARE(moments().size(), 1);
    emit m_desk->primary().changeAsked(u"DELETE FROM jobs"_s);
    QTRY_COMPARE(moments().size(), 2);
    QCOMPARE(moments().last(), u"before “DELETE FROM jobs”"_s);
    emit m_desk->primary().changeEnded({});
    QTRY_COMPARE(moments().size(), 3);
    QCOMPARE(moments().last(), u"after the change"_s);
}

void CapturerTest::whatCameLateSaysSo() {
    pin(u"cache"_s, u"LLEN jobs"_s);
    happen(u"declared"_s);
    QTRY_COMPARE(moments().size(), 1);
    m_desk->engines[u"cache"_s]->patient = true;
    QVERIFY(m_desk->primary().unlock(u"end the blocker"_s, 1min));
    QVERIFY(await(m_desk->primary().run(u"UPDATE jobs SET done = true"_s)));
    m_desk->engines[u"cache"_s]->patient = false;
    m_desk->engines[u"cache"_s]->letGo();
    QTRY_COMPARE(moments().size(), 3);
    QCOMPARE(moments().at(1), u"before “UPDATE jobs SET done = true”, answered only after it"_s);
    QVERIFY(captures().at(1).detail[u"late"_s].toBool());
    QCOMPARE(moments().at(2), u"after the change"_s);
    QVERIFY(!captures().at(2).detail.contains(u"late"_s));
}

void CapturerTest::anUnreachableServerIsSaid() {
    pin(u"primary"_s, u"SELECT 1"_s);
    m_desk->engines[u"primary"_s]->unreachable = true;
    happen(u"declared"_s);
    QTRY_COMPARE(captures().size(), 1);
    QCOMPARE(captures().first().detail[u"error"_s].toString(), u"network"_s);
    QVERIFY(captures().first().text.contains(u"primary is not there."_s));
}

void CapturerTest::twoConsolesCaptureOnce() {
    pin(u"primary"_s, u"SELECT 1"_s);
    m_other = std::make_unique<Desk>(m_folder->filePath(u"tocsin.db"_s));
    QVERIFY(await(m_other->journal.load()));
    QTRY_COMPARE(m_other->capturer->pins().size(), 1);
    happen(u"declared"_s);
    // The other console hears of it, and asks too.
    QTRY_VERIFY((m_other->clock.advance(1s), m_other->engines[u"primary"_s]->asked.size() == 1));
    m_other->db->drain();
    QTRY_COMPARE(captures().size(), 1);
    happen(u"resolved"_s);
    QTRY_VERIFY((m_other->clock.advance(1s), m_other->engines[u"primary"_s]->asked.size() == 2));
    m_other->db->drain();
    QTRY_COMPARE(captures().size(), 2);
    QCOMPARE(moments(), (QStringList{u"at declaration"_s, u"at resolution"_s}));
}

QTEST_MAIN(CapturerTest)
#include "tst_capturer.moc"

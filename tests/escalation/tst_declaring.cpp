// What a declaration and the passing of time page.
#include <QSignalSpy>

#include "tests/escalation/enginerig.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::StringLiterals;

class DeclaringTest : public EngineRig {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { close(); }
    void declaringPagesTheStartLevel();
    void anIncidentNeedsATitle();
    void levelsFireAtTheirTime();
    void anOutageOfTheConsoleIsMadeUpFor();
    void twoProcessesShareOneStore();
};

void DeclaringTest::declaringPagesTheStartLevel() {
    const QString id = declare(Priority::P1);
    QCOMPARE(id, u"INC-1"_s);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-2"_s});
    QCOMPARE(m_channel->arrived.first().mentions, QStringList{u"on-call-secondary"_s});
    QCOMPARE(m_channel->arrived.first().embeds.size(), 1);
    QCOMPARE(state(id, 1), RungState::Skipped);
    QCOMPARE(state(id, 2), RungState::Delivered);
    QCOMPARE(state(id, 3), RungState::Waiting);
    QCOMPARE(kinds(id), QStringList({u"declared"_s, u"paged"_s, u"delivered"_s}));
    QCOMPARE(m_journal->open().size(), 1);
    QCOMPARE(m_journal->find(id)->channel, u"incidents"_s);
    QCOMPARE(declare(Priority::P2), u"INC-2"_s);
}

void DeclaringTest::anIncidentNeedsATitle() {
    QSignalSpy failed(m_engine.get(), &Engine::failed);
    incidents::Declaration said = declaration(Priority::P1);
    said.title = u"  "_s;
    QVERIFY(!await(m_engine->declare(said)));
    QCOMPARE(failed.size(), 1);
    QVERIFY(m_journal->open().isEmpty());
}

void DeclaringTest::levelsFireAtTheirTime() {
    const QString id = declare(Priority::P2);
    advance(14min);
    QCOMPARE(m_channel->arrived.size(), 1);
    advance(1min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-2"_s);
    advance(15min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3"_s);
    advance(15min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3/again-2"_s);
    QVERIFY(!m_channel->arrived.last().text.contains(u"late"_s));
    QCOMPARE(state(id, 3), RungState::Delivered);
}

void DeclaringTest::anOutageOfTheConsoleIsMadeUpFor() {
    const QString id = declare(Priority::P2);
    close();
    m_clock->advance(27min);
    open();
    QCOMPARE(arrived(), QStringList{u"INC-1/level-2"_s});
    QVERIFY2(m_channel->arrived.first().text.contains(u"late by 12 min"_s),
             qPrintable(m_channel->arrived.first().text));
    QVERIFY(m_engine->ladder(id).rungs.at(1).note.startsWith(u"late by 12 min"_s));
    advance(3min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3"_s);
}

void DeclaringTest::twoProcessesShareOneStore() {
    // The second one stands for a command that runs beside the console.
    const auto db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    incidents::Journal journal(*db, *m_clock);
    Engine other(*db, journal, threeLevels(), *m_clock);
    QVERIFY(await(journal.load()));
    QVERIFY(await(other.follow()));
    const QString id = await(other.declare(declaration(Priority::P1))).value();
    const auto passes = [this](const std::function<bool()>& holds) {
        m_clock->advance(500ms);
        m_db->drain();
        QCoreApplication::processEvents();
        return holds();
    };
    QTRY_VERIFY(passes([&] { return state(id, 2) == RungState::Delivered; }));
    QTRY_VERIFY(passes([&] { return m_journal->find(id) != nullptr; }));
    QCOMPARE(arrived(), QStringList{u"INC-1/level-2"_s});
    QTRY_VERIFY(passes([&] { return other.ladder(id).rungs.at(1).state == RungState::Delivered; }));
    QVERIFY(await(other.resolve(id, u"ben"_s, {})));
    QTRY_VERIFY(passes([&] { return m_engine->ladder(id).closed; }));
    QTRY_VERIFY(passes([&] { return m_journal->open().isEmpty(); }));
    QTRY_COMPARE(arrived(), QStringList({u"INC-1/level-2"_s, u"INC-1/resolved"_s}));
}

QTEST_GUILESS_MAIN(DeclaringTest)
#include "tst_declaring.moc"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "announcements/cards.h"
#include "tests/announcements/recordingnotifier.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::announcements;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using incidents::Phase;
using incidents::Priority;
using tocsin::test::await;
using tocsin::test::StubNotifier;

namespace {

escalation::Policy cardPolicy() {
    escalation::Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary on-call"_s, 0min, u"on-call-primary"_s, {}, {}},
                     {u"Secondary on-call"_s, 15min, u"on-call-secondary"_s, {}, {}},
                     {u"Engineering lead"_s, 30min, u"on-call-team"_s, {}, {}}};
    policy.start = {{u"P1"_s, 2}};
    policy.ownCard = true;
    return policy;
}

}  // namespace

class CardsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup() { close(); }
    void declaringPostsThePageThenTheCard();
    void theDeclarationWritesTheCardInItsOwnTransaction();
    void changesAreFoldedIntoOneEdit();
    void theCardSaysWhatIsTrue();
    void resolvingFinishesTheCard();
    void aRestartEditsTheSamePost();
    void whatChangedWhileNobodyKeptItIsMadeUpFor();
    void aCardThatCouldNotBeDeliveredIsPostedAnew();
    void editsThatDidNotLeaveAreFolded();
    void editsStayOffTheTimeline();
    void onlyWhoOwnsTheEngineKeepsCards();
    void textFromOutsideIsHarmless_data();
    void textFromOutsideIsHarmless();
    void aWorkspaceWordsItsCard();
    void theNextUpdateComesInTheRhythmOfTheSeverity();

private:
    void open(bool owns = true);
    void close();
    QString declare(Priority priority = Priority::P1);
    void settle();
    void advance(std::chrono::milliseconds by);
    /// Posts and edits of the card, in order.
    QVector<Message> cards() const;
    Embed last() const { return cards().last().embeds.value(0); }
    QString field(const QString& name) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<incidents::Journal> m_journal;
    std::unique_ptr<delivery::Dispatcher> m_dispatcher;
    std::unique_ptr<escalation::Engine> m_engine;
    std::unique_ptr<Cards> m_cards;
    QVector<StubNotifier::Answer> m_script;
    StubNotifier* m_channel = nullptr;  // owned by the dispatcher
};

void CardsTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    m_script.clear();
    open();
}

void CardsTest::open(bool owns) {
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_journal = std::make_unique<incidents::Journal>(*m_db, *m_clock);
    m_dispatcher = std::make_unique<delivery::Dispatcher>(*m_db, *m_clock);
    m_engine = std::make_unique<escalation::Engine>(*m_db, *m_journal, cardPolicy(), *m_clock);
    m_cards = std::make_unique<Cards>(*m_db, *m_journal, *m_engine, *m_clock);
    auto channel = std::make_unique<test::RecordingNotifier>();
    m_channel = channel.get();
    m_channel->script = m_script;
    m_dispatcher->addChannel(u"incidents"_s, std::move(channel));
    m_engine->attach(*m_dispatcher);
    connect(m_cards.get(), &Cards::intentsWritten, m_dispatcher.get(), &delivery::Dispatcher::wake);
    QVERIFY(await(m_journal->load()));
    if (owns) {
        QVERIFY(await(m_dispatcher->start()));
        QVERIFY(await(m_engine->start()));
        m_cards->start();
    } else {
        QVERIFY(await(m_engine->follow()));
    }
    settle();
}

void CardsTest::close() {
    m_cards.reset();
    m_engine.reset();
    m_dispatcher.reset();
    m_journal.reset();
    m_db.reset();
}

QString CardsTest::declare(Priority priority) {
    incidents::Declaration said;
    said.title = u"Database connections exhausted"_s;
    said.priority = priority;
    said.commander = u"commander"_s;
    said.keys = QStringList{u"database_connections"_s};
    const auto id = await(m_engine->declare(said));
    settle();
    return id.value_or(QString());
}

void CardsTest::settle() {
    for (int quiet = 0; quiet < 4; ++quiet) {
        m_db->drain();
        QCoreApplication::processEvents();
        m_clock->advance(m_dispatcher->isBusy() ? 100ms : 1ms);
        if (m_dispatcher->isBusy()) quiet = 0;
    }
}

void CardsTest::advance(std::chrono::milliseconds by) {
    // In steps, so that what is scheduled meanwhile happens in its time.
    const auto step = by > 1min ? by / 60 : std::chrono::milliseconds(1s);
    for (; by > 0s; by -= step) {
        m_clock->advance(std::min(by, step));
        m_db->drain();
        QCoreApplication::processEvents();
    }
    settle();
}

QVector<Message> CardsTest::cards() const {
    QVector<Message> out;
    for (const Message& message : m_channel->arrived)
        if (message.event.contains(u"/card"_s)) out.append(message);
    return out;
}

QString CardsTest::field(const QString& name) const {
    for (const EmbedField& one : last().fields)
        if (one.name == name) return one.value;
    return {};
}

void CardsTest::declaringPostsThePageThenTheCard() {
    declare();
    QCOMPARE(m_channel->arrived.size(), 2);
    QCOMPARE(m_channel->arrived.at(0).event, u"INC-1/level-2"_s);
    QVERIFY(m_channel->arrived.at(0).embeds.isEmpty());
    QCOMPARE(m_channel->arrived.at(1).event, u"INC-1/card"_s);
    QCOMPARE(last().title, u"INC-1 · P1 Database connections exhausted"_s);
    QVERIFY(cards().first().mentions.isEmpty());
    QVERIFY(cards().first().silent);
}

void CardsTest::theDeclarationWritesTheCardInItsOwnTransaction() {
    // Nothing runs but the declaration itself.
    close();
    open(false);
    incidents::Declaration said;
    said.title = u"x"_s;
    const auto id = await(m_engine->declare(said));
    QVERIFY(id);
    const auto entries = await(m_engine->messages(*id));
    QVERIFY(entries);
    QVERIFY(std::any_of(entries->begin(), entries->end(),
                        [](const auto& entry) { return entry.event == u"INC-1/card"_s; }));
}

void CardsTest::changesAreFoldedIntoOneEdit() {
    const QString id = declare();
    advance(10s);
    const auto before = cards().size();
    for (const Phase phase : {Phase::Assess, Phase::Investigate, Phase::Resolve, Phase::Assess}) {
        QVERIFY(await(m_journal->setPhase(id, u"commander"_s, phase)));
        advance(200ms);
    }
    advance(10s);
    QCOMPARE(cards().size(), before + 1);
    QCOMPARE(cards().last().replaces, u"INC-1/card"_s);
    QVERIFY(last().description.contains(u"**Assess**"_s));
    // And two that follow each other keep their distance.
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, Phase::Investigate)));
    advance(2s);
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, Phase::Resolve)));
    advance(2s);
    QCOMPARE(cards().size(), before + 2);
    advance(5s);
    QCOMPARE(cards().size(), before + 3);
    advance(10min);
    QCOMPARE(cards().size(), before + 3);
}

void CardsTest::theCardSaysWhatIsTrue() {
    const QString id = declare();
    advance(10s);
    const QString ladder = field(u"Escalation"_s);
    QVERIFY2(ladder.contains(u"~~1 Primary on-call~~ skipped"_s), qPrintable(ladder));
    QVERIFY2(ladder.contains(u"✓ **2 Secondary on-call** paged <t:"_s), qPrintable(ladder));
    const QDateTime due = m_engine->ladder(id).rungs.at(2).dueAt;
    QVERIFY2(ladder.contains(u"3 Engineering lead <t:%1:R>"_s.arg(due.toSecsSinceEpoch())),
             qPrintable(ladder));
    QCOMPARE(field(u"Commander"_s), u"commander"_s);

    QVERIFY(await(m_engine->handOver(id, u"commander"_s, u"deputy"_s, {})));
    QVERIFY(await(m_journal->attach(id, u"Tocsin"_s, {u"prod/1"_s}, {u"error_rate"_s})));
    Message update;
    update.text = u"Uploads fail for **all** users."_s;
    QVERIFY(await(m_engine->post(id, {}, update, u"deputy"_s)));
    QVERIFY(await(m_engine->acknowledge(id, u"deputy"_s)));
    advance(10s);
    QCOMPARE(field(u"Commander"_s), u"deputy"_s);
    QVERIFY(field(u"Alerts"_s).contains(u"error\\_rate"_s));
    QVERIFY(last().description.contains(u"> Uploads fail for **all** users."_s));
    QVERIFY(field(u"Escalation"_s).contains(u"Acknowledged"_s));
}

void CardsTest::resolvingFinishesTheCard() {
    const QString id = declare();
    advance(10s);
    QVERIFY(await(m_engine->resolve(id, u"commander"_s, u"ended session 24817"_s)));
    settle();
    QVERIFY2(last().description.contains(u"**Resolved**"_s), qPrintable(last().description));
    QVERIFY(last().description.contains(u"ended session 24817"_s));
    QCOMPARE(last().color, 0x30a46c);
    QCOMPARE(cards().last().replaces, u"INC-1/card"_s);
    const auto count = cards().size();
    QVERIFY(await(m_journal->append(id, u"commander"_s, u"note"_s, u"afterwards"_s)));
    advance(1min);
    QCOMPARE(cards().size(), count);
}

void CardsTest::aRestartEditsTheSamePost() {
    const QString id = declare();
    advance(10s);
    close();
    open();
    advance(10s);
    QVERIFY2(cards().isEmpty(), "nothing changed: nothing is said");
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, Phase::Investigate)));
    advance(10s);
    QCOMPARE(cards().size(), 1);
    QCOMPARE(cards().first().replaces, u"INC-1/card"_s);
}

void CardsTest::whatChangedWhileNobodyKeptItIsMadeUpFor() {
    const QString id = declare();
    advance(10s);
    close();
    open(false);
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, Phase::Investigate)));
    close();
    open();
    advance(10s);
    QCOMPARE(cards().size(), 1);
    QVERIFY(last().description.contains(u"**Investigate**"_s));
}

void CardsTest::aCardThatCouldNotBeDeliveredIsPostedAnew() {
    m_channel->script = {{}, {StubNotifier::Kind::Fails, {ErrorCode::Refused, u"50035"_s, {}}}};
    const QString id = declare();
    QVERIFY(cards().isEmpty());
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, Phase::Assess)));
    advance(10s);
    QCOMPARE(cards().size(), 1);
    QVERIFY2(cards().first().replaces.isEmpty(), "there is nothing to edit");
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, Phase::Investigate)));
    advance(10s);
    QCOMPARE(cards().size(), 2);
    QVERIFY2(!cards().last().replaces.isEmpty(), "and from then on that one is edited");
}

void CardsTest::editsThatDidNotLeaveAreFolded() {
    const QString id = declare();
    advance(10s);
    m_channel->script = {{StubNotifier::Kind::Stalls, {}}};
    Message update;
    update.text = u"in the way"_s;
    QVERIFY(await(m_engine->post(id, {}, update, u"commander"_s)));
    m_db->drain();
    QCoreApplication::processEvents();
    QTRY_VERIFY(m_channel->isStalled());
    for (const Phase phase : {Phase::Assess, Phase::Investigate, Phase::Resolve}) {
        QVERIFY(await(m_journal->setPhase(id, u"commander"_s, phase)));
        for (int i = 0; i < 7; ++i) {
            m_clock->advance(1s);
            m_db->drain();
            QCoreApplication::processEvents();
        }
    }
    const auto before = cards().size();
    m_channel->letGo();
    settle();
    QCOMPARE(cards().size(), before + 1);
    QVERIFY(last().description.contains(u"**Resolve**"_s));
}

void CardsTest::editsStayOffTheTimeline() {
    const QString id = declare();
    advance(10s);
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, Phase::Assess)));
    advance(10s);
    QVERIFY(cards().size() >= 2);
    const auto events = await(m_journal->timeline(id));
    QVERIFY(events);
    qsizetype told = 0;
    for (const auto& event : *events)
        if (event.kind == u"delivered" && event.text.contains(u"card"_s)) ++told;
    QCOMPARE(told, 1);
}

void CardsTest::onlyWhoOwnsTheEngineKeepsCards() {
    const QString id = declare();
    advance(10s);
    close();
    open(false);
    QVERIFY(await(m_journal->setPhase(id, u"commander"_s, Phase::Assess)));
    advance(1min);
    const auto entries = await(m_engine->messages(id));
    QVERIFY(std::none_of(entries->begin(), entries->end(), [](const auto& entry) {
        return entry.state == delivery::EntryState::Intent;
    }));
}

void CardsTest::textFromOutsideIsHarmless_data() {
    QTest::addColumn<QString>("hostile");
    QTest::newRow("everyone") << u"@everyone"_s;
    QTest::newRow("here") << u"down @here now"_s;
    QTest::newRow("role") << u"<@&111>"_s;
    QTest::newRow("user") << u"<@222>"_s;
    QTest::newRow("channel") << u"<#333>"_s;
    QTest::newRow("disguise") << u"[status](https://evil.example)"_s;
    QTest::newRow("markdown") << u"**x** `y` ~~z~~ ||w||"_s;
    QTest::newRow("heading on a new line") << u"a\n# b\n> c"_s;
    QTest::newRow("zero width") << u"@\u200beveryone\u200d<\u200b@&1>"_s;
    QTest::newRow("placeholder") << u"{{commander}} {{"_s;
    QTest::newRow("100 kB") << u"@everyone "_s.repeated(10000);
}

void CardsTest::textFromOutsideIsHarmless() {
    QFETCH(QString, hostile);
    CardFacts facts;
    facts.incident.id = u"INC-1"_s;
    facts.incident.title = facts.incident.commander = facts.incident.runbook = hostile;
    facts.incident.declaredAt = m_clock->now();
    facts.incident.keys = QStringList(30, hostile);
    facts.ladder.held = true;
    facts.ladder.holdReason = hostile;
    escalation::Rung rung;
    rung.name = rung.mention = hostile;
    facts.ladder.rungs = {rung};
    for (const bool open : {true, false}) {
        if (!open) facts.incident.resolvedAt = m_clock->now();
        facts.fix = hostile;
        const Embed card = cardMessage(facts, {}).embeds.first();
        QStringList said{card.title, card.description};
        for (const EmbedField& one : card.fields)
            said << one.value;
        for (const QString& text : said) {
            QVERIFY2(text.size() < 4096, qPrintable(QString::number(text.size())));
            QVERIFY(!text.contains(u"@everyone"_s));
            QVERIFY(!text.contains(u"@here"_s));
            QVERIFY(!text.contains(u"<@"_s));
            QVERIFY(!text.contains(u"<#"_s));
            QVERIFY(!text.contains(u"]("_s));
        }
        QVERIFY(!card.title.contains(u"**x**"_s));
    }
}

void CardsTest::aWorkspaceWordsItsCard() {
    CardFacts facts;
    facts.incident.id = u"INC-7"_s;
    facts.incident.title = u"Uploads fail"_s;
    CardStyle style;
    style.wordings.own.insert(
        workspace::Wording::Card,
        u"{{title}} ({{severity}})\nSay it in plain words.\n{{last_update}}"_s);
    const Embed card = cardMessage(facts, style).embeds.first();
    QCOMPARE(card.title, u"Uploads fail (P3)"_s);
    QCOMPARE(card.description, u"Say it in plain words."_s);
}

void CardsTest::theNextUpdateComesInTheRhythmOfTheSeverity() {
    m_cards->setStyle({.updates = {{Priority::P1, {.first = 3min}}}});
    const QDateTime declared = m_clock->now();
    declare(Priority::P1);
    QVERIFY2(
        field(u"Next update"_s).contains(QString::number(declared.addSecs(180).toSecsSinceEpoch())),
        qPrintable(field(u"Next update"_s)));
}

QTEST_GUILESS_MAIN(CardsTest)
#include "tst_cards.moc"

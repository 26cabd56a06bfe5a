#include <QTest>

#include "announcements/drafting.h"

using namespace tocsin;
using namespace tocsin::announcements;
using namespace Qt::StringLiterals;

namespace {

const QDateTime kNow(QDate(2026, 1, 1), QTime(12, 30), Qt::UTC);

incidents::Incident openIncident() {
    incidents::Incident incident;
    incident.id = u"INC-42"_s;
    incident.title = u"Database connections exhausted"_s;
    incident.declaredAt = kNow.addSecs(-12 * 60);
    return incident;
}

incidents::Event happened(const QString& kind, const QString& text, int minutesAgo) {
    return {0, u"INC-42"_s, kNow.addSecs(-60 * minutesAgo), u"commander"_s, kind, text, {}};
}

}  // namespace

class DraftingTest : public QObject {
    Q_OBJECT
private slots:
    void aDraftTellsWhatHappenedSinceTheLastUpdate();
    void aDraftIsShortAndHarmless();
    void cannedUpdatesPromiseTheNext();
    void theNextComesInTheRhythmOfTheSeverity();
    void anUpdateIsWordedByTheWorkspace_data();
    void anUpdateIsWordedByTheWorkspace();
};

void DraftingTest::aDraftTellsWhatHappenedSinceTheLastUpdate() {
    incidents::Incident incident = openIncident();
    incident.lastUpdateAt = kNow.addSecs(-5 * 60);
    const QString draft = draftUpdate(
        incident,
        {happened(u"note"_s, u"long ago"_s, 9), happened(u"query"_s, u"ran who blocks whom"_s, 4),
         happened(u"delivered"_s, u"update delivered"_s, 3),
         happened(u"note"_s, u"session 24817 holds the lock"_s, 1)},
        kNow);
    QVERIFY(!draft.contains(u"long ago"_s));
    QVERIFY(!draft.contains(u"update delivered"_s));
    QVERIFY(draft.contains(u"ran who blocks whom"_s));
    QVERIFY(draft.contains(u"session 24817 holds the lock"_s));
    QVERIFY(draft.contains(u"for 12 min"_s));
    QVERIFY(
        draft.contains(u"Next update <t:%1:t>"_s.arg(kNow.addSecs(20 * 60).toSecsSinceEpoch())));
}

void DraftingTest::aDraftIsShortAndHarmless() {
    QVector<incidents::Event> many;
    for (int i = 0; i < 500; ++i)
        many.append(happened(u"note"_s, u"%1 @everyone <@&1> [x](https://evil)"_s.arg(i), 1));
    const QString draft = draftUpdate(openIncident(), many, kNow);
    QVERIFY(draft.size() < 2000);
    QVERIFY(draft.contains(u"and 492 steps before"_s));
    for (const auto& evil : {u"@everyone"_s, u"<@"_s, u"]("_s})
        QVERIFY(!draft.contains(evil));
}

void DraftingTest::cannedUpdatesPromiseTheNext() {
    for (const Canned canned : kCanned) {
        const QString text = cannedUpdate(canned, openIncident(), kNow);
        QVERIFY(text.startsWith(u"**%1**"_s.arg(nameOf(canned))));
        QCOMPARE(text.contains(u"Next update <t:"_s), canned != Canned::Resolved);
    }
}

void DraftingTest::theNextComesInTheRhythmOfTheSeverity() {
    const incidents::UpdateRhythm rhythm{.every = std::chrono::minutes(10)};
    const QString next = u"<t:%1:"_s.arg(kNow.addSecs(10 * 60).toSecsSinceEpoch());
    QVERIFY(cannedUpdate(Canned::Identified, openIncident(), kNow, rhythm).contains(next));
    QVERIFY(draftUpdate(openIncident(), {}, kNow, rhythm).contains(next));
    workspace::Wordings wordings;
    wordings.own.insert(workspace::Wording::Update, u"{{text}}, again {{next_update}}"_s);
    QVERIFY(wordedUpdate(u"x"_s, openIncident(), 1, kNow, wordings, rhythm).contains(next));
}

void DraftingTest::anUpdateIsWordedByTheWorkspace_data() {
    QTest::addColumn<QString>("wording");
    QTest::addColumn<QString>("said");
    QTest::newRow("standard") << QString() << u"Uploads fail {{title}}"_s;
    QTest::newRow("framed") << u"**{{incident}} #{{number}}**\n{{text}}"_s
                            << u"**INC-42 #3**\nUploads fail {{title}}"_s;
    QTest::newRow("an empty line goes")
        << u"{{runbook}}\n{{text}}"_s << u"Uploads fail {{title}}"_s;
    QTest::newRow("without the text") << u"{{severity}}"_s << u"P3\nUploads fail {{title}}"_s;
    QTest::newRow("unknown stays")
        << u"{{text}} {{bogus}}"_s << u"Uploads fail {{title}} {{bogus}}"_s;
}

void DraftingTest::anUpdateIsWordedByTheWorkspace() {
    QFETCH(QString, wording);
    QFETCH(QString, said);
    workspace::Wordings wordings;
    if (!wording.isEmpty()) wordings.own.insert(workspace::Wording::Update, wording);
    QCOMPARE(wordedUpdate(u"Uploads fail {{title}}"_s, openIncident(), 3, kNow, wordings), said);
}

QTEST_GUILESS_MAIN(DraftingTest)
#include "tst_drafting.moc"

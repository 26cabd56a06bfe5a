#include <QAbstractItemModelTester>
#include <QApplication>
#include <QTest>

#include "ui/incident/ladderview.h"
#include "ui/incident/ledgermodel.h"
#include "ui/incident/posting.h"
#include "ui/theme/durations.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using delivery::EntryState;
using escalation::Rung;
using escalation::RungState;

namespace {

const QDateTime kStart(QDate(2026, 1, 1), QTime(14, 1, 58), Qt::UTC);

delivery::Entry entry(qint64 id, EntryState state) {
    delivery::Entry made;
    made.id = id;
    made.incident = u"INC-1"_s;
    made.channel = u"incidents"_s;
    made.state = state;
    made.createdAt = kStart;
    made.changedAt = kStart;
    made.message.text = u"text %1"_s.arg(id);
    return made;
}

}  // namespace

class TestIncidentModels : public QObject {
    Q_OBJECT
private slots:
    void ledgerUpdatesInPlace();
    void stateIsNeverOnlyAColor_data();
    void stateIsNeverOnlyAColor();
    void ladderSaysWhatIsNext();
    void durations_data();
    void durations();
};

void TestIncidentModels::ledgerUpdatesInPlace() {
    theme::Theme theme(theme::Mode::Dark);
    LedgerModel model(theme);
    const QAbstractItemModelTester tester(&model);
    model.setEntries({entry(1, EntryState::Confirmed), entry(2, EntryState::Sending)});
    QCOMPARE(model.index(0, LedgerModel::Text).data().toString(), u"text 2"_s);
    model.update(entry(2, EntryState::Failed));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, LedgerModel::State).data().toString(), u"not delivered"_s);
    model.update(entry(3, EntryState::Intent));
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0, LedgerModel::Text).data().toString(), u"text 3"_s);
    model.setNow(kStart.addSecs(90));
    QCOMPARE(model.index(0, LedgerModel::Age).data().toString(), u"1 m"_s);
}

void TestIncidentModels::stateIsNeverOnlyAColor_data() {
    QTest::addColumn<EntryState>("state");
    for (const auto state : {EntryState::Intent, EntryState::Sending, EntryState::InDoubt,
                             EntryState::Confirmed, EntryState::Failed, EntryState::Cancelled})
        QTest::newRow(qPrintable(delivery::nameOf(state))) << state;
}

void TestIncidentModels::stateIsNeverOnlyAColor() {
    QFETCH(EntryState, state);
    QVERIFY(!stateWords(entry(1, state)).isEmpty());
    // What is not confirmed must not read as if it had arrived.
    if (state != EntryState::Confirmed) QVERIFY(stateWords(entry(1, state)) != u"delivered"_s);
}

void TestIncidentModels::ladderSaysWhatIsNext() {
    theme::Theme theme(theme::Mode::Dark);
    LadderView view(theme);
    const auto rung = [](int level, const QString& name, RungState state) {
        Rung made;
        made.level = level;
        made.name = name;
        made.state = state;
        return made;
    };
    Rung skipped = rung(1, u"Primary"_s, RungState::Skipped);
    skipped.note = u"skipped (P1)"_s;
    Rung paged = rung(2, u"Secondary"_s, RungState::Delivered);
    paged.pagedAt = kStart;
    Rung waiting = rung(3, u"Lead"_s, RungState::Waiting);
    waiting.dueAt = kStart.addSecs(1800);
    escalation::Ladder ladder;
    ladder.rungs = {skipped, paged, waiting};
    view.setNow(kStart.addSecs(761));
    view.setLadder(ladder, kStart);
    QCOMPARE(view.lineOf(skipped), u"skipped (P1)"_s);
    QCOMPARE(view.lineOf(paged), u"✓ delivered 14:01:58"_s);
    QCOMPARE(view.lineOf(waiting), u"in 17:19"_s);
    QVERIFY(view.accessibleDescription().contains(u"3 Lead: in 17:19"_s));
    view.setNow(kStart.addSecs(1805));
    QCOMPARE(view.lineOf(waiting), u"due since 0:05"_s);
    ladder.held = true;
    ladder.heldUntil = kStart.addSecs(3600);
    view.setLadder(ladder, kStart);
    QCOMPARE(view.lineOf(waiting), u"held until 15:01:58"_s);
    view.resize(view.minimumSizeHint());
    QVERIFY(!view.grab().isNull());
}

void TestIncidentModels::durations_data() {
    QTest::addColumn<std::chrono::milliseconds>("span");
    QTest::addColumn<QString>("age");
    QTest::addColumn<QString>("countdown");
    QTest::addColumn<QString>("timer");
    const auto row = [](const char* name, std::chrono::milliseconds span, const QString& age,
                        const QString& countdown, const QString& timer) {
        QTest::newRow(name) << span << age << countdown << timer;
    };
    row("nothing", 0ms, u"0 s"_s, u"0:00"_s, u"00:00:00"_s);
    row("almost a minute", 59'999ms, u"59 s"_s, u"0:59"_s, u"00:00:59"_s);
    row("twelve minutes", 761s, u"12 m"_s, u"12:41"_s, u"00:12:41"_s);
    row("an hour", 3970s, u"1 h"_s, u"1:06:10"_s, u"01:06:10"_s);
    row("five days", 5 * 24h, u"5 d"_s, u"120:00:00"_s, u"120:00:00"_s);
}

void TestIncidentModels::durations() {
    QFETCH(std::chrono::milliseconds, span);
    QTEST(theme::ageText(span), "age");
    QTEST(theme::countdownText(span), "countdown");
    QTEST(theme::timerText(span), "timer");
}

QTEST_MAIN(TestIncidentModels)
#include "tst_incidentmodels.moc"

#include <QRandomGenerator>
#include <QTest>

#include "alerts/compare.h"

using namespace tocsin;
using namespace tocsin::alerts;
using namespace Qt::StringLiterals;

namespace {

Alert alertNamed(const QString& source, int number, int version) {
    Alert alert;
    alert.source = source;
    alert.fingerprint = QString::number(number);
    alert.key = u"key_%1"_s.arg(number % 5);
    alert.summary = u"version %1"_s.arg(version);
    return alert;
}

QHash<AlertId, Alert> with(QHash<AlertId, Alert> state, const BoardDiff& diff) {
    for (const AlertId& id : diff.removed)
        state.remove(id);
    for (const Alert& alert : diff.added)
        state.insert(alertId(alert), alert);
    for (const Alert& alert : diff.changed)
        state.insert(alertId(alert), alert);
    return state;
}

}  // namespace

/// Whatever the states, a diff applied to the old one must give the new one, name each alert once
/// and leave other sources alone.
class CompareTest : public QObject {
    Q_OBJECT
private slots:
    void diffLeadsFromOldToNew();
    void laterDuplicateCounts();
    void unknownKeepsEverythingElse();
};

void CompareTest::diffLeadsFromOldToNew() {
    QRandomGenerator random(20260101);
    QHash<AlertId, Alert> state;
    for (int round = 0; round < 400; ++round) {
        const QString source = random.bounded(2) ? u"prod"_s : u"app"_s;
        AlertSnapshot snapshot{source, {}, {}};
        for (int i = 0; i < 40; ++i)
            if (random.bounded(3) > 0)
                snapshot.alerts.append(alertNamed(source, i, static_cast<int>(random.bounded(3))));
        const QHash<AlertId, Alert> before = state;
        const Comparison result =
            round % 9 == 8 ? markedUnknown(before, source) : replaced(before, snapshot);
        QCOMPARE(with(before, result.diff), result.alerts);

        QSet<AlertId> named;
        const auto once = [&](const AlertId& id) {
            const bool isNew = !named.contains(id);
            named.insert(id);
            return isNew && id.startsWith(source + u'/');
        };
        for (const Alert& alert : result.diff.added) {
            QVERIFY(once(alertId(alert)));
            QVERIFY(!before.contains(alertId(alert)));
        }
        for (const Alert& alert : result.diff.changed) {
            QVERIFY(once(alertId(alert)));
            QVERIFY(before.value(alertId(alert)) != alert);
        }
        for (const AlertId& id : result.diff.removed)
            QVERIFY(once(id) && before.contains(id));
        state = result.alerts;
    }
}

void CompareTest::laterDuplicateCounts() {
    const AlertSnapshot twice{
        u"prod"_s, {}, {alertNamed(u"prod"_s, 1, 1), alertNamed(u"prod"_s, 1, 2)}};
    const Comparison result = replaced({}, twice);
    QCOMPARE(result.diff.added.size(), 1);
    QCOMPARE(result.alerts.value(u"prod/1"_s).summary, u"version 2"_s);
}

void CompareTest::unknownKeepsEverythingElse() {
    const Comparison first = replaced({}, {u"prod"_s, {}, {alertNamed(u"prod"_s, 1, 1)}});
    const Comparison unknown = markedUnknown(first.alerts, u"prod"_s);
    QCOMPARE(unknown.diff.changed.size(), 1);
    Alert expected = first.alerts.value(u"prod/1"_s);
    expected.state = AlertState::Unknown;
    QCOMPARE(unknown.alerts.value(u"prod/1"_s), expected);
    QVERIFY(markedUnknown(unknown.alerts, u"prod"_s).diff.isEmpty());
}

QTEST_GUILESS_MAIN(CompareTest)
#include "tst_compare.moc"

#include <QTest>

#include "alerts/flood.h"
#include "alerts/grouping.h"

using namespace tocsin;
using namespace tocsin::alerts;
using namespace Qt::StringLiterals;

namespace {

const QDateTime kNow(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC);

Alert made(const QString& key, Severity severity, int minutesAgo, const QString& instance) {
    Alert alert;
    alert.key = key;
    alert.severity = severity;
    alert.startsAt = kNow.addSecs(-60LL * minutesAgo);
    alert.source = u"prod"_s;
    alert.fingerprint = key + instance;
    alert.labels = {{u"instance"_s, instance}, {u"job"_s, u"node"_s}};
    return alert;
}

}  // namespace

class GroupingTest : public QObject {
    Q_OBJECT
private slots:
    void worstGroupFirst();
    void saysWhatDiffers();
    void floodCountsOnlyWhatStartedLately_data();
    void floodCountsOnlyWhatStartedLately();
};

void GroupingTest::worstGroupFirst() {
    const auto groups = groupedByKey({made(u"disk"_s, Severity::Warning, 90, u"a"_s),
                                      made(u"errors"_s, Severity::Critical, 1, u"a"_s),
                                      made(u"latency"_s, Severity::Warning, 5, u"a"_s),
                                      made(u"disk"_s, Severity::Warning, 10, u"b"_s)});
    QStringList keys;
    for (const AlertGroup& group : groups)
        keys << group.key;
    QCOMPARE(keys, (QStringList{u"errors"_s, u"disk"_s, u"latency"_s}));
    QCOMPARE(groups[1].members.size(), 2);
    QCOMPARE(groups[1].oldest, kNow.addSecs(-90 * 60));
}

void GroupingTest::saysWhatDiffers() {
    QVector<Alert> members;
    for (const char* name : {"w-2", "w-3", "w-5"})
        members.append(made(u"disk"_s, Severity::Warning, 1, QString::fromLatin1(name)));
    QCOMPARE(differenceWithin(members), u"w-2, w-3, w-5"_s);
    QCOMPARE(differenceWithin(members, 2), u"w-2, w-3, …"_s);
    QCOMPARE(differenceWithin({members.first()}), QString());
}

void GroupingTest::floodCountsOnlyWhatStartedLately_data() {
    QTest::addColumn<int>("fresh");
    QTest::addColumn<int>("old");
    QTest::addColumn<bool>("flood");
    QTest::newRow("calm") << 0 << 0 << false;
    QTest::newRow("at the line") << 10 << 50 << false;
    QTest::newRow("above the line") << 11 << 0 << true;
    QTest::newRow("many, but old") << 2 << 500 << false;
}

void GroupingTest::floodCountsOnlyWhatStartedLately() {
    QFETCH(int, fresh);
    QFETCH(int, old);
    QHash<AlertId, Alert> alerts;
    for (int i = 0; i < fresh + old; ++i) {
        Alert alert =
            made(u"k%1"_s.arg(i % 3), Severity::Warning, i < fresh ? 3 : 30, QString::number(i));
        alerts.insert(alertId(alert), alert);
    }
    const Flood flood = floodAt(alerts, kNow);
    QCOMPARE(flood.count, fresh);
    QTEST(flood.isFlood(), "flood");
}

QTEST_GUILESS_MAIN(GroupingTest)
#include "tst_grouping.moc"

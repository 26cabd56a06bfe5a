#include <QTest>

#include "boardscene.h"
#include "ui/board/age.h"
#include "ui/board/arrange.h"
#include "ui/board/boardfilter.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;

class ArrangeTest : public QObject {
    Q_OBJECT
private slots:
    void standsAsInThePicture();
    void openedEntryShowsItsMembers();
    void longSectionsEndInACount();
    void filters_data();
    void filters();
    void agesAreNarrow_data();
    void agesAreNarrow();

private:
    BoardView view() const;
    TestClock m_clock;
};

BoardView ArrangeTest::view() const {
    BoardView view;
    for (Alert alert : test::badMorning(m_clock).alerts) {
        alert.source = u"prod"_s;
        view.alerts.insert(alerts::alertId(alert), alert);
    }
    alerts::SourceHealth prod;
    prod.name = u"prod"_s;
    prod.known = true;
    alerts::SourceHealth pager;
    pager.name = u"PagerDuty"_s;
    pager.error.message = u"no answer: 429"_s;
    pager.nextTry = m_clock.now().addSecs(38);
    view.sources = {prod, pager};
    view.incidents = {{u"prod/error_rate"_s, u"INC-42"_s}};
    return view;
}

void ArrangeTest::standsAsInThePicture() {
    QStringList lines;
    for (const BoardRow& row : arranged(view()))
        lines << (row.members.size() > 1 ? u"%1 x%2"_s.arg(row.title).arg(row.members.size())
                                         : row.title) +
                     (row.detail.isEmpty() ? QString() : u" | "_s + row.detail) +
                     (row.incident.isEmpty() ? QString() : u" | "_s + row.incident);
    QCOMPARE(lines,
             (QStringList{u"FIRING · 7"_s, u"database_connections | Pool at 97 % of 100"_s,
                          u"error_rate | 7.4 % of requests, limit 5 % | INC-42"_s,
                          u"disk_usage x3 | worker-2, worker-3, worker-5"_s,
                          u"response_time_p95 | 1.84 s, limit 1 s"_s,
                          u"queue_processing_time | video-transcoding: oldest job 5 m 12 s"_s,
                          u"SILENCED · 1"_s,
                          u"memory_usage | by scribe until 1 Jan 14:00, “resize planned”"_s,
                          u"UNKNOWN · 1 SOURCE"_s, u"PagerDuty | no answer: 429"_s}));
}

void ArrangeTest::openedEntryShowsItsMembers() {
    BoardView opened = view();
    opened.open = {u"key/FIRING/disk_usage"_s};
    QStringList members;
    for (const BoardRow& row : arranged(opened))
        if (row.kind == BoardRow::Kind::Member) members << row.title;
    QCOMPARE(members, (QStringList{u"worker-2"_s, u"worker-3"_s, u"worker-5"_s}));
}

void ArrangeTest::longSectionsEndInACount() {
    BoardView many;
    for (int i = 0; i < 2000; ++i) {
        Alert alert;
        alert.source = u"prod"_s;
        alert.key = u"key_%1"_s.arg(i);
        alert.fingerprint = alert.key;
        many.alerts.insert(alerts::alertId(alert), alert);
    }
    const BoardRows rows = arranged(many);
    QCOMPARE(rows.size(), 1 + kRowsPerSection + 1);
    QCOMPARE(rows.first().title, u"FIRING · 2000"_s);
    QVERIFY(rows.last().title.contains(u"1500 more"_s));
}

void ArrangeTest::filters_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("matching");
    QTest::newRow("nothing") << QString() << 8;
    QTest::newRow("key") << u"disk"_s << 3;
    QTest::newRow("label value") << u"worker-3"_s << 1;
    QTest::newRow("label=value") << u"instance=worker"_s << 3;
    QTest::newRow("severity") << u"severity=critical"_s << 2;
    QTest::newRow("not") << u"severity!=critical"_s << 6;
    QTest::newRow("exclude word") << u"-disk"_s << 5;
    QTest::newRow("both must match") << u"severity=warning worker-2"_s << 1;
    QTest::newRow("quoted") << u"\"limit 5 %\""_s << 1;
    QTest::newRow("case") << u"DISK_usage"_s << 3;
    QTest::newRow("absent label") << u"instance!=worker-2"_s << 7;
    QTest::newRow("no match") << u"nothing-like-it"_s << 0;
}

void ArrangeTest::filters() {
    QFETCH(QString, filter);
    const BoardFilter wanted(filter);
    int count = 0;
    for (const Alert& alert : view().alerts)
        if (wanted.matches(alert)) ++count;
    QTEST(count, "matching");
}

void ArrangeTest::agesAreNarrow_data() {
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("now") << 0 << u"0:00"_s;
    QTest::newRow("future") << -50 << u"0:00"_s;
    QTest::newRow("minutes") << 761 << u"12:41"_s;
    QTest::newRow("hours") << 4929 << u"1:22:09"_s;
    QTest::newRow("days") << 3 * 86400 + 4 * 3600 + 59 << u"3 d 4 h"_s;
}

void ArrangeTest::agesAreNarrow() {
    QFETCH(int, seconds);
    QTEST(ageText(m_clock.now().addSecs(-seconds), m_clock.now()), "text");
    QCOMPARE(ageText({}, m_clock.now()), QString());
}

QTEST_GUILESS_MAIN(ArrangeTest)
#include "tst_arrange.moc"

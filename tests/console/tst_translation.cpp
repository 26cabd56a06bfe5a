#include <QtTest>

#include "console/translation.h"

using namespace tocsin;
using namespace Qt::Literals::StringLiterals;

/// What a metrics source is told to watch.
class TestTranslation : public QObject {
    Q_OBJECT

private slots:
    void theWorkspaceGoesBeforeTheRunbooks() {
        workspace::Rule own;
        own.key = u"api_errors"_s;
        own.warning = u"> 2%"_s;
        runbooks::Runbook runbook;
        runbook.thresholds = {{u"api_errors"_s, {}, u"> 50%"_s, {}, {}},
                              {u"queue_depth"_s, u"jobs_waiting"_s, {}, u"> 500"_s, u"5m"_s}};
        const QVariantList rules = console::rulesFrom({own}, {runbook});
        QCOMPARE(rules.size(), 2);
        const QVariantMap first = rules[0].toMap(), second = rules[1].toMap();
        QCOMPARE(first.value(u"warning"_s), u"> 2%"_s);
        QCOMPARE(second.value(u"metric"_s), u"jobs_waiting"_s);
        QCOMPARE(second.value(u"over_ms"_s), 300000);
    }

    // A metric the application does not have is an alert only where somebody asked for it.
    void onlyRunbooksOffer() {
        workspace::Rule own;
        own.key = u"api_errors"_s;
        runbooks::Runbook runbook;
        runbook.thresholds = {{u"queue_depth"_s, {}, u"> 500"_s, {}, {}}};
        const QVariantList rules = console::rulesFrom({own}, {runbook});
        QCOMPARE(rules.size(), 2);
        QVERIFY(!rules[0].toMap().value(u"optional"_s).toBool());
        QVERIFY(rules[1].toMap().value(u"optional"_s).toBool());
    }
};

QTEST_GUILESS_MAIN(TestTranslation)
#include "tst_translation.moc"

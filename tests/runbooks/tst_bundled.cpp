#include <QtTest>

#include "runbooks/library.h"

using namespace tocsin::runbooks;

class TestBundled : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_library.load({}, true);
        QTRY_VERIFY(!m_library.runbooks().isEmpty());
    }

    void allRunbooksParse() {
        QStringList keys;
        for (const Runbook& runbook : m_library.runbooks())
            keys += runbook.keys;
        keys.sort();
        QCOMPARE(keys, (QStringList{"database_connections", "disk_usage", "error_rate",
                                    "health_check_failure", "memory_usage", "queue_processing_time",
                                    "redis_connection_failure", "response_time_p95",
                                    "video_upload_failures"}));
        for (const Finding& finding : m_library.findings())
            qWarning() << finding.file << finding.line << finding.rule << finding.message;
        QCOMPARE(m_library.findings().size(), 0);
    }

    void steps_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("immediate");
        QTest::addColumn<int>("investigation");
        QTest::newRow("errors") << "high-error-rate" << 6 << 4;
        QTest::newRow("time") << "high-response-time" << 3 << 3;
        QTest::newRow("connections") << "database-connection-exhaustion" << 5 << 4;
        QTest::newRow("uploads") << "video-upload-failures" << 5 << 5;
        QTest::newRow("disk") << "high-disk-usage" << 3 << 3;
        QTest::newRow("memory") << "high-memory-usage" << 3 << 3;
        QTest::newRow("health") << "health-check-failure" << 3 << 3;
        QTest::newRow("redis") << "redis-connection-failure" << 3 << 3;
        QTest::newRow("queue") << "queue-processing-delays" << 3 << 3;
    }

    void steps() {
        QFETCH(QString, name);
        QFETCH(int, immediate);
        QFETCH(int, investigation);
        const Runbook* runbook = m_library.find(name);
        QVERIFY(runbook);
        QMap<SectionKind, int> counts;
        for (const Section& section : runbook->sections)
            counts[section.kind] += static_cast<int>(section.steps.size());
        QCOMPARE(counts.value(SectionKind::Immediate), immediate);
        QCOMPARE(counts.value(SectionKind::Investigation), investigation);
        QCOMPARE(runbook->sections.size(), 5);
    }

    void thresholds() {
        const Runbook* runbook = m_library.find(QStringLiteral("high-error-rate"));
        QVERIFY(runbook);
        QCOMPARE(runbook->thresholds,
                 (QVector<Threshold>{{"error_rate", "error_rate", "> 2%", "> 5%", "5m"}}));
    }

    void annexes() {
        QCOMPARE(m_library.documents().size(), 3);
        QCOMPARE(m_library.escalationLevels().size(), 3);
        QCOMPARE(m_library.escalationLevels()[2].after,
                 std::chrono::milliseconds(std::chrono::minutes(30)));
        QCOMPARE(m_library.escalationStart().value(QStringLiteral("P1")), 2);
        QCOMPARE(m_library.contacts().size(), 5);
    }

    void endsOnlyOneSessionOfThisDatabase() {
        const Runbook* runbook = m_library.find(QStringLiteral("database-connection-exhaustion"));
        QVERIFY(runbook);
        const QString text = runbook->sections[1].steps[1].blocks.last().text;
        for (const char* guard : {"pid = [PID_HERE]", "datname = current_database()",
                                  "pid <> pg_backend_pid()", "backend_type = 'client backend'"})
            QVERIFY2(text.contains(QLatin1String(guard)), guard);
    }

private:
    Library m_library;
};

QTEST_GUILESS_MAIN(TestBundled)
#include "tst_bundled.moc"

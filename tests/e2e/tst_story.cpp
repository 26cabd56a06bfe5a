// The main job, end to end, in the real window on a real drill: an alert, its runbook, the SQL that
// finds the blocker, an incident with the right people paged, the cure, and the evidence.
#include <QApplication>
#include <QJsonArray>
#include <QTemporaryDir>

#include "stage.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::Literals::StringLiterals;

class StoryTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QCOMPARE(m_stage.startDrill(u"database-connections"_s), QString());
        QCOMPARE(m_stage.openConsole(), QString());
    }
    void theAlertOpensItsRunbook();
    void theSqlFindsTheBlocker();
    void declaringPagesLevelTwo();
    void endingTheBlockerClearsTheAlert();
    void resolvingLeavesTheEvidence();
    void cleanupTestCase() {
        m_stage.closeConsole();
        QCOMPARE(m_stage.stopDrill(), QString());
    }

private:
    Stage m_stage{theme::Mode::Dark};
    QString m_pid;
    QString m_incident;
};

void StoryTest::theAlertOpensItsRunbook() {
    QCOMPARE(m_stage.waitForAlert(u"database_connections"_s), QString());
    QCOMPARE(m_stage.selectAlert(u"database_connections"_s), QString());
    QCOMPARE(m_stage.runBlock(1, 0, 0), QString());
}

void StoryTest::theSqlFindsTheBlocker() {
    QCOMPARE(m_stage.runBlock(1, 1, 0), QString());
    QCOMPARE(m_stage.pickBlocker(&m_pid), QString());
    QVERIFY(m_pid.toInt() > 0);
}

void StoryTest::declaringPagesLevelTwo() {
    QCOMPARE(m_stage.declare(u"P1"_s), QString());
    m_incident = m_stage.console().journal().open().at(0).id;
    const auto& posted = m_stage.drill().posted();
    const auto page = [&]() -> const drill::PostedMessage* {
        for (const drill::PostedMessage& message : posted)
            if (!message.pingedRoles.isEmpty()) return &message;
        return nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(page(), 30000);
    QCOMPARE(page()->pingedRoles, QStringList(u"222"_s));
    QCOMPARE(page()->body[u"allowed_mentions"][u"roles"].toArray(), QJsonArray{u"222"_s});
    QVERIFY2(page()->content.contains(m_incident), qPrintable(page()->content));
    QTRY_COMPARE_WITH_TIMEOUT(m_stage.console().engine().ladder(m_incident).rungs.value(1).state,
                              escalation::RungState::Delivered, 30000);
    QCOMPARE(m_stage.console().engine().ladder(m_incident).rungs.value(0).state,
             escalation::RungState::Skipped);
}

void StoryTest::endingTheBlockerClearsTheAlert() {
    QVERIFY(!m_stage.console().board().firing(u"database_connections"_s).isEmpty());
    QCOMPARE(m_stage.endBlocker(), QString());
    QCOMPARE(m_stage.waitUntilClear(u"database_connections"_s), QString());
}

void StoryTest::resolvingLeavesTheEvidence() {
    QCOMPARE(m_stage.resolve(u"Ended the session that held the lock"_s), QString());
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"post-mortem.md"_s);
    QCOMPARE(m_stage.exportPostMortem(path), QString());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    for (const QString& evidence :
         {m_incident, m_pid, u"pg_blocking_pids"_s, u"pg_terminate_backend"_s,
          u"Ended the session that held the lock"_s, u"Secondary on-call"_s})
        QVERIFY2(text.contains(evidence), qPrintable(evidence + u" is not in:\n"_s + text));
}

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    StoryTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_story.moc"

#include <QDir>
#include <QSignalSpy>
#include <QTest>
#include <cstring>

#include "drill/rehearsal.h"

using namespace tocsin;

/// Each scenario from its first alert to its resolution, on the console's own services.
class RehearsalTest : public QObject {
    Q_OBJECT
private slots:
    void firesPagesAndClears_data();
    void firesPagesAndClears();
    void discordMisbehavesDuringThePage();

private:
    static constexpr int kWithinMs = 150000;

    QStringList rehearse(drill::Rehearsal& rehearsal, const QString& scenario, bool& good) {
        QStringList told;
        connect(&rehearsal, &drill::Rehearsal::told, this,
                [&told](const QString& line) { told << line; });
        QSignalSpy ended(&rehearsal, &drill::Rehearsal::ended);
        rehearsal.start(scenario);
        good = (!ended.isEmpty() || ended.wait(kWithinMs)) && ended.first().first().toBool();
        rehearsal.disconnect(this);
        return told;
    }
};

void RehearsalTest::firesPagesAndClears_data() {
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<double>("speed");
    for (const QString& name : drill::Drill::scenarios())
        QTest::newRow(qPrintable(name)) << name << 1.0;
    QTest::newRow("ten times as fast") << QStringLiteral("error-rate") << 10.0;
}

void RehearsalTest::firesPagesAndClears() {
    QFETCH(QString, scenario);
    QFETCH(double, speed);
    SystemClock clock(speed);
    drill::Rehearsal rehearsal({.speed = speed}, true, clock);
    bool good = false;
    const QStringList told = rehearse(rehearsal, scenario, good);
    QVERIFY2(good, qPrintable(told.join(u'\n')));
    QCOMPARE(told.filter(QStringLiteral("tocsin.yaml")), QStringList());
    // P1 begins at level 2: one page, for the secondary, and for nobody else.
    // The feed tells #alerts of the same; only what went to the incident's channel counts here.
    auto posted = rehearsal.drill().posted();
    QVERIFY(std::any_of(posted.begin(), posted.end(), [](const auto& message) {
        return message.channel == QStringLiteral("alerts");
    }));
    posted.removeIf(
        [](const auto& message) { return message.channel != QStringLiteral("incidents"); });
    QVERIFY(!posted.isEmpty());
    QCOMPARE(posted.first().pingedRoles, QStringList{QStringLiteral("222")});
    QVERIFY(posted.first().content.contains(rehearsal.incident()));
    QVERIFY(!QDir(rehearsal.drill().folder()).exists());
}

void RehearsalTest::discordMisbehavesDuringThePage() {
    SystemClock clock;
    drill::Rehearsal rehearsal({}, true, clock);
    rehearsal.drill().discord().misbehave(drill::DiscordMood::RateLimited, 2, 0.5);
    bool good = false;
    const QStringList told = rehearse(rehearsal, QStringLiteral("error-rate"), good);
    QVERIFY2(good, qPrintable(told.join(u'\n')));
    const auto posted = rehearsal.drill().posted();
    qsizetype edits = 0;
    for (const drill::PostedMessage& message : posted)
        edits += message.edits;
    QCOMPARE(rehearsal.drill().discord().requests().size(), posted.size() + edits + 2);
}

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], drill::kGuardianWord) == 0)
        return drill::guardianMain(argc, argv);
    QCoreApplication application(argc, argv);
    RehearsalTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_rehearsal.moc"

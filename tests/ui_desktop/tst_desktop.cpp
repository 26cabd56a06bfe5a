// Pop-ups, tray and bell, on a session bus of the test's own with a stand-in notification server.
#include <QAction>
#include <QApplication>
#include <QDBusConnection>
#include <QDBusVariant>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include "support/keyring.h"
#include "ui/desktop/desktop.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

Alert alertNamed(const QString& key, const QString& host, Severity severity = Severity::Critical) {
    Alert alert;
    alert.fingerprint = key + host;
    alert.key = key;
    alert.severity = severity;
    alert.source = u"prod"_s;
    alert.startsAt = QDateTime(QDate(2026, 1, 1), QTime(11, 58), Qt::UTC);
    alert.labels = {{u"instance"_s, host}};
    alert.summary = u"Pool at <b>97 %</b> & rising"_s;
    return alert;
}

}  // namespace

/// Records what it is asked to show, and can press an action.
class NotificationServer : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    struct Call {
        uint id, replaces;
        QString summary, body;
        QStringList actions;
        QVariantMap hints;
        int timeout;
    };
    QStringList capabilities{u"actions"_s, u"body"_s, u"body-markup"_s, u"sound"_s};
    QVector<Call> calls;
    QVector<uint> closed;

public slots:
    QStringList GetCapabilities() { return capabilities; }
    uint Notify(const QString&, uint replaces, const QString&, const QString& summary,
                const QString& body, const QStringList& actions, const QVariantMap& hints,
                int timeout) {
        const uint id = replaces ? replaces : ++m_last;
        calls.append({id, replaces, summary, body, actions, hints, timeout});
        return id;
    }
    void CloseNotification(uint id) {
        closed << id;
        emit NotificationClosed(id, 3);
    }

signals:
    void ActionInvoked(uint id, const QString& action);
    void NotificationClosed(uint id, uint reason);

private:
    uint m_last = 0;
};

class DesktopTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();

    void aCriticalAlertPopsUpOnce();
    void itChangesInPlaceAndClosesWhenItIsOver();
    void aWarningDoesNotPopUp();
    void actionsComeBack();
    void whatWasDismissedStaysAwayUntilSomethingIsNew();
    void aStormIsOnePopUp();
    void aStormIsAcknowledgedAsAWhole();
    void aStoppedChannelIsToldUntilItWorksAgain();
    void aPlainServerGetsPlainText();
    void aServerThatComesLateIsAsked();
    void withoutAServerNothingHappens();
    void aMuteKeepsQuietAndEndsByItself();
    void checkBacksAreToldAndSounded();
    void anUnattendedIncidentStaysOnTheScreen();
    void theTrayShowsTheWorst_data();
    void theTrayShowsTheWorst();
    void theBellTriesOnePlayerAfterTheOther();
    void theBellIsAWavFile();

private:
    void serve();
    void accept(const QVector<Alert>& alerts) {
        m_board->accept({u"prod"_s, m_clock->now(), alerts});
    }
    void remake() {
        m_desktop.reset();
        m_desktop = std::make_unique<Desktop>(*m_theme, *m_board, *m_clock, m_bus);
    }

    support::Keyring m_session;
    QDBusConnection m_bus{QString()}, m_serverBus{QString()};
    std::unique_ptr<theme::Theme> m_theme;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<alerts::Board> m_board;
    std::unique_ptr<NotificationServer> m_server;
    std::unique_ptr<Desktop> m_desktop;
};

void DesktopTest::initTestCase() {
    QCOMPARE(m_session.startBusOnly(), QString());
    m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"window"_s);
    m_serverBus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"server"_s);
    QVERIFY(m_bus.isConnected() && m_serverBus.isConnected());
    qputenv("PATH", "/nonexistent");  // no real player is ever started by this test
}

void DesktopTest::serve() {
    QVERIFY(m_serverBus.registerObject(
        u"/org/freedesktop/Notifications"_s, m_server.get(),
        QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
    QVERIFY(m_serverBus.registerService(u"org.freedesktop.Notifications"_s));
}

void DesktopTest::init() {
    m_theme = std::make_unique<theme::Theme>(theme::Mode::Dark);
    m_clock = std::make_unique<TestClock>();
    m_board = std::make_unique<alerts::Board>(*m_clock);
    m_board->addSource(u"prod"_s, 1h);
    m_server = std::make_unique<NotificationServer>();
    serve();
    remake();
}

void DesktopTest::cleanup() {
    m_desktop.reset();
    m_serverBus.unregisterService(u"org.freedesktop.Notifications"_s);
    m_serverBus.unregisterObject(u"/org/freedesktop/Notifications"_s);
    m_server.reset();
    m_board.reset();
}

void DesktopTest::cleanupTestCase() {
    for (const QString& name : {u"window"_s, u"server"_s})
        QDBusConnection::disconnectFromBus(name);
}

void DesktopTest::aCriticalAlertPopsUpOnce() {
    QSignalSpy rang(&m_desktop->bell(), &Bell::rang);
    accept({alertNamed(u"error_rate"_s, u"web-1"_s)});
    QTRY_COMPARE(m_server->calls.size(), 1);
    const auto& call = m_server->calls.first();
    QCOMPARE(call.summary, u"▲ error_rate"_s);
    QCOMPARE(call.body, u"Pool at &lt;b&gt;97 %&lt;/b&gt; &amp; rising\nprod since 11:58 UTC"_s);
    QVERIFY(call.actions.contains(u"acknowledge"_s) && call.actions.contains(u"default"_s));
    QCOMPARE(call.hints.value(u"urgency"_s).toInt(), 2);
    QVERIFY(call.hints.value(u"suppress-sound"_s).toBool());
    QCOMPARE(call.timeout, 0);
    QTRY_COMPARE(rang.size(), 1);
    accept({alertNamed(u"error_rate"_s, u"web-1"_s)});
    accept({alertNamed(u"error_rate"_s, u"web-1"_s),
            alertNamed(u"slow"_s, u"a"_s, Severity::Warning)});
    accept({alertNamed(u"error_rate"_s, u"web-1"_s), alertNamed(u"other"_s, u"a"_s)});
    QTRY_COMPARE(m_server->calls.size(), 2);  // only the other one
    QCOMPARE(m_server->calls.last().summary, u"▲ other"_s);
}

void DesktopTest::itChangesInPlaceAndClosesWhenItIsOver() {
    accept({alertNamed(u"disk"_s, u"a"_s)});
    QTRY_COMPARE(m_server->calls.size(), 1);
    accept({alertNamed(u"disk"_s, u"a"_s), alertNamed(u"disk"_s, u"b"_s)});
    QTRY_COMPARE(m_server->calls.size(), 2);
    QCOMPARE(m_server->calls.last().replaces, m_server->calls.first().id);
    QCOMPARE(m_server->calls.last().summary, u"▲ disk ×2"_s);
    QVERIFY(m_server->calls.last().body.contains(u"a, b"_s));
    Alert silenced = alertNamed(u"disk"_s, u"a"_s);
    silenced.state = AlertState::Silenced;
    accept({silenced});
    QTRY_COMPARE(m_server->closed, QVector<uint>{m_server->calls.first().id});
}

void DesktopTest::aWarningDoesNotPopUp() {
    accept({alertNamed(u"slow"_s, u"a"_s, Severity::Warning)});
    accept({alertNamed(u"slow"_s, u"a"_s, Severity::Warning), alertNamed(u"disk"_s, u"a"_s)});
    QTRY_COMPARE(m_server->calls.size(), 1);
    QCOMPARE(m_server->calls.first().summary, u"▲ disk"_s);
}

void DesktopTest::actionsComeBack() {
    QSignalSpy opened(m_desktop.get(), &Desktop::openRequested);
    QSignalSpy acknowledged(m_desktop.get(), &Desktop::acknowledgeRequested);
    const Alert alert = alertNamed(u"disk"_s, u"a"_s);
    accept({alert});
    QTRY_COMPARE(m_server->calls.size(), 1);
    QTRY_VERIFY(m_desktop->notifications().isShown(u"alert/disk"_s));
    emit m_server->ActionInvoked(4711, u"default"_s);  // somebody else's
    // Its id may still be on the way here: press until it is heard.
    QTRY_VERIFY((emit m_server->ActionInvoked(m_server->calls.first().id, u"default"_s),
                 QTest::qWaitFor([&] { return !opened.isEmpty(); }, 100)));
    QCOMPARE(opened.first().first().toString(), alerts::alertId(alert));
    emit m_server->ActionInvoked(m_server->calls.first().id, u"acknowledge"_s);
    QTRY_COMPARE(acknowledged.size(), 1);
    QCOMPARE(acknowledged.first().first().value<QVector<Alert>>(), QVector<Alert>{alert});
}

void DesktopTest::whatWasDismissedStaysAwayUntilSomethingIsNew() {
    accept({alertNamed(u"disk"_s, u"a"_s)});
    QTRY_COMPARE(m_server->calls.size(), 1);
    QTRY_VERIFY((emit m_server->NotificationClosed(m_server->calls.first().id, 2),
                 QTest::qWaitFor(
                     [&] { return !m_desktop->notifications().isShown(u"alert/disk"_s); }, 100)));
    Alert changed = alertNamed(u"disk"_s, u"a"_s);
    changed.summary = u"worse"_s;
    accept({changed});
    accept({changed, alertNamed(u"disk"_s, u"b"_s)});
    QTRY_COMPARE(m_server->calls.size(), 2);
    QCOMPARE(m_server->calls.last().replaces, 0U);
    QCOMPARE(m_server->calls.last().summary, u"▲ disk ×2"_s);
}

void DesktopTest::aStormIsOnePopUp() {
    QVector<Alert> storm;
    for (int i = 0; i < 40; ++i)
        storm << alertNamed(u"key_%1"_s.arg(i), u"a"_s);
    accept(storm);
    QTRY_COMPARE(m_server->calls.size(), 1);
    QCOMPARE(m_server->calls.first().summary, u"▲ 40 kinds of critical alerts at once"_s);
}

void DesktopTest::aStormIsAcknowledgedAsAWhole() {
    QSignalSpy acknowledged(m_desktop.get(), &Desktop::acknowledgeRequested);
    QVector<Alert> storm;
    for (int i = 0; i < 40; ++i)
        storm << alertNamed(u"key_%1"_s.arg(i), u"a"_s);
    accept(storm);
    QTRY_COMPARE(m_server->calls.size(), 1);
    QVERIFY(m_server->calls.first().actions.contains(u"acknowledge"_s));
    QTRY_VERIFY((emit m_server->ActionInvoked(m_server->calls.first().id, u"acknowledge"_s),
                 QTest::qWaitFor([&] { return !acknowledged.isEmpty(); }, 100)));
    QCOMPARE(acknowledged.first().first().value<QVector<Alert>>().size(), 40);
}

void DesktopTest::aStoppedChannelIsToldUntilItWorksAgain() {
    QSignalSpy rang(&m_desktop->bell(), &Bell::rang);
    QSignalSpy wanted(m_desktop.get(), &Desktop::messagesRequested);
    m_desktop->tellStopped(u"alerts"_s, u"#alerts is stopped: the webhook is gone."_s);
    QTRY_COMPARE(m_server->calls.size(), 1);
    QVERIFY(m_server->calls.first().summary.contains(u"#alerts"_s));
    QVERIFY(m_server->calls.first().body.contains(u"the webhook is gone"_s));
    QCOMPARE(m_server->calls.first().timeout, 0);  // it stays
    QTRY_COMPARE(rang.size(), 1);
    QTRY_VERIFY((emit m_server->ActionInvoked(m_server->calls.first().id, u"default"_s),
                 QTest::qWaitFor([&] { return !wanted.isEmpty(); }, 100)));
    QCOMPARE(wanted.first().first().toString(), u"alerts"_s);
    m_desktop->channelRecovered(u"alerts"_s);
    QTRY_COMPARE(m_server->closed, QVector<uint>{m_server->calls.first().id});
}

void DesktopTest::aPlainServerGetsPlainText() {
    m_server->capabilities = {u"body"_s};
    remake();
    accept({alertNamed(u"disk"_s, u"a"_s)});
    QTRY_COMPARE(m_server->calls.size(), 1);
    QVERIFY(m_server->calls.first().body.startsWith(u"Pool at <b>97 %</b> & rising"_s));
    QCOMPARE(m_server->calls.first().actions, QStringList());
    QVERIFY(!m_server->calls.first().hints.contains(u"suppress-sound"_s));
}

void DesktopTest::aServerThatComesLateIsAsked() {
    m_serverBus.unregisterService(u"org.freedesktop.Notifications"_s);
    remake();
    accept({alertNamed(u"disk"_s, u"a"_s)});
    QTRY_VERIFY(m_desktop->notifications().isShown(u"alert/disk"_s));
    QCOMPARE(m_server->calls.size(), 0);
    QVERIFY(m_serverBus.registerService(u"org.freedesktop.Notifications"_s));
    QTRY_COMPARE(m_server->calls.size(), 1);
}

void DesktopTest::withoutAServerNothingHappens() {
    Desktop lonely(*m_theme, *m_board, *m_clock, QDBusConnection(u"no such connection"_s));
    QSignalSpy rang(&lonely.bell(), &Bell::rang);
    accept({alertNamed(u"disk"_s, u"a"_s)});
    QTRY_COMPARE(rang.size(), 1);
    lonely.tellDue(u"Check back: deploys"_s, u"asked 14:17"_s);
    lonely.tellUnattended({u"INC-1"_s});
    QVERIFY(!lonely.notifications().isShown(u"alert/disk"_s));
}

void DesktopTest::aMuteKeepsQuietAndEndsByItself() {
    QSignalSpy rang(&m_desktop->bell(), &Bell::rang);
    m_desktop->mute().muteFor(30min);
    accept({alertNamed(u"disk"_s, u"a"_s)});
    QTRY_COMPARE(m_desktop->tray().state().mark, theme::Mark::Triangle);  // nothing is hidden
    m_clock->advance(29min);
    QCOMPARE(m_desktop->mute().remaining(), 1min);
    m_clock->jump(2h);  // the wall clock does not end it
    QVERIFY(m_desktop->mute().isOn());
    QCOMPARE(m_server->calls.size(), 0);
    m_clock->advance(1min);
    QVERIFY(!m_desktop->mute().isOn());
    QTRY_COMPARE(m_server->calls.size(), 1);  // what still fires is told, without a bell
    QCOMPARE(rang.size(), 0);
}

void DesktopTest::checkBacksAreToldAndSounded() {
    QSignalSpy rang(&m_desktop->bell(), &Bell::rang);
    m_desktop->tellDue(u"Check back: check worker deploys"_s, u"INC-42, since 14:17 UTC"_s);
    QTRY_COMPARE(m_server->calls.size(), 1);
    QCOMPARE(m_server->calls.first().summary, u"Check back: check worker deploys"_s);
    QTRY_COMPARE(rang.size(), 1);
}

void DesktopTest::anUnattendedIncidentStaysOnTheScreen() {
    m_desktop->tellUnattended({u"INC-7"_s});
    QTRY_COMPARE(m_server->calls.size(), 1);
    QCOMPARE(m_server->calls.first().summary, u"INC-7 is open, and nobody pages"_s);
    QVERIFY(m_server->calls.first().body.contains(u"tocsin serve"_s));
    QCOMPARE(m_server->calls.first().timeout, 0);
    m_desktop.reset();  // the window is gone
    QCOMPARE(m_server->closed.size(), 0);
}

void DesktopTest::theTrayShowsTheWorst_data() {
    QTest::addColumn<QVector<Alert>>("alerts");
    QTest::addColumn<bool>("known");
    QTest::addColumn<theme::Mark>("mark");
    QTest::addColumn<QString>("sentence");
    const Alert critical = alertNamed(u"a"_s, u"a"_s);
    const Alert warning = alertNamed(u"b"_s, u"b"_s, Severity::Warning);
    Alert silenced = critical;
    silenced.state = AlertState::Silenced;
    QTest::newRow("well") << QVector<Alert>{} << true << theme::Mark::Dot << u"nothing fires"_s;
    QTest::newRow("silenced") << QVector<Alert>{silenced} << true << theme::Mark::Dot
                              << u"nothing fires"_s;
    QTest::newRow("warning") << QVector<Alert>{warning} << true << theme::Mark::Diamond
                             << u"1 warning"_s;
    QTest::newRow("critical") << QVector<Alert>{warning, critical} << true << theme::Mark::Triangle
                              << u"1 critical, 1 warning"_s;
    QTest::newRow("unknown is never green")
        << QVector<Alert>{} << false << theme::Mark::Question << u"prod unknown"_s;
    QTest::newRow("critical and unknown") << QVector<Alert>{critical} << false
                                          << theme::Mark::Triangle << u"1 critical, prod unknown"_s;
}

void DesktopTest::theTrayShowsTheWorst() {
    QFETCH(const QVector<Alert>, alerts);
    QFETCH(const bool, known);
    QHash<alerts::AlertId, Alert> all;
    for (const Alert& alert : alerts)
        all.insert(alerts::alertId(alert), alert);
    alerts::SourceHealth prod;
    prod.name = u"prod"_s;
    prod.known = known;
    const TrayState state = trayState(all, {prod});
    QTEST(state.mark, "mark");
    QTEST(state.sentence, "sentence");
    for (const bool muted : {false, true}) {
        const QImage image = trayPicture(*m_theme, state.mark, muted).pixmap(22).toImage();
        QVERIFY(!image.isNull());
        QCOMPARE(qAlpha(image.pixel(0, 0)), 0);
        QVERIFY(qAlpha(image.pixel(image.width() / 2, image.height() / 2)) > 0);
    }
    QVERIFY(trayPicture(*m_theme, state.mark, false).pixmap(22).toImage() !=
            trayPicture(*m_theme, state.mark, true).pixmap(22).toImage());
    QCOMPARE(trayState({}, {}).mark, theme::Mark::Question);
}

void DesktopTest::theBellTriesOnePlayerAfterTheOther() {
    QTemporaryDir folder;
    const auto script = [&](const QString& name, const QByteArray& body) {
        const QString path = folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write("#!/bin/sh\n" + body) < 0)
            qFatal("no script");
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return path;
    };
    const QString broken = script(u"broken"_s, "exit 1\n");
    const QString works =
        script(u"works"_s, "echo \"$@\" >> " + folder.filePath(u"log"_s).toLocal8Bit() + "\n");
    Bell bell({folder.filePath(u"missing"_s), broken, works});
    QSignalSpy rang(&bell, &Bell::rang);
    bell.ring();
    bell.ring();  // it sounds already
    QTRY_COMPARE(rang.size(), 1);
    QCOMPARE(rang.first().first().toString(), works);
    QFile log(folder.filePath(u"log"_s));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray played = log.readAll().trimmed();
    QVERIFY2(played.endsWith(".wav") && !played.contains('\n'), played.constData());
    QVERIFY(QFile::exists(QString::fromLocal8Bit(played)));
    const QString hangs = script(u"hangs"_s, "exec sleep 600\n");
    Bell patient({hangs, works});
    patient.setPatience(std::chrono::milliseconds(100));
    QSignalSpy rangAnyway(&patient, &Bell::rang);
    patient.ring();
    QTRY_COMPARE(rangAnyway.size(), 1);
    QCOMPARE(rangAnyway.first().first().toString(), works);
    Bell beeps{QStringList{}};
    QSignalSpy beeped(&beeps, &Bell::rang);
    beeps.ring();
    QCOMPARE(beeped.first().first().toString(), QString());
}

void DesktopTest::theBellIsAWavFile() {
    const QByteArray sound = bellSound();
    QVERIFY(sound.startsWith("RIFF") && sound.mid(8, 8) == "WAVEfmt ");
    QCOMPARE(sound.size(), 44 + int(22050 * 0.7) * 2);
    int loudest = 0;
    for (qsizetype i = 44; i + 1 < sound.size(); i += 2)
        loudest =
            std::max(loudest, std::abs(int(qFromLittleEndian<qint16>(sound.constData() + i))));
    QVERIFY2(loudest > 8000 && loudest < 32000, qPrintable(QString::number(loudest)));
}

QTEST_MAIN(DesktopTest)
#include "tst_desktop.moc"

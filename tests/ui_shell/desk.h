// The whole window on a real console, store and ledger, in a folder of its own; the sources are fed
// by hand and the clock stands.
#pragma once
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "console/console.h"
#include "ui/shell/mainwindow.h"

namespace tocsin::ui {

/// Takes everything that is posted.
class Listener : public Notifier {
public:
    QVector<Message> split(const Message& message) const override { return {message}; }
    QFuture<Result<Delivery>> post(const Message&) override {
        return QtFuture::makeReadyFuture(
            Result<Delivery>(Delivery{QStringLiteral("1"), QDateTime::currentDateTimeUtc()}));
    }
    QByteArray preview(const Message& part) const override { return part.text.toUtf8(); }
    bool repeatsAreSafe() const override { return true; }
};

inline Alert firing(const QString& key, Severity severity, const QString& summary,
                    const QDateTime& since) {
    Alert made;
    made.fingerprint = key;
    made.key = key;
    made.source = QStringLiteral("prod");
    made.severity = severity;
    made.summary = summary;
    made.startsAt = since;
    made.updatedAt = since;
    made.labels = {{QStringLiteral("alertname"), key},
                   {QStringLiteral("service"), QStringLiteral("app")}};
    return made;
}

/// What a test of the whole window is built on: derive, and call open().
class Desk : public QObject {
protected:
    /// Writes tocsin.yaml, opens the console on it and shows its window.
    void open(const QByteArray& workspace) {
        close();
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<TestClock>();
        m_theme = std::make_unique<theme::Theme>(theme::Mode::Dark);
        m_theme->applyTo(*qApp);
        qputenv("USER", "ada");
        QFile file(m_folder->filePath(QStringLiteral("tocsin.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(workspace);
        file.close();
        auto opened = console::Console::open(
            {m_folder->path(), m_folder->filePath(QStringLiteral("data"))}, *m_clock);
        QTRY_VERIFY(opened.isFinished());
        QVERIFY2(opened.result().has_value(),
                 qPrintable(opened.result() ? QString() : opened.result().error().message));
        m_console = *opened.result();
        begin();
        m_window = std::make_unique<MainWindow>(*m_console, *m_theme);
        m_window->show();
        (void)QTest::qWaitForWindowActive(m_window.get());
    }

    /// What happens before the window is there: channels, and who delivers.
    virtual void begin() {
        m_console->dispatcher().addChannel(QStringLiteral("incidents"),
                                           std::make_unique<Listener>());
        m_console->startDelivery();
    }

    void close() {
        m_window.reset();
        m_console.reset();
    }

    /// Each state in light where there is little room and in dark where there is more; with
    /// TOCSIN_ALL_PICTURES in all four.
    static bool isPictured(bool dark, const QSize& size) {
        return qEnvironmentVariableIsSet("TOCSIN_ALL_PICTURES") || dark == (size.width() == 1600);
    }

    void dress(bool dark, const QSize& size) {
        m_theme->setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
        m_theme->applyTo(*qApp);
        m_window->resize(size);
    }

    /// Nothing asks for more room than there is; TOCSIN_PICTURES names a folder for the picture.
    void picture(const QString& kind, const QSize& size) {
        using namespace Qt::StringLiterals;
        for (int turn = 0; turn < 60; ++turn)
            QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCOMPARE(m_window->size(), size);
        const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
        if (folder.isEmpty()) return;
        QVERIFY(QDir().mkpath(folder));
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        QVERIFY(withItsLists().save(u"%1/%2-%3.png"_s.arg(folder, kind, name)));
    }

    /// A list that hangs over the window is a window of its own.
    QImage withItsLists() {
        QImage whole = m_window->grab().toImage();
        QPainter painter(&whole);
        for (QWidget* each : QApplication::topLevelWidgets())
            if (each->isVisible() && each != m_window.get())
                painter.drawPixmap(m_window->mapFromGlobal(each->pos()), each->grab());
        return whole;
    }

    /// Three alerts that fire, or that none does.
    void feed(bool clear = false) {
        using namespace Qt::StringLiterals;
        const QDateTime now = m_clock->now();
        QVector<Alert> alerts;
        if (!clear)
            alerts = {firing(u"database_connections"_s, Severity::Critical,
                             u"Pool at 97 % of 100"_s, now.addSecs(-761)),
                      firing(u"error_rate"_s, Severity::Critical, u"7.4 % of requests, limit 5 %"_s,
                             now.addSecs(-662)),
                      firing(u"disk_usage"_s, Severity::Warning, u"Worker-2 disk at 83 %"_s,
                             now.addSecs(-4929))};
        m_console->board().addSource(u"prod"_s, std::chrono::hours(24));
        m_console->board().accept({u"prod"_s, now, alerts});
        QTRY_COMPARE(m_console->board().alerts().size(), alerts.size());
    }

    void declareFrom(const QStringList& keys) {
        QVector<Alert> alerts;
        for (const Alert& each : m_console->board().alerts())
            if (keys.contains(each.key)) alerts << each;
        const auto before = m_console->journal().open().size();
        m_window->declare(alerts);
        QTest::keyClick(find<QLineEdit>("declareTitle"), Qt::Key_Return);
        QTRY_COMPARE(m_console->journal().open().size(), before + 1);
        QTRY_VERIFY(find<QWidget>("incidentBar")->isVisible());
    }

    template <typename T>
    T* find(const char* name) {
        T* found = m_window->findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no widget named %s", name);
        return found;
    }
    void press(const char* name) { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    void type(const char* name, const QString& text) {
        find<QLineEdit>(name)->clear();
        QTest::keyClicks(find<QLineEdit>(name), text);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<theme::Theme> m_theme;
    std::shared_ptr<console::Console> m_console;
    std::unique_ptr<MainWindow> m_window;
};

}  // namespace tocsin::ui

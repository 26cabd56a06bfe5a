// The incident's widgets, driven as a person would, on a real store and ledger.
#include <QApplication>
#include <QBoxLayout>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>

#include "ui/incident/composerpane.h"
#include "ui/incident/declarepanel.h"
#include "ui/incident/exporting.h"
#include "ui/incident/incidentbar.h"
#include "ui/incident/ledgerview.h"
#include "ui/incident/timelinepane.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Confirms everything at once and keeps what it was given.
class Listener : public Notifier {
public:
    explicit Listener(QVector<Message>& heard) : m_heard(heard) {}
    QVector<Message> split(const Message& message) const override { return {message}; }
    QFuture<Result<Delivery>> post(const Message& part) override {
        m_heard << part;
        return QtFuture::makeReadyFuture(
            Result<Delivery>(Delivery{u"1"_s, QDateTime::currentDateTimeUtc()}));
    }
    QByteArray preview(const Message& part) const override { return "BODY " + part.text.toUtf8(); }
    bool repeatsAreSafe() const override { return true; }

private:
    QVector<Message>& m_heard;
};

escalation::Policy ladderOfThree() {
    escalation::Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary"_s, 0min, u"primary"_s, {}, {}},
                     {u"Secondary"_s, 15min, u"secondary"_s, {}, {}},
                     {u"Lead"_s, 30min, u"team"_s, {}, {}}};
    policy.start = {{u"P1"_s, 2}};
    return policy;
}

/// Everything below the window, and the window's incident parts in one column.
struct Desk {
    explicit Desk(const QString& file) : database(std::move(store::Database::open(file).value())) {
        dispatcher.addChannel(u"incidents"_s, std::make_unique<Listener>(heard));
        engine.attach(dispatcher);
        read = [this](const QString& id) {
            return database->read<QVector<delivery::Entry>>(
                [id](store::Transaction& tx) { return delivery::Ledger::ofIncident(tx, id); });
        };
    }

    void open() {
        const IncidentActions::Services services{*current, journal, engine, clock, u"ada"_s};
        auto* column = new QVBoxLayout(&window);
        declare = new DeclarePanel(engine, ladderOfThree(), u"ada"_s);
        bar = new IncidentBar(theme, ticker, services);
        bar->actions().setExport(exportFrom(*database, clock));
        timeline = new TimelinePane(theme, *current, journal, u"ada"_s);
        ledger = new LedgerView(theme, ticker, *current, dispatcher, read);
        composer = new ComposerPane(theme, *current, dispatcher, engine, clock, u"ada"_s);
        composer->setMentions(u"incidents"_s, {{u"team"_s, u"333"_s}});
        declare->setChannels(dispatcher.channels(), u"incidents"_s);
        for (QWidget* each :
             std::initializer_list<QWidget*>{declare, bar, timeline, ledger, composer})
            column->addWidget(each);
        QObject::connect(declare, &DeclarePanel::declared, current.get(), &CurrentIncident::select);
        QObject::connect(ledger, &LedgerView::newestChanged, composer, &ComposerPane::showState);
        window.resize(1280, 800);
        window.show();
        (void)QTest::qWaitForWindowActive(&window);
    }

    template <typename T>
    T* find(const char* name) {
        T* found = window.findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no widget named %s", name);
        return found;
    }
    void press(const char* name) { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    void type(const char* name, const QString& text) {
        auto* field = find<QLineEdit>(name);
        field->setFocus();
        field->clear();
        QTest::keyClicks(field, text);
    }
    QString text(const char* name) { return find<QLabel>(name)->text(); }
    QStringList kinds() {
        QStringList out;
        auto* list = find<QListView>("timelineList");
        for (int i = 0; i < list->model()->rowCount(); ++i)
            out << list->model()->index(i, 0).data(TimelineModelKind).toString();
        return out;
    }

    static constexpr int TimelineModelKind = Qt::UserRole + 3;
    QVector<Message> heard;
    TestClock clock;
    theme::Theme theme{theme::Mode::Dark};
    theme::Ticker ticker{clock};
    std::unique_ptr<store::Database> database;
    incidents::Journal journal{*database, clock};
    delivery::Dispatcher dispatcher{*database, clock};
    escalation::Engine engine{*database, journal, ladderOfThree(), clock};
    std::unique_ptr<CurrentIncident> current = std::make_unique<CurrentIncident>(journal);
    ReadMessages read;
    QWidget window;
    DeclarePanel* declare = nullptr;
    IncidentBar* bar = nullptr;
    TimelinePane* timeline = nullptr;
    LedgerView* ledger = nullptr;
    ComposerPane* composer = nullptr;
};

Alert firing() {
    Alert alert;
    alert.fingerprint = u"f1"_s;
    alert.source = u"prod"_s;
    alert.key = u"database_connections"_s;
    alert.severity = Severity::Critical;
    alert.summary = u"Database connections exhausted"_s;
    return alert;
}

}  // namespace

class TestIncidentWindow : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void twoKeysDeclare();
    void titleIsAsked();
    void phasesAdvance();
    void holdNeedsAReason();
    void escalatingAsksFirst();
    void updateBecomesOverdue();
    void noteIsKept();
    void updateLeavesAndIsConfirmed();
    void previewIsExact();
    void resolveAndExport();
    void nothingIsShownWithoutIncident();

private:
    void declareOne();
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Desk> m_desk;
};

void TestIncidentWindow::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_desk = std::make_unique<Desk>(m_folder->filePath(u"tocsin.sqlite"_s));
    auto loaded = m_desk->journal.load();
    auto started = m_desk->dispatcher.start();
    auto armed = m_desk->engine.start();
    QTRY_VERIFY(loaded.isFinished() && started.isFinished() && armed.isFinished());
    m_desk->theme.applyTo(*qApp);
    m_desk->open();
}

void TestIncidentWindow::cleanup() {
    m_desk.reset();
    m_folder.reset();
}

void TestIncidentWindow::declareOne() {
    m_desk->declare->propose({firing()});
    QTest::keyClick(m_desk->find<QLineEdit>("declareTitle"), Qt::Key_Return);
    QTRY_VERIFY(m_desk->current->isOpen());
    QTRY_VERIFY(m_desk->bar->isVisible());
}

void TestIncidentWindow::nothingIsShownWithoutIncident() {
    QVERIFY(!m_desk->bar->isVisible());
    QVERIFY(!m_desk->declare->isVisible());
    QVERIFY(!m_desk->find<QLineEdit>("noteField")->isEnabled());
}

void TestIncidentWindow::twoKeysDeclare() {
    declareOne();
    QTRY_VERIFY(!m_desk->declare->isVisible());
    const auto& incident = *m_desk->current->incident();
    QCOMPARE(incident.title, u"Database connections exhausted"_s);
    QCOMPARE(incident.priority, incidents::Priority::P1);
    QCOMPARE(incident.alerts, QStringList{u"prod/f1"_s});
    QCOMPARE(incident.commander, u"ada"_s);
    QCOMPARE(m_desk->text("incidentPriority"), u"P1"_s);
    QVERIFY(m_desk->text("incidentMeta").contains(u"you command"_s));
    // P1 begins at level 2: its page leaves once and is confirmed on the bar and in the timeline.
    QTRY_COMPARE(m_desk->heard.size(), 1);
    QCOMPARE(m_desk->heard.first().mentions, QStringList{u"secondary"_s});
    QTRY_VERIFY(m_desk->find<QWidget>("ladder")->accessibleDescription().contains(u"delivered"_s));
    QTRY_VERIFY(m_desk->kinds().contains(u"declared"_s) &&
                m_desk->kinds().contains(u"delivered"_s));
}

void TestIncidentWindow::titleIsAsked() {
    m_desk->declare->propose({});
    QVERIFY(m_desk->declare->isVisible());
    m_desk->press("declareConfirm");
    QVERIFY(m_desk->find<QLabel>("declareError")->isVisible());
    QVERIFY(!m_desk->current->incident());
    m_desk->press("declarePriority_P2");
    QVERIFY(m_desk->text("declareEffect").contains(u"Primary"_s));
    QTest::keyClick(m_desk->find<QLineEdit>("declareTitle"), Qt::Key_Escape);
    QVERIFY(!m_desk->declare->isVisible());
}

void TestIncidentWindow::phasesAdvance() {
    declareOne();
    m_desk->press("phaseNext");
    QTRY_COMPARE(m_desk->current->incident()->phase, incidents::Phase::Assess);
    m_desk->press("phaseNext");
    QTRY_COMPARE(m_desk->current->incident()->phase, incidents::Phase::Investigate);
    QCOMPARE(m_desk->find<QLabel>("phaseLine")->accessibleName(), u"Phase: Investigate"_s);
}

void TestIncidentWindow::holdNeedsAReason() {
    declareOne();
    m_desk->press("holdButton");
    m_desk->press("holdConfirm");
    QVERIFY(m_desk->find<QLabel>("holdFormError")->isVisible());
    m_desk->type("holdReason", u"both are on the call"_s);
    m_desk->press("holdConfirm");
    QTRY_VERIFY(m_desk->engine.ladder(m_desk->current->id()).held);
    QTRY_COMPARE(m_desk->find<QPushButton>("holdButton")->text(), u"Release"_s);
    QTRY_VERIFY(!m_desk->find<QWidget>("holdForm")->isVisible());
    m_desk->press("holdButton");
    QTRY_VERIFY(!m_desk->engine.ladder(m_desk->current->id()).held);
}

void TestIncidentWindow::escalatingAsksFirst() {
    declareOne();
    QTRY_COMPARE(m_desk->heard.size(), 1);
    m_desk->press("escalateNow");
    QVERIFY(m_desk->find<QWidget>("escalateForm")->accessibleName().contains(u"Lead (@team)"_s));
    QCOMPARE(m_desk->heard.size(), 1);
    m_desk->press("escalateConfirm");
    QTRY_COMPARE(m_desk->heard.size(), 2);
    QCOMPARE(m_desk->heard.last().mentions, QStringList{u"team"_s});
}

void TestIncidentWindow::updateBecomesOverdue() {
    declareOne();
    QVERIFY(m_desk->text("updateDue").startsWith(u"update due in"_s));
    m_desk->clock.advance(6min);
    QVERIFY(m_desk->text("updateDue").startsWith(u"update overdue by"_s));
    QCOMPARE(m_desk->find<QLabel>("updateDue")->property("role").toString(), u"criticalChip"_s);
    QVERIFY(m_desk->text("incidentTimer") >= u"00:06:00"_s);
}

void TestIncidentWindow::noteIsKept() {
    declareOne();
    m_desk->type("noteField", u"pool at 97 of 100"_s);
    QTest::keyClick(m_desk->find<QLineEdit>("noteField"), Qt::Key_Return);
    QTRY_VERIFY(m_desk->kinds().contains(u"note"_s));
    QTRY_VERIFY(m_desk->find<QLineEdit>("noteField")->text().isEmpty());
}

void TestIncidentWindow::updateLeavesAndIsConfirmed() {
    declareOne();
    QTRY_COMPARE(m_desk->heard.size(), 1);
    QVERIFY(!m_desk->find<QPushButton>("composerSend")->isEnabled());
    QTest::keyClicks(m_desk->find<QPlainTextEdit>("composerText"), u"Uploads stay degraded"_s);
    QCOMPARE(m_desk->text("composerCount"), u"21 / 2000"_s);
    m_desk->press("mention_team");
    m_desk->press("composerSend");
    QTRY_COMPARE(m_desk->heard.size(), 2);
    QCOMPARE(m_desk->heard.last().text, u"Uploads stay degraded"_s);
    QCOMPARE(m_desk->heard.last().mentions, QStringList{u"team"_s});
    QTRY_VERIFY(m_desk->text("composerState").contains(u"delivered"_s));
    QVERIFY(m_desk->find<QPlainTextEdit>("composerText")->toPlainText().isEmpty());
    QTRY_VERIFY(m_desk->current->incident()->lastUpdateAt.isValid());
    QTRY_COMPARE(m_desk->ledger->model()->rowCount(), 2);
}

void TestIncidentWindow::previewIsExact() {
    declareOne();
    QTest::keyClicks(m_desk->find<QPlainTextEdit>("composerText"), u"hello"_s);
    m_desk->press("composerPreview");
    QCOMPARE(m_desk->find<QTextBrowser>("composerPreviewText")->toPlainText(), u"BODY hello"_s);
}

void TestIncidentWindow::resolveAndExport() {
    declareOne();
    m_desk->press("resolveButton");
    m_desk->press("resolveConfirm");
    QVERIFY(m_desk->find<QLabel>("resolveFormError")->isVisible());
    m_desk->type("resolveText", u"ended session 24817"_s);
    m_desk->press("resolveConfirm");
    QTRY_VERIFY(m_desk->current->incident() && !m_desk->current->isOpen());
    QTRY_VERIFY(m_desk->find<QPushButton>("exportPostMortem")->isVisible());
    m_desk->press("exportPostMortem");
    const QString path = m_folder->filePath(u"after.md"_s);
    m_desk->find<QLineEdit>("exportPath")->setText(path);
    m_desk->press("exportConfirm");
    QTRY_VERIFY(QFile::exists(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("ended session 24817"));
    m_desk->press("dismissIncident");
    QVERIFY(!m_desk->bar->isVisible());
}

QTEST_MAIN(TestIncidentWindow)
#include "tst_incidentwindow.moc"

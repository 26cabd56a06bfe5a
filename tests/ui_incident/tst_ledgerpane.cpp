#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "incidents/events.h"
#include "incidents/journal.h"
#include "tests/delivery/stubnotifier.h"
#include "tests/support/await.h"
#include "ui/incident/ledgermodel.h"
#include "ui/incident/ledgerpane.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace tocsin::test;
using namespace Qt::StringLiterals;
using delivery::Entry;
using delivery::EntryState;
using Kind = StubNotifier::Kind;

namespace {

escalation::Policy oneLevel() {
    escalation::Policy policy;
    policy.channel = u"incidents"_s;
    escalation::Level level;
    level.name = u"Primary"_s;
    policy.levels = {level};
    return policy;
}

/// The pane on a real store, with a channel that does what a test says.
struct Room {
    explicit Room(const QString& file) : database(std::move(store::Database::open(file).value())) {
        auto made = std::make_unique<StubNotifier>();
        channel = made.get();
        dispatcher.addChannel(u"incidents"_s, std::move(made));
        engine.attach(dispatcher);
        const ReadMessages read = [this](const QString& id) {
            return database->read<QVector<Entry>>([id](store::Transaction& tx) {
                return id.isEmpty() ? delivery::Ledger::newest(tx, 100)
                                    : delivery::Ledger::ofIncident(tx, id);
            });
        };
        view = new LedgerView(theme, ticker, *current, dispatcher, read);
        stopped.setDeliverer(console::StoppedChannels::Deliverer::Here);
        pane = std::make_unique<LedgerPane>(view, stopped, dispatcher, engine, u"ada"_s);
        theme.applyTo(*qApp);
        pane->resize(990, 320);
        pane->show();
    }
    template <typename T>
    T* find(const char* name) {
        T* found = pane->findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no widget named %s", name);
        return found;
    }
    void press(const char* name) { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    void choose(const QString& event) {
        for (int row = 0; row < view->model()->rowCount(); ++row) {
            view->selectRow(row);
            if (view->chosen() && view->chosen()->event == event) return;
        }
        QFAIL("no such message");
    }
    int rows() { return view->model()->rowCount(); }
    void post(const QString& incident, const QString& event, const QString& text) {
        Message message;
        message.event = event;
        message.text = text;
        QVERIFY(await(engine.post(incident, u"incidents"_s, message, u"ada"_s)));
    }

    TestClock clock;
    theme::Theme theme{theme::Mode::Dark};
    theme::Ticker ticker{clock};
    std::unique_ptr<store::Database> database;
    incidents::Journal journal{*database, clock};
    delivery::Dispatcher dispatcher{*database, clock};
    console::StoppedChannels stopped{*database, dispatcher};
    escalation::Engine engine{*database, journal, oneLevel(), clock};
    std::unique_ptr<CurrentIncident> current = std::make_unique<CurrentIncident>(journal);
    StubNotifier* channel = nullptr;
    LedgerView* view = nullptr;
    std::unique_ptr<LedgerPane> pane;
};

}  // namespace

class LedgerPaneTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_room.reset(); }
    void filters();
    void sendsADeliveredMessageAgain();
    void callsBackWhatWaits();
    void showsAStoppedChannelAndLetsItTryAgain();
    void showsTestPostsAmongEverything();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Room> m_room;
    QString m_incident;
};

void LedgerPaneTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_room = std::make_unique<Room>(m_folder->filePath(u"tocsin.db"_s));
    QVERIFY(await(m_room->journal.load()));
    QVERIFY(await(m_room->dispatcher.start()));
    incidents::Declaration declaration;
    declaration.title = u"Uploads fail"_s;
    m_incident = await(m_room->engine.declare(declaration)).value();
    m_room->current->select(m_incident);
    QTRY_COMPARE(m_room->rows(), 1);
    QTRY_COMPARE(m_room->channel->arrived.size(), 1);
}

void LedgerPaneTest::filters() {
    m_room->channel->script = {{Kind::Fails, Error{ErrorCode::Refused, u"too long"_s, {}}}};
    m_room->post(m_incident, u"x"_s, u"about the queue"_s);
    QTRY_COMPARE(m_room->rows(), 2);
    auto* words = m_room->find<QLineEdit>("ledgerFilter");
    words->setText(u"QUEUE #incidents"_s);
    QCOMPARE(m_room->rows(), 1);
    words->clear();
    auto* states = m_room->find<QComboBox>("ledgerStates");
    QTRY_VERIFY([&] {
        states->setCurrentIndex(0);
        states->setCurrentIndex(2);
        return m_room->rows() == 1;
    }());
    m_room->choose(u"x"_s);
    QVERIFY(m_room->find<QLabel>("ledgerDetail")->text().contains(u"too long"_s));
    QVERIFY(!m_room->find<QPushButton>("ledgerCallBack")->isEnabled());
    states->setCurrentIndex(3);
    QCOMPARE(m_room->rows(), 1);
}

void LedgerPaneTest::sendsADeliveredMessageAgain() {
    m_room->choose(m_incident + u"/level-1"_s);
    QTRY_COMPARE(m_room->view->chosen()->state, EntryState::Confirmed);
    m_room->press("ledgerSendAgain");
    auto* form = m_room->find<QWidget>("ledgerAgainForm");
    QVERIFY(form->isVisible());
    QCOMPARE(m_room->channel->arrived.size(), 1);  // asked, not done
    m_room->press("ledgerAgainConfirm");
    QTRY_COMPARE(m_room->channel->arrived.size(), 2);
    QVERIFY(m_room->channel->arrived.last().possibleRepeat);
    QTRY_COMPARE(m_room->rows(), 2);
    QTRY_VERIFY(!form->isVisible());
    const auto events = await(m_room->database->read<QVector<incidents::Event>>(
        [](store::Transaction& tx) { return incidents::eventsAfter(tx, 0); }));
    QVERIFY(std::any_of(events->begin(), events->end(), [](const incidents::Event& event) {
        return event.kind == u"sent_again"_s && event.actor == u"ada"_s;
    }));
}

void LedgerPaneTest::callsBackWhatWaits() {
    m_room->channel->script = {{Kind::Fails, Error{ErrorCode::Unavailable, u"busy"_s, {}}}};
    m_room->post(m_incident, u"x"_s, u"wrong words"_s);
    QTRY_COMPARE(m_room->rows(), 2);
    m_room->choose(u"x"_s);
    QTRY_VERIFY([&] {
        return m_room->view->chosen()->tries == 1 &&
               m_room->view->chosen()->state == EntryState::Intent;
    }());
    m_room->press("ledgerCallBack");
    m_room->press("ledgerBackConfirm");
    QTRY_VERIFY(!m_room->find<QWidget>("ledgerBackForm")->isVisible());
    m_room->clock.advance(std::chrono::minutes(2));
    QTRY_VERIFY(!m_room->dispatcher.isBusy());
    QCOMPARE(m_room->channel->arrived.size(), 1);
}

void LedgerPaneTest::showsAStoppedChannelAndLetsItTryAgain() {
    m_room->channel->script = {{Kind::Fails, Error{ErrorCode::Auth, u"The token is gone."_s, {}}}};
    m_room->post(m_incident, u"x"_s, u"words"_s);
    auto* trouble = m_room->find<QWidget>("ledgerTrouble");
    QTRY_VERIFY(trouble->isVisible());
    QVERIFY(m_room->find<QLabel>("ledgerTroubleText")->text().contains(u"The token is gone."_s));
    const QString shots = qEnvironmentVariable("TOCSIN_SHOTS");
    if (!shots.isEmpty()) {
        m_room->choose(u"x"_s);
        m_room->press("ledgerSendAgain");
        m_room->pane->grab().save(shots + u"/ledger.png"_s);
    }
    m_room->press("ledgerResume");
    QTRY_COMPARE(m_room->channel->arrived.size(), 2);
    QTRY_VERIFY(!trouble->isVisible());
}

void LedgerPaneTest::showsTestPostsAmongEverything() {
    m_room->post({}, u"test/1"_s, u"a test"_s);
    QTRY_COMPARE(m_room->channel->arrived.size(), 2);
    QCOMPARE(m_room->rows(), 1);
    m_room->find<QCheckBox>("ledgerEverything")->setChecked(true);
    QTRY_COMPARE(m_room->rows(), 2);
}

QTEST_MAIN(LedgerPaneTest)
#include "tst_ledgerpane.moc"

// What becomes of messages, in the whole window: channels that are stopped, messages that wait,
// test posts and previews.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTextBrowser>

#include "tests/ui_shell/desk.h"
#include "ui/desktop/desktop.h"
#include "ui/theme/chip.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const char kStudio[] =
    "workspace: {name: Studio}\n"
    "runbooks: []\n"
    "sources:\n"
    "  - {name: prod, kind: alertmanager, url: http://127.0.0.1:1, every: 10s}\n"
    "channels:\n"
    "  - {name: incidents, kind: discord, webhook: \"env:TOCSIN_TEST_NO_SUCH_SECRET\"}\n"
    "  - {name: alerts, kind: discord, webhook: \"env:TOCSIN_TEST_NO_SUCH_SECRET\"}\n"
    "feed: {channel: alerts}\n"
    "escalation:\n"
    "  channel: incidents\n"
    "  levels:\n"
    "    - {name: Primary on-call, after: 0m}\n"
    "    - {name: Secondary on-call, after: 15m}\n"
    "    - {name: Engineering lead, after: 30m}\n"
    "incidents:\n"
    "  silence: 0\n";

Message saying(const QString& text) {
    Message message;
    message.text = text;
    return message;
}

/// What a message looks like, for comparing.
QByteArray bodyOf(const Message& message) {
    QStringList lines{message.text};
    for (const Embed& embed : message.embeds) {
        lines << embed.title << embed.description;
        for (const EmbedField& field : embed.fields)
            lines << field.name + u": "_s + field.value;
    }
    return lines.join(u'\n').trimmed().toUtf8();
}

/// Answers 404 while it is gone, keeps an answer back while it stalls, and remembers what arrived.
class Place : public Notifier {
public:
    QVector<Message> split(const Message& message) const override { return {message}; }
    QFuture<Result<Delivery>> post(const Message& part) override {
        if (gone)
            return QtFuture::makeReadyFuture(Result<Delivery>(
                fail(ErrorCode::NotFound, u"The webhook was deleted over there (404)."_s)));
        arrived << part;
        if (stalls) {
            m_stalled = std::make_unique<QPromise<Result<Delivery>>>();
            m_stalled->start();
            return m_stalled->future();
        }
        return QtFuture::makeReadyFuture(Result<Delivery>(
            Delivery{QString::number(arrived.size()), QDateTime::currentDateTimeUtc()}));
    }
    QByteArray preview(const Message& part) const override { return bodyOf(part); }
    bool repeatsAreSafe() const override { return true; }

    bool gone = false, stalls = false;
    QVector<Message> arrived;

private:
    std::unique_ptr<QPromise<Result<Delivery>>> m_stalled;
};

}  // namespace

class TestMessages : public Desk {
    Q_OBJECT
private slots:
    void init() { open(kStudio); }
    void cleanup() {
        close();
        m_otherOwner.reset();
        m_otherStore.reset();
        m_behindAnother = false;
    }
    void aStoppedFeedIsLoudWithoutAnIncident();
    void whatWaitsElsewhereIsLoudToo();
    void whatIsDivertedElsewhereIsLoudToo();
    void messagesAreReachableWithoutAnIncident();
    void whatIsQueuedBehindAnotherIsShown();
    void whatWasCalledOffIsShown();
    void anotherOwnersWorkIsShown();
    void aTestPostIsSent();
    void aPageIsShownExactlyAsItIsSent();
    void theCardIsShownExactlyAsItIsSent();
    void theFeedIsShown();

private:
    void begin() override;
    Place* place(const char* channel);
    QString declare();
    void feed();
    bool lists(const QString& words);
    QString stateOf(const QString& words);
    QString raw();

    Place *m_incidents = nullptr, *m_alerts = nullptr;
    bool m_behindAnother = false;
    std::unique_ptr<store::Database> m_otherStore;
    std::unique_ptr<store::Ownership> m_otherOwner;
};

Place* TestMessages::place(const char* channel) {
    auto made = std::make_unique<Place>();
    Place* raw = made.get();
    m_console->dispatcher().addChannel(QString::fromLatin1(channel), std::move(made));
    return raw;
}

void TestMessages::begin() {
    m_incidents = place("incidents");
    m_alerts = place("alerts");
    if (m_behindAnother) {
        const QString folder = m_folder->filePath(u"data"_s);
        m_otherStore = std::move(*store::Database::open(store::Database::fileIn(folder)));
        m_otherOwner = std::make_unique<store::Ownership>(*m_otherStore, folder,
                                                          store::OwnerKind::Console, *m_clock);
        const auto taken = m_otherOwner->tryOnce();
        QTRY_VERIFY(taken.isFinished());
        QVERIFY(m_otherOwner->isHeld());
    }
    m_console->start();
    QTRY_VERIFY((m_clock->advance(1s), m_console->ownership().owner().token > 0));
    QCOMPARE(m_console->ownsEngine(), !m_behindAnother);
}

QString TestMessages::declare() {
    m_window->declare();
    type("declareTitle", u"Uploads fail"_s);
    QTest::keyClick(find<QLineEdit>("declareTitle"), Qt::Key_Return);
    [this] { QTRY_VERIFY(!m_console->journal().open().isEmpty()); }();
    return m_console->journal().open().first().id;
}

void TestMessages::feed() {
    const QDateTime now = m_clock->now();
    m_console->board().accept({u"prod"_s,
                               now,
                               {firing(u"database_connections"_s, Severity::Critical,
                                       u"Pool at 97 % of 100"_s, now.addSecs(-761)),
                                firing(u"error_rate"_s, Severity::Critical,
                                       u"7.4 % of requests, limit 5 %"_s, now.addSecs(-662))}});
    QTRY_COMPARE(m_console->board().alerts().size(), 2);
}

bool TestMessages::lists(const QString& words) {
    return !stateOf(words).isEmpty();
}

QString TestMessages::stateOf(const QString& words) {
    const auto* model = find<QTableView>("ledgerView")->model();
    for (int row = 0; row < model->rowCount(); ++row)
        if (model->index(row, 0).data().toString().contains(words))
            return model->index(row, 2).data().toString();
    return {};
}

QString TestMessages::raw() {
    find<QPushButton>("channelPreviewRaw")->setChecked(true);
    return find<QTextBrowser>("channelPreviewText")->toPlainText().trimmed();
}

void TestMessages::aStoppedFeedIsLoudWithoutAnIncident() {
    QSignalSpy rang(&m_window->findChild<Desktop*>()->bell(), &Bell::rang);
    auto* chip = find<theme::Chip>("channelChip");
    QVERIFY(!chip->isVisible());
    QVERIFY(!find<QWidget>("channelNotice")->isVisible());
    m_alerts->gone = true;
    m_console->board().addSource(u"prod"_s, 24h);
    feed();
    QTRY_VERIFY(!rang.isEmpty());  // for the alerts
    rang.clear();
    QTRY_VERIFY((m_clock->advance(1s), chip->isVisible()));
    QVERIFY(m_console->journal().open().isEmpty());
    QTRY_VERIFY(!rang.isEmpty());  // for the channel
    QCOMPARE(chip->strong(), u"#alerts"_s);
    QCOMPARE(chip->tone(), theme::Tone::Critical);
    QVERIFY(chip->accessibleName().contains(u"deleted over there (404)"_s));
    QVERIFY(find<QWidget>("channelNotice")->isVisible());
    QVERIFY(find<QLabel>("channelNoticeText")->text().contains(u"deleted over there (404)"_s));

    // The line can go; the chip stays, and leads to the messages.
    press("channelDismiss");
    QVERIFY(!find<QWidget>("channelNotice")->isVisible());
    chip->click();
    QVERIFY(find<QWidget>("ledgerPane")->isVisible());
    QTRY_VERIFY(lists(u"database"_s) || lists(u"error"_s));
    QVERIFY(find<QWidget>("ledgerTrouble")->isVisible());

    // Mended over there: it tries again, and everything is calm.
    m_alerts->gone = false;
    press("ledgerResume");
    QTRY_VERIFY((m_clock->advance(1s), !m_alerts->arrived.isEmpty()));
    QTRY_VERIFY(!chip->isVisible());
    QVERIFY(!find<QWidget>("ledgerTrouble")->isVisible());
}

void TestMessages::whatWaitsElsewhereIsLoudToo() {
    m_behindAnother = true;
    open(kStudio);
    auto* chip = find<theme::Chip>("channelChip");
    QVERIFY(!chip->isVisible());
    const auto written = m_otherStore->write<void>([](store::Transaction& tx) -> Result<void> {
        Message message;
        message.event = u"test/1"_s;
        message.text = u"of another process"_s;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        auto entry = delivery::Ledger::intend(tx, {}, u"alerts"_s, message, now);
        if (!entry) return tl::unexpected<Error>(entry.error());
        auto waiting = delivery::Ledger::waiting(
            tx, u"alerts"_s, u"waiting: channel stopped. The token is gone (401)."_s, now);
        if (!waiting) return tl::unexpected<Error>(waiting.error());
        return {};
    });
    QTRY_VERIFY(written.isFinished());
    QVERIFY(written.result().has_value());
    QTRY_VERIFY((m_clock->advance(1s), chip->isVisible()));
    QVERIFY2(chip->accessibleName().contains(u"The token is gone (401). 1 message waits."_s),
             qPrintable(chip->accessibleName()));
    // Only who delivers can try again.
    QVERIFY(!find<QPushButton>("channelTryAgain")->isVisible());
    press("channelMessages");
    QTRY_VERIFY(lists(u"of another process"_s));
}

void TestMessages::whatIsDivertedElsewhereIsLoudToo() {
    m_behindAnother = true;
    open(kStudio);
    auto* chip = find<theme::Chip>("channelChip");
    const auto inStore = [this](std::function<Result<void>(store::Transaction&)> body) {
        const auto written = m_otherStore->write<void>(std::move(body));
        QTRY_VERIFY(written.isFinished());
        QVERIFY(written.result().has_value());
    };
    const auto delivered = [](store::Transaction& tx, const QString& event, const QString& to,
                              const QString& diverted) -> Result<void> {
        Message message;
        message.event = event;
        message.text = event;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        auto entry =
            delivery::Ledger::intend(tx, {}, diverted.isEmpty() ? to : diverted, message, now);
        if (!entry) return tl::unexpected<Error>(entry.error());
        if (!diverted.isEmpty())
            if (auto moved = delivery::Ledger::diverted(tx, diverted, to, u"gone"_s, now); !moved)
                return tl::unexpected<Error>(moved.error());
        auto queued = delivery::Ledger::entry(tx, entry->id);
        if (!queued) return tl::unexpected<Error>(queued.error());
        if (auto sent = delivery::Ledger::sending(tx, *queued, now); !sent)
            return tl::unexpected<Error>(sent.error());
        auto done = delivery::Ledger::confirmed(tx, entry->id, event, now);
        if (!done) return tl::unexpected<Error>(done.error());
        return {};
    };
    inStore([=](auto& tx) { return delivered(tx, u"test/1"_s, u"incidents"_s, u"alerts"_s); });
    QTRY_VERIFY((m_clock->advance(1s), chip->isVisible()));
    QVERIFY2(chip->accessibleName().contains(u"#alerts is stopped"_s) &&
                 chip->accessibleName().contains(u"What comes goes to #incidents."_s),
             qPrintable(chip->accessibleName()));
    // Something arrived there again: it was mended.
    inStore([=](auto& tx) { return delivered(tx, u"test/2"_s, u"alerts"_s, {}); });
    QTRY_VERIFY((m_clock->advance(1s), !chip->isVisible()));
}

void TestMessages::messagesAreReachableWithoutAnIncident() {
    auto* bottom = find<QWidget>("bottomSplitter");
    QVERIFY(!bottom->isVisible());
    const auto posted = m_console->engine().post({}, u"alerts"_s, saying(u"nobody's"_s), u"ada"_s);
    QTRY_VERIFY(posted.isFinished());
    m_window->openPalette();
    QTest::keyClicks(find<QLineEdit>("paletteField"), u"messages of all"_s);
    QTest::keyClick(find<QLineEdit>("paletteField"), Qt::Key_Return);
    QTRY_VERIFY(bottom->isVisible());
    QVERIFY(find<QWidget>("ledgerPane")->isVisible());
    QVERIFY(!find<QWidget>("composerPane")->isVisible());
    QTRY_VERIFY(lists(u"nobody's"_s));
    press("messagesClose");
    QVERIFY(!bottom->isVisible());
    declare();
    QTRY_VERIFY(bottom->isVisible());
    QVERIFY(find<QWidget>("composerPane")->isVisible());
    QVERIFY(find<QWidget>("timelinePane")->isVisible());
    QVERIFY(!find<QPushButton>("messagesClose")->isVisible());
}

void TestMessages::whatIsQueuedBehindAnotherIsShown() {
    m_incidents->stalls = true;
    const QString id = declare();
    QTRY_COMPARE(m_incidents->arrived.size(), 1);
    for (const QString& text : {u"the first update"_s, u"the second update"_s}) {
        const auto posted = m_console->engine().post(id, u"incidents"_s, saying(text), u"ada"_s);
        QTRY_VERIFY(posted.isFinished());
    }
    QTRY_VERIFY(lists(u"the second update"_s));
    QCOMPARE(stateOf(u"the first update"_s), u"waiting"_s);
    QCOMPARE(m_incidents->arrived.size(), 1);
}

void TestMessages::whatWasCalledOffIsShown() {
    m_incidents->gone = true;
    const QString id = declare();
    QTRY_COMPARE(stateOf(u"level 1"_s), u"waits to try again"_s);
    const auto done = m_console->engine().acknowledge(id, u"ada"_s);
    QTRY_VERIFY(done.isFinished());
    QTRY_COMPARE(stateOf(u"level 1"_s), u"cancelled"_s);
}

void TestMessages::anotherOwnersWorkIsShown() {
    m_behindAnother = true;
    open(kStudio);
    declare();
    QTRY_COMPARE(stateOf(u"level 1"_s), u"waiting"_s);
    const auto sent = m_otherStore->write<void>([](store::Transaction& tx) -> Result<void> {
        const QDateTime now = QDateTime::currentDateTimeUtc();
        auto head = delivery::Ledger::head(tx, u"incidents"_s);
        if (!head || !*head) return fail(ErrorCode::NotFound, u"nothing waits"_s);
        auto sending = delivery::Ledger::sending(tx, **head, now);
        if (!sending) return tl::unexpected<Error>(sending.error());
        auto there = delivery::Ledger::confirmed(tx, sending->id, u"77"_s, now);
        return there ? Result<void>() : Result<void>(tl::unexpected<Error>(there.error()));
    });
    QTRY_VERIFY(sent.isFinished());
    QVERIFY(sent.result().has_value());
    QTRY_VERIFY((m_clock->advance(1s), stateOf(u"level 1"_s) == u"delivered"));
}

void TestMessages::aTestPostIsSent() {
    find<QTabWidget>("paneTabs")->setCurrentWidget(find<QWidget>("channelsPane"));
    press("channelTest_alerts");
    QTRY_COMPARE(m_alerts->arrived.size(), 1);
    QVERIFY(m_alerts->arrived.first().text.startsWith(u"Test post from Tocsin"_s));
    QVERIFY(m_alerts->arrived.first().silent);
    QVERIFY(m_alerts->arrived.first().mentions.isEmpty());
    auto* result = find<QLabel>("channelResult_alerts");
    QTRY_VERIFY2(result->text().startsWith(u"Test post: delivered"_s), qPrintable(result->text()));
    m_alerts->gone = true;
    press("channelTest_alerts");
    QTRY_VERIFY(result->text().contains(u"deleted over there (404)"_s));
    QTRY_VERIFY(find<QLabel>("channelState_alerts")->text().contains(u"#alerts is stopped"_s));
    QVERIFY(find<QPushButton>("channelTry_alerts")->isVisible());
    QCOMPARE(m_incidents->arrived.size(), 0);
}

void TestMessages::aPageIsShownExactlyAsItIsSent() {
    find<QTabWidget>("paneTabs")->setCurrentWidget(find<QWidget>("channelsPane"));
    QVERIFY(raw().contains(u"An example"_s));
    declare();
    QTRY_VERIFY(!m_incidents->arrived.isEmpty());
    QTRY_COMPARE(raw(), QString::fromUtf8(bodyOf(m_incidents->arrived.first())));
    find<QComboBox>("channelPreviewWhat")->setCurrentIndex(1);
    QVERIFY(raw().contains(u"level 2 Secondary on-call"_s));
}

void TestMessages::theCardIsShownExactlyAsItIsSent() {
    find<QTabWidget>("paneTabs")->setCurrentWidget(find<QWidget>("channelsPane"));
    auto* what = find<QComboBox>("channelPreviewWhat");
    what->setCurrentText(u"Card of the incident"_s);
    QVERIFY(raw().contains(u"An example"_s));
    declare();
    const auto card = [this] {
        for (auto it = m_incidents->arrived.crbegin(); it != m_incidents->arrived.crend(); ++it)
            if (it->event.contains(u"/card"_s)) return QString::fromUtf8(bodyOf(*it));
        return QString();
    };
    QTRY_VERIFY((m_clock->advance(6s), !card().isEmpty()));
    // What happened meanwhile leaves as one edit.
    for (int turn = 0; turn < 4; ++turn) {
        m_clock->advance(6s);
        QTRY_VERIFY(!m_console->dispatcher().isBusy());
    }
    QTRY_VERIFY2((what->setCurrentIndex(0), what->setCurrentText(u"Card of the incident"_s),
                  QTest::qWaitFor([&] { return raw() == card(); }, 200)),
                 qPrintable(raw() + u"\n---\n"_s + card()));
}

void TestMessages::theFeedIsShown() {
    find<QTabWidget>("paneTabs")->setCurrentWidget(find<QWidget>("channelsPane"));
    m_console->board().addSource(u"prod"_s, 24h);
    feed();
    QTRY_VERIFY((m_clock->advance(1s), m_alerts->arrived.size() >= 2));
    find<QComboBox>("channelPreviewWhat")->setCurrentText(u"Alert feed"_s);
    const QString shown = raw();
    QVERIFY2(
        std::any_of(m_alerts->arrived.begin(), m_alerts->arrived.end(),
                    [&](const Message& one) { return QString::fromUtf8(bodyOf(one)) == shown; }),
        qPrintable(shown));
}

QTEST_MAIN(TestMessages)
#include "tst_messages.moc"

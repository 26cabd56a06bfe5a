// A console reduced to store, engine, dispatcher and the real Discord channel, for tests to kill at
// any moment.
//   correspondent STORE INCIDENTS     with WEBHOOK, or BOT, CHANNEL_ID and BASE in its environment
// It declares until there are INCIDENTS of them; for each it posts a card, an update to its thread,
// and an edit of the card; every third it resolves, which calls its waiting pages off. It ends by
// itself when all of it is delivered. Each message begins with its event in brackets. What it knows
// to be durable it appends to the file PROMISES.
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <cstdio>

#include "delivery/dispatcher.h"
#include "escalation/engine.h"
#include "plugins/notifiers/discord/discordnotifier.h"
#include "sdk/async.h"
#include "store/ownership.h"

using namespace tocsin;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// The real channel; what it posts begins with its event, so that a test can tell what arrived.
class Signed : public Notifier {
public:
    explicit Signed(std::unique_ptr<Notifier> channel) : m_channel(std::move(channel)) {}

    QVector<Message> split(const Message& message) const override { return {message}; }
    QByteArray preview(const Message& part) const override { return m_channel->preview(part); }
    bool repeatsAreSafe() const override { return m_channel->repeatsAreSafe(); }
    bool canEdit() const override { return true; }
    QFuture<Result<Delivery>> post(const Message& part) override {
        return m_channel->post(named(part));
    }
    QFuture<Result<Delivery>> postInThread(const Message& part, const QString& starter) override {
        return m_channel->postInThread(named(part), starter);
    }
    QFuture<Result<Delivery>> edit(const Message& part, const RemoteMessage& target) override {
        return m_channel->edit(named(part), target);
    }

private:
    static Message named(Message part) {
        part.text = u"[%1] %2"_s.arg(part.event, part.text);
        return part;
    }
    std::unique_ptr<Notifier> m_channel;
};

std::unique_ptr<Notifier> channelOf(Clock& clock) {
    Settings settings;
    settings.name = u"incidents"_s;
    settings.values = {{u"timeout"_s, qint64(250)},
                       {u"channel_id"_s, qEnvironmentVariable("CHANNEL_ID")},
                       {u"base"_s, qEnvironmentVariable("BASE")}};
    settings.secrets = {{u"webhook"_s, Secret(qEnvironmentVariable("WEBHOOK"))},
                        {u"bot"_s, Secret(qEnvironmentVariable("BOT"))}};
    auto made = discord::DiscordNotifier::create(settings, clock);
    if (!made) qFatal("%s", qPrintable(made.error().message));
    return std::make_unique<Signed>(std::move(*made));
}

escalation::Policy policy() {
    escalation::Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary"_s, 0ms, {}, {}, {}}, {u"Lead"_s, 30ms, {}, {}, {}}};
    return policy;
}

Message messageOf(const QString& incident, const QString& what, const QString& replaces,
                  const QString& thread) {
    Message message;
    message.event = incident + what;
    message.text = u"about "_s + incident;
    if (!replaces.isEmpty()) message.replaces = incident + replaces;
    if (!thread.isEmpty()) message.thread = incident + thread;
    return message;
}

class Life : public QObject {
public:
    Life(store::Database& db, Clock& clock, int wanted)
        : m_clock(clock),
          m_wanted(wanted),
          m_journal(db, clock),
          m_engine(db, m_journal, policy(), clock),
          m_dispatcher(db, clock),
          m_promises(qEnvironmentVariable("PROMISES")) {
        if (!m_promises.open(QIODevice::Append)) qFatal("no file for the promises");
        m_dispatcher.addChannel(u"incidents"_s, channelOf(clock));
        m_engine.attach(m_dispatcher);
    }

    void begin(const store::Fence& fence) {
        m_journal.load(100000).then(
            this, [this, fence](const Result<QVector<incidents::Incident>>& known) {
                if (!known) qFatal("%s", qPrintable(known.error().message));
                m_declared = static_cast<int>(known->size());
                (void)m_engine.start(fence);
                (void)m_dispatcher.start(fence);
                goOn(known->isEmpty() ? QString() : newest(*known));
                watchForTheEnd();
            });
    }

private:
    static QString newest(const QVector<incidents::Incident>& known) {
        const auto last = std::max_element(
            known.begin(), known.end(),
            [](const auto& a, const auto& b) { return a.id.mid(4).toInt() < b.id.mid(4).toInt(); });
        return last->id;
    }

    /// The newest incident may lack its messages: a known event is never queued twice.
    void goOn(const QString& incident) {
        if (incident.isEmpty()) return declareNext();
        post({messageOf(incident, u"/card"_s, {}, {}),
              messageOf(incident, u"/update"_s, {}, u"/card"_s),
              messageOf(incident, u"/card-2"_s, u"/card"_s, {})},
             incident);
    }

    void post(QVector<Message> messages, const QString& incident) {
        if (messages.isEmpty()) return finish(incident);
        const Message next = messages.takeFirst();
        m_engine.post(incident, u"incidents"_s, next, u"test"_s)
            .then(this, [=, this](const Result<delivery::Entry>& entry) {
                if (!entry)
                    return tryAgain(entry.error(), [=, this] {
                        post(QVector<Message>{next} + messages, incident);
                    });
                promise(entry->event);
                post(messages, incident);
            });
    }

    void finish(const QString& incident) {
        if (incident.mid(4).toInt() % 3 != 0) return declareNext();
        m_engine.resolve(incident, u"test"_s, u"mended"_s)
            .then(this, [=, this](const Result<void>& done) {
                // Refused: it was resolved in an earlier life.
                if (!done && done.error().code != ErrorCode::Refused)
                    return tryAgain(done.error(), [=, this] { finish(incident); });
                promise(incident + u"/resolved"_s);
                declareNext();
            });
    }

    void declareNext() {
        if (m_declared >= m_wanted) {
            m_done = true;
            return;
        }
        incidents::Declaration declaration;
        declaration.title = u"incident %1"_s.arg(m_declared + 1);
        m_engine.declare(declaration).then(this, [this](const Result<QString>& id) {
            if (!id) return tryAgain(id.error(), [this] { declareNext(); });
            ++m_declared;
            promise(*id + u"/level-1"_s);
            goOn(*id);
        });
    }

    /// As a person would who was told that the disk is full.
    void tryAgain(const Error& error, const std::function<void()>& action) {
        std::printf("%s\n", qPrintable(error.message));
        std::fflush(stdout);
        m_clock.callAfter(200ms, this, action);
    }

    void promise(const QString& event) {
        m_promises.write(event.toUtf8() + '\n');
        m_promises.flush();
    }

    void watchForTheEnd() {
        const auto& open = m_journal.open();
        const bool paged = std::all_of(open.begin(), open.end(), [this](const auto& incident) {
            const auto ladder = m_engine.ladder(incident.id);
            return ladder.rungs.size() == 2 &&
                   std::all_of(ladder.rungs.begin(), ladder.rungs.end(), [](const auto& rung) {
                       return rung.state == escalation::RungState::Delivered;
                   });
        });
        if (m_done && paged && !m_dispatcher.isBusy()) return QCoreApplication::quit();
        m_clock.callAfter(20ms, this, [this] { watchForTheEnd(); });
    }

    Clock& m_clock;
    int m_wanted;
    int m_declared = 0;
    bool m_done = false;
    incidents::Journal m_journal;
    escalation::Engine m_engine;
    delivery::Dispatcher m_dispatcher;
    QFile m_promises;
};

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() != 3) return 2;
    auto db = store::Database::open(arguments.at(1));
    if (!db) qFatal("%s", qPrintable(db.error().message));
    if (!(*db)->openNote().isEmpty()) qFatal("%s", qPrintable((*db)->openNote()));
    // Twenty times as fast, so that pauses and deadlines fall inside the short lives.
    SystemClock clock(20.0);
    store::Ownership ownership(**db, QFileInfo(arguments.at(1)).absolutePath(),
                               store::OwnerKind::Console, clock);
    Life life(**db, clock, arguments.at(2).toInt());
    QObject::connect(&ownership, &store::Ownership::acquired, &life,
                     [&] { life.begin(ownership.fence()); });
    ownership.tryOnce().then(&life, [](const Result<bool>& owns) {
        if (!owns || !*owns) qFatal("the engine of a dead process is still held");
    });
    return QCoreApplication::exec();
}

// How fast the dispatcher empties a channel that sets no limit, beside the same posts without a
// ledger: what its durable steps cost, and that nothing but the channel's own limits holds it back.
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTemporaryDir>
#include <cstdio>

#include "delivery/dispatcher.h"
#include "drill/standindiscord.h"
#include "plugins/notifiers/discord/discordnotifier.h"
#include "sdk/async.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace Qt::StringLiterals;

namespace {

constexpr int kMessages = 1000;

std::unique_ptr<Notifier> channelOf(drill::StandInDiscord& discord, Clock& clock) {
    Settings settings;
    settings.name = u"incidents"_s;
    settings.secrets = {{u"webhook"_s, Secret(discord.addWebhook(u"incidents"_s))}};
    auto made = discord::DiscordNotifier::create(settings, clock);
    if (!made) qFatal("%s", qPrintable(made.error().message));
    return std::move(*made);
}

Message messageOf(int number) {
    Message message;
    message.event = u"INC-%1/level-1"_s.arg(number);
    message.text = u"**P1 Uploads fail** level 1 Primary on-call, %1"_s.arg(number);
    return message;
}

double seconds(const QElapsedTimer& time) {
    return static_cast<double>(time.nsecsElapsed()) / 1e9;
}

/// One after the other, as the order of a channel wants it; nothing is kept.
class Bare : public QObject {
public:
    explicit Bare(Notifier& channel) : m_channel(channel) {}
    double run() {
        QElapsedTimer time;
        time.start();
        next();
        m_loop.exec();
        return seconds(time);
    }

private:
    void next() {
        if (m_sent == kMessages) return m_loop.quit();
        whenDone(m_channel.post(messageOf(m_sent++)), this, [this](const Result<Delivery>& sent) {
            if (!sent) qFatal("%s", qPrintable(sent.error().message));
            next();
        });
    }
    Notifier& m_channel;
    QEventLoop m_loop;
    int m_sent = 0;
};

double delivered(drill::StandInDiscord& discord, Clock& clock, const QString& file) {
    const auto db = std::move(*store::Database::open(file));
    delivery::Dispatcher dispatcher(*db, clock);
    dispatcher.addChannel(u"incidents"_s, channelOf(discord, clock));
    const auto intended =
        test::await(db->write<void>([now = clock.now()](store::Transaction& tx) -> Result<void> {
            for (int i = 0; i < kMessages; ++i)
                if (auto kept = delivery::Ledger::intend(tx, {}, u"incidents"_s, messageOf(i), now);
                    !kept)
                    return tl::unexpected<Error>(kept.error());
            return {};
        }));
    if (!intended) qFatal("%s", qPrintable(intended.error().message));
    QEventLoop loop;
    int confirmed = 0;
    QObject::connect(&dispatcher, &delivery::Dispatcher::entryChanged, &loop,
                     [&](const delivery::Entry& entry) {
                         confirmed += entry.state == delivery::EntryState::Confirmed;
                         if (confirmed == kMessages) loop.quit();
                     });
    QElapsedTimer time;
    time.start();
    (void)dispatcher.start({});
    loop.exec();
    return seconds(time);
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    QTemporaryDir folder(app.arguments().value(1, QDir::tempPath()) + u"/bench-XXXXXX"_s);
    SystemClock clock;
    drill::StandInDiscord discord;
    if (!discord.listen()) qFatal("the stand-in cannot listen");
    const auto channel = channelOf(discord, clock);
    const double bare = Bare(*channel).run();
    const double ours = delivered(discord, clock, folder.filePath(u"tocsin.sqlite"_s));
    std::printf(
        "%d messages through the ledger: %.2f s, %.0f/s; posts alone: %.2f s, %.0f/s; %.2f times\n",
        kMessages, ours, kMessages / ours, bare, kMessages / bare, ours / bare);
    std::printf("Discord's limit over all channels is 50/s\n");
    return kMessages / ours > 50 ? 0 : 1;
}

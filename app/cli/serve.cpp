// tocsin serve: sources, escalation and delivery without a window.
#include <QCoreApplication>
#include <csignal>

#include "cli/consoleopener.h"
#include "cli/output.h"
#include "cli/servelog.h"
#include "cli/servicemanager.h"
#include "cli/stopsignals.h"
#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

using Level = ServeLog::Level;

// What the journal of the service should tell afterwards; notes and results stay in the timeline.
const QStringList kToldKinds{u"declared"_s, u"paged"_s,    u"escalated"_s, u"acknowledged"_s,
                             u"held"_s,     u"released"_s, u"resolved"_s};

/// One run of the service: tells what happens, ends on a signal.
class Serve : public QObject {
public:
    Serve(std::shared_ptr<console::Console> console, bool json, Done done)
        : m_console(std::move(console)),
          m_log(m_console->clock(), json),
          m_json(json),
          m_done(std::move(done)) {}

    void begin() {
        // A log that nobody reads any more must not end the service.
        std::signal(SIGPIPE, SIG_IGN);
        const QString folder = m_console->options().dataFolder;
        m_only = store::LifeSign::take(store::Ownership::serveSign(folder), 1);
        if (!m_only) return refuse();
        connect(&m_signals, &StopSignals::received, this, &Serve::stop);
        tellTheBeginning();
        tellOfSources();
        tellOfMessages();
        tellOfTrouble();
        connect(&m_console->ownership(), &store::Ownership::ownerChanged, this, &Serve::tellOwner);
        connect(m_console.get(), &console::Console::ownershipChanged, this, &Serve::tellDuty);
        m_console->start();
        m_manager.ready(u"looking at %1 sources"_s.arg(m_console->sources().size()));
        keepAlive();
    }

private:
    void refuse() {
        whenDone(m_console->database().read<store::Owner>(
                     [](store::Transaction& tx) { return store::readOwner(tx); }),
                 this, [this](const Result<store::Owner>& owner) {
                     const QString who = owner ? store::spoken(*owner) : u"it"_s;
                     complain({ErrorCode::Refused,
                               u"Another “tocsin serve” runs on the data folder %1; there, %2 "
                               "escalates and delivers. Stop that one first, or choose another "
                               "folder with --data."_s.arg(m_console->options().dataFolder, who),
                               {}},
                              m_json);
                     end(Failure);
                 });
    }

    void tellTheBeginning() {
        const QString name = m_console->workspace().name;
        m_log.write(Level::Info, u"started"_s,
                    u"Serves the workspace %1 (%2 sources, %3 channels); data in %4."_s
                        .arg(name.isEmpty() ? m_console->workspace().folder : name)
                        .arg(m_console->sources().size())
                        .arg(m_console->dispatcher().channels().size())
                        .arg(m_console->options().dataFolder),
                    {{u"pid"_s, QCoreApplication::applicationPid()},
                     {u"data"_s, m_console->options().dataFolder}});
        if (const QString note = m_console->database().openNote(); !note.isEmpty())
            m_log.write(Level::Warning, u"store"_s, note);
        for (const workspace::LeftOut& source : m_console->workspace().sourcesLeftOut)
            m_log.write(Level::Error, u"problem"_s,
                        u"The source %1 is left out: %2"_s.arg(source.name, source.message),
                        {{u"category"_s, u"source"_s}, {u"name"_s, source.name}});
        if (m_console->sources().isEmpty())
            m_log.write(Level::Error, u"problem"_s,
                        u"No source is looked at: no alert will be seen here."_s,
                        {{u"category"_s, u"source"_s}, {u"name"_s, QString()}});
        for (const console::Problem& problem : m_console->problems())
            m_log.write(Level::Error, u"problem"_s,
                        u"The %1 %2 does not work: %3"_s.arg(problem.category, problem.name,
                                                             problem.error.message),
                        {{u"category"_s, problem.category}, {u"name"_s, problem.name}});
    }

    void tellOfSources() {
        connect(
            &m_console->board(), &alerts::Board::sourceChanged, this,
            [this](const alerts::SourceHealth& health) {
                const auto known = m_known.constFind(health.name);
                if (known != m_known.constEnd() && *known == health.known) return;
                m_known.insert(health.name, health.known);
                if (health.known)
                    return m_log.write(Level::Info, u"source"_s, u"%1 answers."_s.arg(health.name),
                                       {{u"name"_s, health.name}, {u"known"_s, true}});
                m_log.write(Level::Warning, u"source"_s,
                            u"%1 is unknown: %2"_s.arg(health.name, health.error.message.isEmpty()
                                                                        ? u"it did not answer."_s
                                                                        : health.error.message),
                            {{u"name"_s, health.name}, {u"known"_s, false}});
            });
    }

    void tellOfMessages() {
        connect(&m_console->journal(), &incidents::Journal::eventAppended, this,
                [this](const incidents::Event& event) {
                    if (kToldKinds.contains(event.kind))
                        m_log.write(Level::Info, u"incident"_s,
                                    u"%1: %2"_s.arg(event.incident, event.text),
                                    {{u"incident"_s, event.incident}, {u"kind"_s, event.kind}});
                });
        connect(&m_console->dispatcher(), &delivery::Dispatcher::entryChanged, this,
                &Serve::tellEntry);
        connect(&m_console->dispatcher(), &delivery::Dispatcher::channelStopped, this,
                [this](const QString& channel, const Error& why) {
                    m_log.write(Level::Error, u"channel_stopped"_s,
                                u"The channel #%1 is stopped; its messages wait. %2"_s.arg(
                                    channel, why.message),
                                {{u"channel"_s, channel}});
                });
    }

    void tellEntry(const delivery::Entry& entry) {
        using State = delivery::EntryState;
        if (entry.state == State::Sending ||
            (entry.state == State::Intent && entry.answer.isEmpty()))
            return;
        const Level level = entry.state == State::Confirmed || entry.state == State::Cancelled
                                ? Level::Info
                            : entry.state == State::Failed ? Level::Error
                                                           : Level::Warning;
        m_log.write(level, u"message"_s,
                    u"%1 to #%2: %3. %4"_s.arg(entry.event, entry.channel, nameOf(entry.state),
                                               entry.answer),
                    {{u"message"_s, entry.event},
                     {u"channel"_s, entry.channel},
                     {u"state"_s, nameOf(entry.state)},
                     {u"tries"_s, entry.tries}});
    }

    void tellOfTrouble() {
        const auto tell = [this](const Error& error) {
            m_log.write(Level::Error, u"store"_s, error.message);
        };
        connect(&m_console->journal(), &incidents::Journal::failed, this, tell);
        connect(&m_console->engine(), &escalation::Engine::failed, this, tell);
        connect(&m_console->dispatcher(), &delivery::Dispatcher::storeFailed, this, tell);
        connect(&m_console->ownership(), &store::Ownership::storeFailed, this, tell);
    }

    void tellOwner(const store::Owner& owner) {
        if (m_console->ownsEngine()) return;  // tellDuty() says it
        const QString who = store::spoken(owner);
        const bool silent = m_console->ownership().silence().count() > 0;
        if (who == m_owner && silent == m_silent) return;
        m_owner = who;
        m_silent = silent;
        const QString text =
            silent ? u"%1 shows no sign of life; takes over if that lasts."_s.arg(who)
            : owner.isNobody()
                ? u"Nobody escalates and delivers; the engine is free."_s
                : u"%1 escalates and delivers; stands by and takes over when it ends."_s.arg(who);
        m_log.write(silent ? Level::Warning : Level::Info, u"owner"_s, text,
                    {{u"owner"_s, who}, {u"self"_s, false}});
        m_manager.status(text);
    }

    void tellDuty(bool owns) {
        m_owner.clear();
        const QString asked = m_console->ownership().owner().asked;
        const QString text = owns ? u"Escalates and delivers."_s
                             : m_console->ownsEngine()
                                 ? u"Hands escalation and delivery over to %1."_s.arg(asked)
                                 : u"Escalation and delivery were taken over."_s;
        m_log.write(
            Level::Info, u"owner"_s, text,
            {{u"owner"_s, store::spoken(m_console->ownership().owner())}, {u"self"_s, owns}});
        m_manager.status(text);
    }

    /// Says that it lives only when loop and store both do.
    void keepAlive() {
        if (m_manager.watchdogEvery().count() <= 0) return;
        m_console->clock().callAfter(m_manager.watchdogEvery(), this, [this] {
            whenDone(m_console->database().read<store::Owner>(
                         [](store::Transaction& tx) { return store::readOwner(tx); }),
                     this, [this](const Result<store::Owner>& owner) {
                         if (owner) m_manager.alive();
                         keepAlive();
                     });
        });
    }

    void stop(const QString& signal) {
        if (std::exchange(m_stopping, true)) return end(Failure);  // asked twice: at once
        m_log.write(Level::Info, u"stopping"_s,
                    u"%1: finishes what is being sent, then ends."_s.arg(signal));
        m_manager.stopping();
        whenDone(m_console->stop(), this, [this] {
            m_log.write(Level::Info, u"stopped"_s, u"Ended; what is due waits in the store."_s);
            end(Success);
        });
    }

    void end(int status) {
        if (std::exchange(m_ended, true)) return;
        deleteLater();
        m_done(status);
    }

    std::shared_ptr<console::Console> m_console;
    ServeLog m_log;
    ServiceManager m_manager;
    StopSignals m_signals;
    bool m_json;
    Done m_done;
    std::unique_ptr<store::LifeSign> m_only;  // one serve on a data folder
    QHash<QString, bool> m_known;
    QString m_owner;
    bool m_silent = false, m_stopping = false, m_ended = false;
};

}  // namespace

void runServe(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("serve");
    if (!line.read(args, done)) return;
    if (!line.words().isEmpty())
        return line.refuse(u"“serve” takes no “%1”."_s.arg(line.words().first()), done);
    openConsole(
        line, clock, Store::Open, done,
        [json = line.json(), done](const std::shared_ptr<console::Console>& console) {
            (new Serve(console, json, done))->begin();
        },
        store::OwnerKind::Serve);
}

}  // namespace tocsin::cli

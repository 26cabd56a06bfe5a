// tocsin incident declare | ack | note | escalate | hold | post | severity | resolve.
#include <QCoreApplication>
#include <QJsonObject>

#include "cli/alertfinder.h"
#include "cli/consoleopener.h"
#include "cli/incident.h"
#include "cli/incidentwish.h"
#include "cli/inventory.h"
#include "cli/output.h"
#include "incidents/proposal.h"
#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

// A server that is down keeps a command no longer than this; the ledger keeps the message.
constexpr std::chrono::milliseconds kDeliveryPatience{60000};
// A command that says nothing for longer looks as if it hung.
constexpr std::chrono::milliseconds kSilence{3000};

/// One verb on one incident: acts, delivers what became due, says what is left, ends.
class Act : public QObject {
public:
    Act(IncidentWish wish, std::shared_ptr<console::Console> console, Done done)
        : m_wish(std::move(wish)),
          m_console(std::move(console)),
          m_done(std::move(done)),
          m_by(m_wish.by.isEmpty() ? m_console->person() : m_wish.by),
          m_id(m_wish.id) {}

    void begin() {
        if (const QString& channel = m_wish.channel; !channel.isEmpty() && !knows(channel))
            return giveUp(
                {ErrorCode::NotFound,
                 u"There is no channel “%1” in the workspace; nothing was written."_s.arg(channel),
                 {}});
        whenDone(m_console->journal().load(), this,
                 [this](const Result<QVector<incidents::Incident>>& loaded) {
                     if (!loaded) return giveUp(loaded.error());
                     m_wish.verb == u"declare" ? declare() : act();
                 });
    }

private:
    bool knows(const QString& channel) const {
        const auto& channels = m_console->workspace().channels;
        return std::any_of(channels.begin(), channels.end(), [&](const workspace::Entry& entry) {
            return entry.settings.name == channel;
        });
    }

    void declare() {
        const QStringList wanted = m_wish.alerts;
        auto* finder = new AlertFinder(*m_console, wanted, this);
        finder->begin([this, wanted](const QVector<Alert>& alerts) {
            if (alerts.size() < wanted.size())
                complain(
                    u"Not every alert was seen at its source; the incident is declared without "
                    "their details."_s);
            whenDone(m_console->engine().declare(declaration(alerts, wanted)), this,
                     [this](const Result<QString>& id) {
                         if (!id) return giveUp(id.error());
                         m_id = *id;
                         // At once: what follows may take a minute, and others need it now.
                         if (!m_wish.json) print(m_id);
                         m_isTold = !m_wish.json;
                         const QString why = whyNobodyIsPaged(m_console->workspace());
                         if (!why.isEmpty()) complain(u"Nobody is paged: %1."_s.arg(why));
                         deliver();
                     });
        });
    }

    incidents::Declaration declaration(const QVector<Alert>& alerts, const QStringList& wanted) {
        incidents::Declaration said = incidents::propose(alerts, m_console->practice().severity);
        if (!m_wish.title.isEmpty()) said.title = m_wish.title;
        if (said.title.isEmpty()) said.title = u"Alert "_s + wanted.join(u", "_s);
        said.priority = incidents::priorityFromText(m_wish.severity).value_or(said.priority);
        said.commander = m_by;
        said.channel = m_wish.channel;
        m_console->addRunbook(said, alerts);
        for (const QString& one : wanted)
            if (!std::any_of(said.alerts.begin(), said.alerts.end(),
                             [&](const QString& id) { return id.endsWith(one); }))
                said.alerts.append(one);
        return said;
    }

    void act() {
        const QString &verb = m_wish.verb, &text = m_wish.text;
        escalation::Engine& engine = m_console->engine();
        if (verb == u"ack") return follow(engine.acknowledge(m_id, m_by, m_wish.silence));
        if (verb == u"escalate") return follow(engine.escalateNow(m_id, m_by, m_wish.level));
        if (verb == u"severity")
            return follow(engine.changePriority(
                m_id, m_by, incidents::priorityFromText(text).value_or(incidents::Priority::P3)));
        if (verb == u"resolve") return resolve();
        if (verb == u"reopen") return follow(engine.reopen(m_id, m_by, text));
        if (verb == u"merge") return follow(engine.merge(m_id, m_wish.word(0).toUpper(), m_by));
        if (verb == u"role" && m_wish.word(0).toLower() == u"commander" && !m_wish.remove)
            return follow(engine.handOver(m_id, m_by, m_wish.rest(1), m_wish.reason));
        if (m_wish.isDeed()) return perform();
        if (verb == u"note")
            return follow(m_console->journal().append(m_id, m_by, u"note"_s, text));
        if (verb == u"post") {
            Message message;
            message.text = text;
            return follow(engine.post(m_id, m_wish.channel, message, m_by));
        }
        follow(engine.hold(m_id, m_by, m_wish.reason,
                           m_console->clock().now().addMSecs(m_wish.length->count())));
    }

    void perform() {
        whenDone(m_console->journal().record(m_id, m_by, m_wish.deed()), this,
                 [this](const Result<incidents::Event>& done) {
                     if (!done) return giveUp(done.error());
                     if (done->kind.startsWith(u"task")) m_task = done->detail[u"number"_s].toInt();
                     deliver();
                 });
    }

    void resolve() {
        const auto span = std::chrono::duration_cast<std::chrono::seconds>(
            m_wish.verify.value_or(std::chrono::milliseconds(0)));
        follow(m_console->engine().resolve(m_id, m_by, m_wish.text, span));
    }

    template <typename T>
    void follow(QFuture<Result<T>> future) {
        whenDone(future, this, [this](const Result<T>& result) {
            if (!result) return giveUp(result.error());
            deliver();
        });
    }

    void deliver() {
        auto& dispatcher = m_console->dispatcher();
        connect(&dispatcher, &delivery::Dispatcher::idle, this, [this] {
            m_delivered = true;
            flush();
        });
        connect(&m_console->silencer(), &incidents::Silencer::idle, this, [this] { flush(); });
        whenDone(m_console->startDelivery(), this, [this](const Result<bool>& owns) {
            if (!owns) return giveUp(owns.error());
            if (!*owns) return end(Success);  // the owner does it
            connect(m_console.get(), &console::Console::ownershipChanged, this, [this](bool still) {
                // Handed over to a console or serve, once what is on its way has its answer.
                if (!still) whenDone(m_console->stop(), this, [this] { end(Success); });
            });
            if (m_wish.verb == u"ack") lookAtSources();
            m_console->clock().callAfter(kSilence, this, [this] {
                if (!m_flushed)
                    complain(u"Not everything is delivered yet; goes on for up to %1 s."_s.arg(
                        kDeliveryPatience.count() / 1000));
            });
            m_console->clock().callAfter(kDeliveryPatience, this, [this] {
                whenDone(m_console->stop(), this, [this] {
                    m_hurry = true;
                    flush();
                });
            });
        });
    }

    /// Acknowledging at the source needs the alerts as their source has them.
    void lookAtSources() {
        const incidents::Incident* incident = m_console->journal().find(m_id);
        QStringList wanted;
        if (incident && m_console->practice().silence.count() > 0)
            for (const QString& alert : incident->alerts)
                if (m_console->silencer().canSilence(alert.section(u'/', 0, 0))) wanted << alert;
        if (wanted.isEmpty()) return;
        m_looking = true;
        auto* finder = new AlertFinder(*m_console, wanted, this);
        finder->begin([this](const QVector<Alert>&) {
            m_looking = false;
            flush();
        });
    }

    /// Behind what the engine queued when the last delivery was reported.
    void flush() {
        const bool busy = !m_delivered || m_looking || m_console->silencer().isBusy();
        if (busy && !m_hurry) return;
        if (std::exchange(m_flushed, true)) return;
        whenDone(m_console->engine().messages(m_id), this,
                 [this](const Result<QVector<delivery::Entry>>& entries) {
                     if (!entries) return giveUp(entries.error());
                     sayWhatIsLeft(*entries);
                 });
    }

    void sayWhatIsLeft(const QVector<delivery::Entry>& entries) {
        bool all = true, isWaiting = false;
        for (const delivery::Entry& entry : entries) {
            if (entry.isSettled()) continue;
            all = false;
            isWaiting = isWaiting || entry.state != delivery::EntryState::Failed;
            const QString answer = entry.answer.isEmpty() ? QString() : u' ' + entry.answer;
            complain(u"Message %1 to #%2 is not delivered (%3).%4"_s.arg(
                entry.event, entry.channel, nameOf(entry.state), answer));
        }
        if (isWaiting)
            complain(
                u"What is not delivered waits in the store; a console, `tocsin serve` or the next "
                "`incident` command sends it."_s);
        end(all ? Success : Failure);
    }

    void giveUp(const Error& error) {
        complain(error, m_wish.json);
        finish(Failure);
    }

    void end(int status) {
        if (m_wish.json)
            print(QJsonDocument(answer()));
        else if (!m_isTold)
            print(m_id);
        finish(status);
    }

    QJsonObject answer() const {
        QJsonObject out{{u"id"_s, m_id}};
        if (m_task > 0) out[u"task"_s] = m_task;
        return out;
    }

    void finish(int status) {
        if (std::exchange(m_finished, true)) return;
        deleteLater();
        m_done(status);
    }

    IncidentWish m_wish;
    std::shared_ptr<console::Console> m_console;
    Done m_done;
    QString m_by;
    QString m_id;
    int m_task = 0;
    bool m_isTold = false;     // the id is printed
    bool m_delivered = false;  // nothing is left to send, for now
    bool m_looking = false;    // for alerts that are to be silenced
    bool m_hurry = false;      // long enough
    bool m_flushed = false;
    bool m_finished = false;
};

}  // namespace

void actOnIncident(const CommandLine& line, Clock& clock, const Done& done) {
    openConsole(
        line, clock, Store::Open, done,
        [wish = IncidentWish(line), done](const std::shared_ptr<console::Console>& console) {
            (new Act(wish, console, done))->begin();
        });
}

}  // namespace tocsin::cli

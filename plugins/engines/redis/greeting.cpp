// How a session begins: connect, log in, choose the database, learn who and what is there.
#include "plugins/engines/redis/job.h"
#include "plugins/engines/redis/primarycheck.h"
#include "plugins/engines/redis/sentences.h"
#include "plugins/engines/redis/sentinelwatch.h"
#include "plugins/engines/redis/session.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

constexpr int kTunnelLookMs = 20;

QByteArray field(ReplyView map, QByteArrayView name) {
    for (std::size_t i = 0; i + 1 < map.children().size(); i += 2)
        if (map.children()[i].text() == name) return map.children()[i + 1].text();
    return {};
}

QString infoValue(const QByteArray& info, const QByteArray& name) {
    for (const QByteArray& line : info.split('\n'))
        if (line.startsWith(name + ':'))
            return QString::fromUtf8(line.mid(name.size() + 1).trimmed());
    return {};
}

/// Whether the server knows HELLO but will not let us in; anything else means an old server.
bool isLoginError(const QByteArray& line) {
    return line.startsWith("WRONGPASS") || line.startsWith("DENIED") ||
           line.startsWith("LOADING") || line.contains("max number of clients");
}

}  // namespace

void Session::ensureOpen() {
    // What one key's node knows of itself and its neighbours is not what was asked for next.
    if (std::exchange(m_isAway, false) && !m_sentinel) {
        m_greeted = false;
        m_wire->close();
        m_address.host = m_home.host;
        m_address.port = m_home.port;
    }
    if (m_newPrimary) {
        m_greeted = false;
        m_wire->close();
    }
    if (m_wire->isOpen() && m_greeted) {
        setState(EngineState::Busy);
        return ready();
    }
    setState(EngineState::Opening);
    m_greeted = false;
    m_isOfCluster = false;
    m_primaries.clear();
    m_members.clear();
    m_ownPlace.reset();
    m_isPrimary = true;
    m_table = CommandTable::bundled();
    if (!m_sentinel) return connectTo({m_address.host, m_address.port});
    findPrimary();
}

/// Asked every time: after a failover the old primary drops its clients, and they come here. What
/// the watch heard is newer than what a Sentinel may still say that was not told yet.
void Session::findPrimary() {
    if (const auto told = std::exchange(m_newPrimary, std::nullopt)) return connectTo(*told);
    m_sentinel->find([this](const Result<Place>& primary) {
        if (!m_job) return;
        if (const auto told = std::exchange(m_newPrimary, std::nullopt)) return connectTo(*told);
        primary ? connectTo(*primary) : failWith(primary.error());
    });
}

/// Nothing that runs is broken off: what an old primary answers is what it was asked. A session
/// that is not logged in, nor about to be, will ask the Sentinels itself.
void Session::takePrimary(const Place& place) {
    if (!m_greeted && !m_job) return;
    if (place == Place{m_address.host, m_address.port}) return m_newPrimary.reset();
    m_newPrimary = place;
    m_switched =
        u"A failover, seen at %1 UTC: %2:%3 is no longer the primary, %4:%5 is; this connection went there."_s
            .arg(m_clock.now().toUTC().toString(u"HH:mm:ss"_s), m_address.host)
            .arg(m_address.port)
            .arg(place.host)
            .arg(place.port);
    followFailover();
}

/// A Sentinel that was just connected to may not know yet what others told before.
void Session::checkPrimary(const Place& place) {
    const Place present{m_address.host, m_address.port};
    if (!m_greeted || m_newPrimary || place == present) return;
    dropCheck();
    m_check = new PrimaryCheck(m_address, place, present, this);
    connect(m_check, &PrimaryCheck::settled, this,
            [this, present](const Place& named, bool isPrimary) {
                dropCheck();
                if (isPrimary && m_greeted && !m_newPrimary &&
                    present == Place{m_address.host, m_address.port})
                    takePrimary(named);
            });
}

/// Not from within its own call.
void Session::dropCheck() {
    if (PrimaryCheck* check = std::exchange(m_check, nullptr)) {
        check->disconnect(this);
        check->deleteLater();
    }
}

/// At once where nobody asks anything; else what is asked next goes there.
void Session::followFailover() {
    if (!m_newPrimary || m_job || !m_waiting.empty() || m_ended) return;
    auto promise = std::make_shared<QPromise<Result<ServerIdentity>>>();
    promise->start();  // nobody waits for it
    open(std::move(promise));
}

void Session::connectTo(const Place& place) {
    m_address.host = place.host;
    m_address.port = place.port;
    m_identity = {u"Redis"_s, {}, {}, m_address.place(), false, {}};
    m_knownSizes.forget();
    if (m_address.ssh.isEmpty()) return openWire(place, std::nullopt);
    // Another node of a cluster needs a tunnel of its own.
    if (!(m_tunnelTo == place)) m_tunnel.close();
    m_tunnelTo = place;
    const auto started = m_tunnel.start({m_address.name, m_address.ssh, m_address.sshConfig,
                                         place.host, place.port, m_address.connectTimeout});
    started ? lookAtTunnel(place) : failWith(started.error());
}

/// Looked at again and again, because the thread must not wait for ssh.
void Session::lookAtTunnel(const Place& place) {
    const auto port = m_tunnel.look();
    if (!port) return failWith(port.error());
    if (*port) return openWire(place, Place{u"127.0.0.1"_s, **port});
    const std::weak_ptr<Job> asked = m_job;
    QTimer::singleShot(kTunnelLookMs, this, [this, asked, place] {
        if (m_job && m_job == asked.lock()) lookAtTunnel(place);
    });
}

void Session::openWire(const Place& place, const std::optional<Place>& way) {
    m_way = way;
    m_wire->setPlace(place, way);
    m_wire->open([this](const Result<void>& opened) {
        if (!m_job) return;
        opened ? greet() : failWith(opened.error());
    });
}

void Session::greet() {
    QByteArrayList hello{"HELLO", "3"};
    if (!m_address.password.isEmpty())
        hello << "AUTH" << (m_address.user.isEmpty() ? "default" : m_address.user.toUtf8())
              << m_address.password.reveal().toUtf8();
    hello << "SETNAME"
          << "tocsin";
    ask(hello, [this](const Answer& answer) {
        const ReplyView reply = answer.reply;
        if (reply.isError())
            return isLoginError(reply.text()) ? failWith(serverError(reply)) : greetOld();
        m_isResp3 = true;
        m_identity.version = QString::fromUtf8(field(reply, "version"));
        m_identity.replica = field(reply, "role") == "replica" || field(reply, "role") == "slave";
        selectDatabase();
    });
}

/// Before Redis 6 there is no HELLO, and some managed servers hide it: RESP2 and a plain AUTH.
void Session::greetOld() {
    m_isResp3 = false;
    const auto named = [this] {
        ask({"CLIENT", "SETNAME", "tocsin"}, [this](const Answer&) { selectDatabase(); });
    };
    if (m_address.password.isEmpty()) return named();
    QByteArrayList auth{"AUTH"};
    if (!m_address.user.isEmpty()) auth << m_address.user.toUtf8();
    auth << m_address.password.reveal().toUtf8();
    ask(auth, [this, named](const Answer& answer) {
        answer.reply.isError() ? failWith(serverError(answer.reply)) : named();
    });
}

void Session::selectDatabase() {
    if (m_address.database == 0) return introduce();
    ask({"SELECT", QByteArray::number(m_address.database)}, [this](const Answer& answer) {
        answer.reply.isError() ? failWith(serverError(answer.reply)) : introduce();
    });
}

/// So that looking does not change what the server thinks is in use; known from Redis 7.2.
void Session::introduce() {
    ask({"CLIENT", "NO-TOUCH", "ON"}, [this](const Answer&) {
        ask({"ACL", "WHOAMI"}, [this](const Answer& answer) {
            if (!answer.reply.isError()) m_identity.user = QString::fromUtf8(answer.reply.text());
            readRights();
        });
    });
}

/// Asks the server's own rules (Redis 7) whether this user could change anything at all.
void Session::readRights() {
    m_knowsDryRun = false;
    m_whyNoDryRun = m_identity.user.isEmpty()
                        ? u"the server was not asked (it does not tell its user, ACL WHOAMI)"_s
                        : u"the server was not asked (ACL DRYRUN is not known to it)"_s;
    const bool isDefault = m_identity.user == u"default" || m_identity.user.isEmpty();
    const auto warn = [this](const QString& why) {
        m_identity.warnings
            << why + u": give Tocsin an ACL user that can only read (docs/redis-guard.md)."_s;
        readIdentity();
    };
    if (m_identity.user.isEmpty())
        return warn(u"This server tells nothing of users, so it may allow everything"_s);
    ask({"ACL", "DRYRUN", m_identity.user.toUtf8(), "SET", "tocsin", "1"}, [this, isDefault,
                                                                            warn](const Answer&
                                                                                      answer) {
        m_knowsDryRun = !answer.reply.isError();
        if (answer.reply.text().startsWith("NOPERM"))
            m_whyNoDryRun = u"the server was not asked (ACL DRYRUN is not allowed)"_s;
        if (m_knowsDryRun && answer.reply.text() == "OK")
            return warn(
                u"The ACL user “%1” may write, so only Tocsin's own guard stands before a change"_s
                    .arg(m_identity.user));
        if (!m_knowsDryRun && isDefault)
            return warn(u"Logged in as the default user, who may usually do everything"_s);
        readIdentity();
    });
}

void Session::readIdentity() {
    ask({"INFO", "server"}, [this](const Answer& answer) {
        const ReplyView reply = answer.reply;
        // The first command that a server without a password refuses is the one that says so.
        if (reply.isError() && !reply.text().startsWith("NOPERM"))
            return failWith(serverError(reply));
        if (const QString version = infoValue(reply.text(), "redis_version"); !version.isEmpty())
            m_identity.version = version;
        if (infoValue(reply.text(), "valkey_version").size()) m_identity.product = u"Valkey"_s;
        infoValue(reply.text(), "redis_mode") == u"cluster" ? readNodes() : readRole();
    });
}

void Session::readRole() {
    ask({"ROLE"}, [this](const Answer& role) {
        if (!role.reply.children().empty())
            m_identity.replica = role.reply.children().front().text() == "slave";
        if (!m_switched.isEmpty() && !m_newPrimary) m_identity.warnings << m_switched;
        if (m_sentinel && m_identity.replica)
            m_identity.warnings
                << u"The Sentinels name this server as the primary, but it says that it is a replica: a failover is under way. Connect again in a moment."_s;
        readCommands();
    });
}

void Session::readCommands() {
    const QByteArrayList names = CommandTable::readers();
    askAll({{"COMMAND"}, QByteArrayList{"COMMAND", "INFO"} + names}, [this, names](
                                                                         const std::vector<Answer>&
                                                                             answers) {
        const ReplyView listed = answers.front().reply;
        const ReplyView called = answers.back().reply;
        auto table =
            listed.isError() ? fail(ErrorCode::Refused, {}) : CommandTable::fromReply(listed);
        if (table && called.isAggregate()) table->forgetRenamed(names, called);
        if (table)
            m_table = std::move(*table);
        else
            m_identity.warnings
                << u"The server does not tell its commands (COMMAND): only those known to be harmless in Redis 7.0 run."_s;
        m_greeted = true;
        if (m_watch) m_watch->start();
        setState(EngineState::Busy);
        ready();
    });
}

void Session::ready() {
    if (m_job->opened) return finish(QueryResult{});
    if (!m_job->line.node.isEmpty()) return goToNode();
    m_job->script.size() > 1 ? judgeScript() : judgeJob();
}

}  // namespace tocsin::redis

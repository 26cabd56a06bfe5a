#include "plugins/engines/postgres/ways.h"

#include <libpq-fe.h>
#include <netdb.h>
#include <sys/socket.h>

#include <QHostAddress>
#include <algorithm>
#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "plugins/engines/postgres/servererror.h"

namespace tocsin::postgres {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kLookUpTick = 20ms;

using Parameters = QMap<QByteArray, QByteArray>;

/// Where one server may be: libpq's host, hostaddr and port.
struct Place {
    QByteArray host, address, port;

    bool needsLookUp() const {
        // A path is a socket, "@" an abstract one.
        return address.isEmpty() && !host.isEmpty() && !host.startsWith('/') &&
               !host.startsWith('@') && QHostAddress(QString::fromUtf8(host)).isNull();
    }
};

/// Shared with the threads that ask, which may still be waiting when nobody else is.
struct LookUps {
    std::mutex mutex;
    std::condition_variable ended;
    std::vector<std::optional<Result<QByteArrayList>>> answers;

    bool areAllThere() const {
        return std::all_of(answers.begin(), answers.end(),
                           [](const auto& answer) { return answer.has_value(); });
    }
    bool isOneThere() const {
        return std::any_of(answers.begin(), answers.end(),
                           [](const auto& answer) { return answer && *answer; });
    }
};

/// What the target, its service and the PG* variables come to. Only libpq knows: it is asked to
/// connect with an sslmode that does not exist, which it refuses before it reaches for the network.
Parameters knownToLibpq(Parameters parameters) {
    parameters["sslmode"] = "none of libpq's";
    PGconn* refused = beginConnecting(parameters);
    Parameters known;
    PQconninfoOption* const options = PQconninfo(refused);
    for (const PQconninfoOption* each = options; each && each->keyword; ++each)
        if (each->val && *each->val) known[each->keyword] = each->val;
    PQconninfoFree(options);
    PQfinish(refused);
    return known;
}

/// None where the lists of hosts and ports do not fit each other: libpq has the words for that.
QVector<Place> placesIn(const Parameters& known) {
    const auto list = [&known](const char* key) {
        const QByteArray value = known.value(key);
        return value.isEmpty() ? QByteArrayList() : value.split(',');
    };
    const QByteArrayList hosts = list("host");
    const QByteArrayList addresses = list("hostaddr");
    const QByteArrayList ports = list("port");
    const qsizetype count = addresses.isEmpty() ? hosts.size() : addresses.size();
    if (!addresses.isEmpty() && !hosts.isEmpty() && hosts.size() != count) return {};
    if (ports.size() > 1 && ports.size() != count) return {};
    QVector<Place> places;
    for (qsizetype i = 0; i < count; ++i)
        places << Place{hosts.value(i), addresses.value(i), ports.value(ports.size() > 1 ? i : 0)};
    return places;
}

tl::unexpected<Error> notLookedUp(const Target& target, const QByteArray& host,
                                  const QString& why) {
    return tl::unexpected(
        connectError(QStringLiteral("could not translate host name \"%1\" to address: %2")
                         .arg(QString::fromUtf8(host), why),
                     target));
}

/// Looks all names up at once; what did not answer in time has no answer. With one that did, the
/// others get half of the time: the rest is for connecting.
Result<void> lookAllUp(QVector<Place>& places, const Target& target, const Interrupt& interrupt,
                       std::uint64_t run, steady_clock::time_point until, const LookUp& lookUp) {
    const auto asked = std::make_shared<LookUps>();
    asked->answers.resize(static_cast<std::size_t>(places.size()));
    for (std::size_t i = 0; i < asked->answers.size(); ++i) {
        const Place& place = places[qsizetype(i)];
        if (!place.needsLookUp()) {
            const std::lock_guard lock(asked->mutex);
            asked->answers[i] = QByteArrayList{place.address};
            continue;
        }
        std::thread([asked, i, host = place.host, lookUp] {
            auto answer = lookUp(host);
            const std::lock_guard lock(asked->mutex);
            asked->answers[i] = std::move(answer);
            asked->ended.notify_all();
        }).detach();
    }
    const auto half = until - (until - steady_clock::now()) / 2;
    std::unique_lock lock(asked->mutex);
    while (!asked->ended.wait_for(lock, kLookUpTick, [&] { return asked->areAllThere(); })) {
        if (interrupt.isCancelled(run))
            return fail(ErrorCode::Cancelled,
                        QStringLiteral("Cancelled while connecting to %1.").arg(target.connection));
        const auto now = steady_clock::now();
        if (now >= half && asked->isOneThere()) break;
        if (now >= until)
            return fail(ErrorCode::Timeout,
                        QStringLiteral("The name of the host of %1 could not be looked up in time. "
                                       "Check DNS and the VPN.")
                            .arg(target.connection));
    }
    QVector<Place> found;
    for (std::size_t i = 0; i < asked->answers.size(); ++i) {
        const auto& answer = asked->answers[i];
        if (!answer || !*answer) continue;
        for (const QByteArray& address : **answer)
            found << Place{places[qsizetype(i)].host, address, places[qsizetype(i)].port};
    }
    const auto& first = asked->answers.front();
    if (found.isEmpty())
        return notLookedUp(target, places[0].host,
                           first && !*first ? first->error().message : QString());
    places = found;
    return {};
}

/// libpq's own defaults wait two hours for a server that is not there any more.
void endSoonWhenDead(Parameters& parameters, const Parameters& known) {
    static const QMap<QByteArray, QByteArray> ours{{"keepalives_idle", "10"},
                                                   {"keepalives_interval", "3"},
                                                   {"keepalives_count", "3"},
                                                   {"tcp_user_timeout", "5000"}};
    for (auto it = ours.constBegin(); it != ours.constEnd(); ++it)
        if (!known.contains(it.key())) parameters[it.key()] = it.value();
}

/// libpq goes through its hosts twice for this, and each way has one only.
QVector<Target> preferringStandbys(const QVector<Target>& ways) {
    QVector<Target> twice;
    for (const char* wanted : {"standby", "any"})
        for (Target way : ways) {
            way.parameters["target_session_attrs"] = wanted;
            twice << way;
        }
    return twice;
}

}  // namespace

pg_conn* beginConnecting(const Parameters& parameters) {
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (auto it = parameters.constBegin(); it != parameters.constEnd(); ++it) {
        keywords.push_back(it.key().constData());
        values.push_back(it.value().constData());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    return PQconnectStartParams(keywords.data(), values.data(), 0);
}

Result<QByteArrayList> systemLookUp(const QByteArray& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int why = getaddrinfo(host.constData(), nullptr, &hints, &found); why != 0)
        return fail(ErrorCode::Network, QString::fromLocal8Bit(gai_strerror(why)));
    QByteArrayList addresses;
    for (const addrinfo* each = found; each; each = each->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0,
                        NI_NUMERICHOST) == 0 &&
            !addresses.contains(text.data()))
            addresses << text.data();
    }
    freeaddrinfo(found);
    return addresses;
}

Result<QVector<Target>> waysTo(const Target& target, const Interrupt& interrupt, std::uint64_t run,
                               steady_clock::time_point until, const LookUp& lookUp) {
    const Parameters known = knownToLibpq(target.parameters);
    Target any = target;
    endSoonWhenDead(any.parameters, known);
    QVector<Place> places = placesIn(known);
    if (places.isEmpty()) return QVector<Target>{any};
    const auto looked = lookAllUp(places, target, interrupt, run, until, lookUp);
    if (!looked) return tl::unexpected(looked.error());
    QVector<Target> ways;
    for (const Place& place : std::as_const(places)) {
        Target way = any;
        if (!place.host.isEmpty()) way.parameters["host"] = place.host;
        if (!place.address.isEmpty()) way.parameters["hostaddr"] = place.address;
        if (!place.port.isEmpty()) way.parameters["port"] = place.port;
        ways << way;
    }
    if (ways.size() > 1 && known.value("target_session_attrs") == "prefer-standby")
        return preferringStandbys(ways);
    return ways;
}

}  // namespace tocsin::postgres

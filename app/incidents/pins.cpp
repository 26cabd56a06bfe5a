#include "incidents/pins.h"

#include <algorithm>

#include "incidents/events.h"
#include "sdk/secret.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {
// Each is asked around every change: more would keep the person waiting for whom they are.
constexpr qsizetype kMostPins = 12;
}  // namespace

Result<Pin> addPin(store::Transaction& tx, const Pin& pin) {
    if (pin.statement.trimmed().isEmpty() || pin.connection.isEmpty())
        return fail(ErrorCode::Refused, u"There is no statement to pin. Run one first."_s);
    auto known = pinsIn(tx);
    if (!known) return tl::unexpected<Error>(known.error());
    for (const Pin& one : *known)
        if (one.connection == pin.connection && one.statement == pin.statement)
            return fail(ErrorCode::Refused, u"This statement is pinned already."_s);
    if (known->size() >= kMostPins)
        return fail(ErrorCode::Refused,
                    u"%1 statements are pinned; unpin one first."_s.arg(kMostPins));
    auto inserted = tx.run(
        u"INSERT INTO pins(connection, kind, statement, keys, by, at) VALUES (?, ?, ?, ?, ?, ?)"_s,
        {pin.connection, pin.kind + u""_s, redact(pin.statement), pin.keys.join(u'\n') + u""_s,
         pin.by + u""_s, pin.at.toMSecsSinceEpoch()});
    if (!inserted) return tl::unexpected<Error>(inserted.error());
    Pin added = pin;
    added.id = tx.lastInsertId();
    return added;
}

Result<void> removePin(store::Transaction& tx, qint64 id) {
    auto removed = tx.run(u"DELETE FROM pins WHERE id = ?"_s, {id});
    if (!removed) return tl::unexpected<Error>(removed.error());
    if (removed->numRowsAffected() == 0)
        return fail(ErrorCode::NotFound, u"It was not pinned any more."_s);
    return {};
}

Result<QVector<Pin>> pinsIn(store::Transaction& tx) {
    auto query =
        tx.run(u"SELECT id, connection, kind, statement, keys, by, at FROM pins ORDER BY id"_s);
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<Pin> pins;
    while (query->next())
        pins.append({query->value(0).toLongLong(), query->value(1).toString(),
                     query->value(2).toString(), query->value(3).toString(),
                     query->value(4).toString().split(u'\n', Qt::SkipEmptyParts),
                     query->value(5).toString(),
                     QDateTime::fromMSecsSinceEpoch(query->value(6).toLongLong(), Qt::UTC)});
    return pins;
}

Result<std::optional<Event>> appendCapture(store::Transaction& tx, const Event& capture) {
    if (capture.detail.contains(u"cause"_s)) {
        auto known = eventsWith(tx, u"incident = ? AND kind = 'captured' AND seq > ?"_s,
                                {capture.incident, capture.detail[u"cause"_s].toInteger()});
        if (!known) return tl::unexpected<Error>(known.error());
        for (const Event& event : *known)
            if (event.detail[u"cause"_s] == capture.detail[u"cause"_s] &&
                event.detail[u"pin"_s] == capture.detail[u"pin"_s])
                return std::optional<Event>();
    }
    auto written = appendEvent(tx, capture);
    if (!written) return tl::unexpected<Error>(written.error());
    return std::optional<Event>(*written);
}

Result<std::optional<Event>> captureBefore(store::Transaction& tx, const Event& capture) {
    auto earlier = eventsWith(tx, u"incident = ? AND kind = 'captured' AND seq < ?"_s,
                              {capture.incident, capture.seq});
    if (!earlier) return tl::unexpected<Error>(earlier.error());
    const auto found =
        std::find_if(earlier->crbegin(), earlier->crend(), [&capture](const Event& event) {
            return event.detail[u"connection"_s] == capture.detail[u"connection"_s] &&
                   event.detail[u"statement"_s] == capture.detail[u"statement"_s] &&
                   !event.detail.contains(u"error"_s);
        });
    if (found != earlier->crend()) return std::optional<Event>(*found);
    return std::optional<Event>();
}

}  // namespace tocsin::incidents

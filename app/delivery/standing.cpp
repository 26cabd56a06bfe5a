#include "delivery/standing.h"

#include <QCryptographicHash>
#include <QJsonDocument>

#include "delivery/messagejson.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {
namespace {

const QString kStandingColumns =
    u"name, incident, channel, event, revision, shown, changed_at, closed, detail"_s;

QByteArray compactJson(const QJsonObject& json) {
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

StandingMessage standingFrom(const QSqlQuery& row) {
    StandingMessage standing;
    standing.name = row.value(0).toString();
    standing.incident = row.value(1).toString();
    standing.channel = row.value(2).toString();
    standing.event = row.value(3).toString();
    standing.revision = row.value(4).toInt();
    standing.shown = row.value(5).toString();
    if (!row.value(6).isNull())
        standing.changedAt = QDateTime::fromMSecsSinceEpoch(row.value(6).toLongLong(), Qt::UTC);
    standing.closed = row.value(7).toBool();
    standing.detail = QJsonDocument::fromJson(row.value(8).toString().toUtf8()).object();
    return standing;
}

Result<QVector<StandingMessage>> selectStanding(store::Transaction& tx, const QString& condition,
                                                const QVariantList& values) {
    auto query =
        tx.run(u"SELECT %1 FROM standing WHERE %2"_s.arg(kStandingColumns, condition), values);
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<StandingMessage> found;
    while (query->next())
        found.append(standingFrom(*query));
    return found;
}

/// What the message says, without what tells one post from another.
QString fingerprint(Message message) {
    message.event.clear();
    message.replaces.clear();
    message.silent = false;
    return QString::fromLatin1(
        QCryptographicHash::hash(compactJson(toJson(message)), QCryptographicHash::Sha256)
            .toHex()
            .left(32));
}

QString nextEvent(const StandingMessage& standing, bool isPost) {
    if (standing.revision == 0) return standing.name;
    return u"%1/%2-%3"_s.arg(standing.name, isPost ? u"again"_s : u"edit"_s)
        .arg(standing.revision + 1);
}

}  // namespace

Result<std::optional<StandingMessage>> Standing::find(store::Transaction& tx, const QString& name) {
    auto found = selectStanding(tx, u"name = ?"_s, {name});
    if (!found) return tl::unexpected<Error>(found.error());
    if (found->isEmpty()) return std::optional<StandingMessage>();
    return std::optional<StandingMessage>(found->first());
}

Result<QVector<StandingMessage>> Standing::open(store::Transaction& tx, const QString& prefix) {
    return selectStanding(tx, u"closed = 0 AND substr(name, 1, ?) = ? ORDER BY name"_s,
                          {prefix.size(), prefix});
}

Result<void> Standing::save(store::Transaction& tx, const StandingMessage& standing) {
    const QVariant changed = standing.changedAt.isValid()
                                 ? QVariant(standing.changedAt.toMSecsSinceEpoch())
                                 : QVariant(QMetaType::fromType<qint64>());
    auto done = tx.run(
        u"INSERT INTO standing(%1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(name) DO UPDATE SET channel = excluded.channel, event = excluded.event, "
        "revision = excluded.revision, shown = excluded.shown, "
        "changed_at = excluded.changed_at, closed = excluded.closed, detail = excluded.detail"_s
            .arg(kStandingColumns),
        // A null QString would be bound as NULL.
        {standing.name, standing.incident + u""_s, standing.channel + u""_s, standing.event + u""_s,
         standing.revision, standing.shown + u""_s, changed, standing.closed ? 1 : 0,
         QString::fromUtf8(compactJson(standing.detail))});
    if (!done) return tl::unexpected<Error>(done.error());
    return {};
}

void Standing::beginAnew(StandingMessage& standing) {
    standing.event.clear();
    standing.shown.clear();
}

Result<std::optional<Entry>> Standing::say(store::Transaction& tx, StandingMessage& standing,
                                           Message content, const QDateTime& now) {
    const QString shown = fingerprint(content);
    if (shown == standing.shown) return std::optional<Entry>();
    const bool isPost = standing.event.isEmpty();
    content.event = nextEvent(standing, isPost);
    content.replaces = isPost ? QString() : standing.event;
    if (!isPost) content.silent = false;
    auto entry = Ledger::intend(tx, standing.incident, standing.channel, content, now);
    if (!entry) return tl::unexpected<Error>(entry.error());
    if (isPost) standing.event = content.event;
    standing.shown = shown;
    standing.changedAt = now;
    ++standing.revision;
    if (auto saved = save(tx, standing); !saved) return tl::unexpected<Error>(saved.error());
    return std::optional<Entry>(*entry);
}

}  // namespace tocsin::delivery

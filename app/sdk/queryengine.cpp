#include "sdk/queryengine.h"

#include <QJsonArray>
#include <QPromise>

namespace tocsin {
namespace {

QString effectName(Effect effect) {
    switch (effect) {
        case Effect::ReadOnly:
            return QStringLiteral("read-only");
        case Effect::Changes:
            return QStringLiteral("changes");
        case Effect::Unproven:
            break;
    }
    return QStringLiteral("unproven");
}

}  // namespace

QFuture<Result<QString>> QueryEngine::decide(bool) {
    QPromise<Result<QString>> promise;
    promise.start();
    promise.addResult(
        fail(ErrorCode::Refused, QStringLiteral("No change waits for a decision here.")));
    promise.finish();
    return promise.future();
}

QJsonObject Receipt::toJson() const {
    QJsonObject json{
        {QStringLiteral("connection"), connection},
        {QStringLiteral("statement"), statement},
        {QStringLiteral("product"), server.product},
        {QStringLiteral("version"), server.version},
        {QStringLiteral("user"), server.user},
        {QStringLiteral("address"), server.address},
        {QStringLiteral("replica"), server.replica},
        {QStringLiteral("guards"), QJsonArray::fromStringList(guards)},
        {QStringLiteral("effect"), effectName(verdict.effect)},
        {QStringLiteral("rule"), verdict.rule},
        {QStringLiteral("started_at"), startedAt.toUTC().toString(Qt::ISODateWithMs)},
        {QStringLiteral("first_row_us"), static_cast<qint64>(firstRow.count())},
        {QStringLiteral("total_us"), static_cast<qint64>(total.count())},
        {QStringLiteral("rows"), static_cast<qint64>(rows)},
        {QStringLiteral("bytes"), bytes},
        {QStringLiteral("sha256"), QString::fromLatin1(sha256)},
    };
    if (roundTrips > 0) json[QStringLiteral("round_trips")] = roundTrips;
    if (!server.warnings.isEmpty())
        json[QStringLiteral("warnings")] = QJsonArray::fromStringList(server.warnings);
    if (!unlockReason.isEmpty()) json[QStringLiteral("unlock_reason")] = unlockReason;
    return json;
}

}  // namespace tocsin

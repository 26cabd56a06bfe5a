#include "plugins/notifiers/discord/sighting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "plugins/notifiers/discord/answer.h"

namespace tocsin::discord {
namespace {

constexpr int kSuppressEmbeds = 1 << 2;

/// Discord trims what it keeps, and gives line ends as "\n".
QString kept(const QJsonObject& message) {
    return message[u"content"].toString().remove(u'\r').trimmed();
}

}  // namespace

Result<Sighting> sightingOf(const QString& channel, const HttpReply& reply, const QByteArray& sent,
                            const QDateTime& now) {
    const auto answer = deliveryOf(channel, reply, now, Asked::Edit);
    // Refused is what Asked::Edit makes of an unknown message.
    if (!answer && reply.status == 404 && answer.error().code == ErrorCode::Refused)
        return Sighting::Gone;
    if (!answer) return tl::unexpected<Error>(answer.error());
    const QJsonObject there = QJsonDocument::fromJson(reply.body).object();
    const QJsonObject ours = QJsonDocument::fromJson(sent).object();
    const bool hidden = (there[u"flags"].toInt() & kSuppressEmbeds) != 0;
    // Discord adds cards of its own for addresses in the text; only missing ones are telling.
    const bool fewer = there[u"embeds"].toArray().size() < ours[u"embeds"].toArray().size();
    return kept(there) != kept(ours) || fewer || (hidden && !ours[u"embeds"].toArray().isEmpty())
               ? Sighting::Changed
               : Sighting::AsSent;
}

}  // namespace tocsin::discord

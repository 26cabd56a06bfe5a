#include "announcements/feedrecord.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {

// A label can be 100 kB long; the record needs no more than the message shows.
constexpr qsizetype kLongestKept = 1000;

double epochMs(const QDateTime& at) {
    return at.isValid() ? static_cast<double>(at.toMSecsSinceEpoch()) : -1;
}

QDateTime timeOf(const QJsonValue& ms) {
    if (ms.toDouble(-1) < 0) return {};
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(ms.toDouble()), Qt::UTC);
}

}  // namespace

FeedGroup lastOf(const delivery::StandingMessage& row) {
    const QJsonObject json = row.detail[u"group"].toObject();
    FeedGroup group;
    group.key = json[u"key"].toString();
    group.firing = json[u"firing"].toInt();
    group.silenced = json[u"silenced"].toInt();
    group.unknown = json[u"unknown"].toInt();
    group.worst = severityFromText(json[u"worst"].toString());
    group.since = timeOf(json[u"since"]);
    for (const auto& source : json[u"sources"].toArray())
        group.sources.append(source.toString());
    group.summary = json[u"summary"].toString();
    group.which = json[u"which"].toString();
    group.runbook = QUrl(json[u"runbook"].toString());
    group.runbookTitle = json[u"runbook_title"].toString();
    return group;
}

void setLast(delivery::StandingMessage& row, const FeedGroup& group) {
    row.detail.insert(u"group"_s,
                      QJsonObject{{u"key"_s, group.key.left(kLongestKept)},
                                  {u"firing"_s, group.firing},
                                  {u"silenced"_s, group.silenced},
                                  {u"unknown"_s, group.unknown},
                                  {u"worst"_s, nameOf(group.worst)},
                                  {u"since"_s, epochMs(group.since)},
                                  {u"sources"_s, QJsonArray::fromStringList(group.sources)},
                                  {u"summary"_s, group.summary.left(kLongestKept)},
                                  {u"which"_s, group.which.left(kLongestKept)},
                                  {u"runbook"_s, group.runbook.toString(QUrl::FullyEncoded)},
                                  {u"runbook_title"_s, group.runbookTitle}});
}

QDateTime timeIn(const delivery::StandingMessage& row, const QString& name) {
    return timeOf(row.detail[name]);
}

void setTime(delivery::StandingMessage& row, const QString& name, const QDateTime& at) {
    row.detail.insert(name, epochMs(at));
}

bool cameBack(const delivery::StandingMessage& row, const QDateTime& now, qint64 seconds) {
    const QDateTime ended = timeIn(row, u"ended"_s);
    return ended.isValid() && std::abs(ended.secsTo(now)) < seconds;
}

bool differsInShape(const FeedGroup& a, const FeedGroup& b) {
    return a.firing != b.firing || a.silenced != b.silenced || a.unknown != b.unknown ||
           a.worst != b.worst || a.since != b.since || a.sources != b.sources ||
           a.runbook != b.runbook;
}

}  // namespace tocsin::announcements

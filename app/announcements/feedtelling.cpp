#include "announcements/feedtelling.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>

#include "announcements/feedrecord.h"

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {

using delivery::Standing;
using delivery::StandingMessage;

const QString kKeys = u"feed/key/"_s;
const QString kSources = u"feed/source/"_s;
const QString kRest = u"feed/rest"_s;

// What one look may send: the channel is shared with people.
constexpr qsizetype kMostAtOnce = 5;
// A figure in a summary changes at every look; that alone is told no oftener than this.
constexpr qint64 kCalm = 60;  // seconds
// A key that comes back within this time goes on in its old message.
constexpr qint64 kComesBack = 10 * 60;  // seconds
// A source must be unknown for this long to be spoken of.
constexpr qint64 kPatience = 60;  // seconds

/// A name that fits an event whatever the key holds.
QString safeName(const QString& text) {
    static const QRegularExpression plain(u"^[A-Za-z0-9_.:-]{1,64}$"_s);
    if (plain.match(text).hasMatch()) return text;
    const QByteArray hash = QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
    return u"x-"_s + QString::fromLatin1(hash.toHex().left(16));
}

/// One look's work inside one transaction.
class Teller {
public:
    Teller(store::Transaction& tx, const FeedPicture& picture, const FeedSettings& settings,
           const QDateTime& now)
        : m_tx(tx), m_picture(picture), m_settings(settings), m_now(now) {}

    Result<Telling> tell();

private:
    Result<void> tellSources();
    Result<void> tellSource(const alerts::SourceHealth& health);
    Result<void> tellGroups();
    Result<void> tellGroup(const FeedGroup& group);
    Result<void> tellLouder(StandingMessage& one, const FeedGroup& group);
    Result<void> tellEnded();
    Result<void> tellRest();
    bool isOver(const FeedGroup& last) const;
    bool mayReturn() const;
    bool hasRoomFor(const FeedGroup& group) const;
    bool isCalm(const StandingMessage& row) const;

    Result<StandingMessage> row(const QString& name) const;
    Result<void> say(StandingMessage& row, const Message& message);
    bool isFull() const { return m_telling.intents.size() >= kMostAtOnce; }

    store::Transaction& m_tx;
    const FeedPicture& m_picture;
    const FeedSettings& m_settings;
    QDateTime m_now;
    Telling m_telling;
    QMap<QString, StandingMessage> m_open;  // by name
    QMap<Severity, int> m_taken;            // messages of their own, by severity
    QSet<QString> m_live;                   // names of keys that are in the picture
    QVector<FeedGroup> m_rest;
};

Result<Telling> Teller::tell() {
    auto open = Standing::open(m_tx, kKeys);
    if (!open) return tl::unexpected<Error>(open.error());
    for (const StandingMessage& one : *open) {
        m_open.insert(one.name, one);
        ++m_taken[lastOf(one).worst];
    }
    for (const auto step :
         {&Teller::tellSources, &Teller::tellGroups, &Teller::tellEnded, &Teller::tellRest})
        if (auto done = (this->*step)(); !done) return tl::unexpected<Error>(done.error());
    return m_telling;
}

Result<StandingMessage> Teller::row(const QString& name) const {
    auto found = Standing::find(m_tx, name);
    if (!found) return tl::unexpected<Error>(found.error());
    StandingMessage row = found->value_or(StandingMessage{.name = name});
    // A feed that was moved begins anew in its new channel.
    if (row.channel != m_settings.channel) Standing::beginAnew(row);
    row.channel = m_settings.channel;
    return row;
}

Result<void> Teller::say(StandingMessage& row, const Message& message) {
    auto entry = Standing::say(m_tx, row, message, m_now);
    if (!entry) return tl::unexpected<Error>(entry.error());
    if (*entry) m_telling.intents.append(**entry);
    return Standing::save(m_tx, row);
}

bool Teller::isCalm(const StandingMessage& row) const {
    return !row.changedAt.isValid() || std::abs(row.changedAt.secsTo(m_now)) >= kCalm;
}

Result<void> Teller::tellSources() {
    for (const alerts::SourceHealth& health : m_picture.sources)
        if (auto done = tellSource(health); !done) return done;
    return {};
}

Result<void> Teller::tellSource(const alerts::SourceHealth& health) {
    auto found = row(kSources + safeName(health.name));
    if (!found) return tl::unexpected<Error>(found.error());
    StandingMessage& one = *found;
    const bool isOpen = one.revision > 0 && !one.closed;
    if (health.known) {
        if (!isOpen) return {};
        one.closed = true;
        return say(one, sourceBackMessage(health.name, timeIn(one, u"since"_s), m_now));
    }
    const QDateTime since =
        health.unknownSince.isValid() ? health.unknownSince : m_picture.watchedSince;
    if (since.secsTo(m_now) < kPatience) {
        m_telling.isUnfinished = true;
        return {};
    }
    if (!isOpen) {
        if (one.closed) Standing::beginAnew(one);
        one.closed = false;
        setTime(one, u"since"_s, since);
        one.detail.insert(u"error"_s, health.error.message);
        one.detail.insert(u"alerts"_s, health.alertCount);
    }
    // Its error's words may change at every try; that alone is no news.
    alerts::SourceHealth asTold = health;
    asTold.error.message = one.detail[u"error"].toString();
    asTold.alertCount = one.detail[u"alerts"].toInt();
    return say(one, sourceMessage(asTold, timeIn(one, u"since"_s)));
}

Result<void> Teller::tellGroups() {
    for (const FeedGroup& group : m_picture.groups) {
        const QString name = kKeys + safeName(group.key);
        m_live.insert(name);
        const bool hasOwn = m_open.contains(name);
        if (!hasOwn && !group.isLive()) continue;
        if (!hasOwn && !hasRoomFor(group)) {
            m_rest.append(group);
            continue;
        }
        if (isFull()) {
            m_telling.isUnfinished = true;
            continue;
        }
        if (auto done = tellGroup(group); !done) return done;
    }
    return {};
}

/// What is worse is not crowded out by what is less.
bool Teller::hasRoomFor(const FeedGroup& group) const {
    int taken = 0;
    for (auto it = m_taken.begin(); it != m_taken.end(); ++it)
        if (it.key() <= group.worst) taken += it.value();
    return taken < m_settings.messages;
}

Result<void> Teller::tellGroup(const FeedGroup& group) {
    auto found = row(kKeys + safeName(group.key));
    if (!found) return tl::unexpected<Error>(found.error());
    StandingMessage& one = *found;
    const bool isNew = one.revision == 0 || one.closed;
    if (isNew) {
        if (one.closed && !cameBack(one, m_now, kComesBack)) Standing::beginAnew(one);
        one.closed = false;
        ++m_taken[group.worst];
    } else {
        if (isLoud(group.worst, m_settings.style) && !isLoud(lastOf(one).worst, m_settings.style))
            if (auto done = tellLouder(one, group); !done) return done;
        if (!differsInShape(lastOf(one), group) && !isCalm(one)) {
            m_telling.isUnfinished = m_telling.isUnfinished || lastOf(one).summary != group.summary;
            return {};
        }
    }
    setLast(one, group);
    return say(one, groupMessage(group, m_settings.style));
}

/// An edit makes no sound: what became loud goes on in a message of its own.
Result<void> Teller::tellLouder(StandingMessage& one, const FeedGroup& group) {
    if (auto done = say(one, continuedMessage(group, m_settings.style)); !done) return done;
    Standing::beginAnew(one);
    setLast(one, FeedGroup{});
    return {};
}

bool Teller::isOver(const FeedGroup& last) const {
    return std::none_of(m_picture.sources.begin(), m_picture.sources.end(),
                        [&](const alerts::SourceHealth& health) {
                            return !health.known && last.sources.contains(health.name);
                        });
}

Result<void> Teller::tellEnded() {
    for (const QString& key : m_picture.pending)
        m_live.insert(kKeys + safeName(key));
    for (StandingMessage& one : m_open) {
        if (m_live.contains(one.name)) continue;
        const FeedGroup last = lastOf(one);
        if (!isOver(last)) continue;
        if (isFull()) {
            m_telling.isUnfinished = true;
            return {};
        }
        one.closed = true;
        setTime(one, u"ended"_s, m_now);
        if (auto done = say(one, endedMessage(last, m_now, m_settings.style)); !done) return done;
    }
    return {};
}

/// Something that has no message of its own is pending.
bool Teller::mayReturn() const {
    return std::any_of(
        m_picture.pending.begin(), m_picture.pending.end(),
        [this](const QString& key) { return !m_open.contains(kKeys + safeName(key)); });
}

Result<void> Teller::tellRest() {
    auto found = row(kRest);
    if (!found) return tl::unexpected<Error>(found.error());
    StandingMessage& one = *found;
    const bool isOpen = one.revision > 0 && !one.closed;
    if (m_rest.isEmpty() && !isOpen) return {};
    if (m_rest.isEmpty()) {
        if (mayReturn()) return {};
        one.closed = true;
        setTime(one, u"ended"_s, m_now);
        return say(one, restEndedMessage(m_now));
    }
    if (isOpen && !isCalm(one)) {
        m_telling.isUnfinished = true;
        return {};
    }
    if (one.closed && !cameBack(one, m_now, kComesBack)) Standing::beginAnew(one);
    one.closed = false;
    return say(one, restMessage(m_rest));
}

}  // namespace

Result<Telling> tellFeed(store::Transaction& tx, const FeedPicture& picture,
                         const FeedSettings& settings, const QDateTime& now) {
    return Teller(tx, picture, settings, now).tell();
}

}  // namespace tocsin::announcements

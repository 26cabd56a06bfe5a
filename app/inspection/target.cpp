#include "inspection/target.h"

#include <QRegularExpression>

#include "sdk/secret.h"

namespace tocsin::inspection {

using namespace Qt::StringLiterals;

namespace {

struct Whereabouts {
    QString host, port, database;
    bool isBareWord = false;  // "app": a host, or a database
    bool namesNothing() const { return host.isEmpty() && database.isEmpty(); }
};

/// The words of "$STAGING_DATABASE_URL" that tell one server from another; nothing for a text that
/// is no variable.
std::optional<QStringList> variableWords(const QString& target) {
    static const QRegularExpression variable(u"^\\$\\{?(\\w+)(?::?-[^}]*)?\\}?$"_s);
    static const QStringList common{
        u"database"_s, u"db"_s,    u"postgres"_s,   u"postgresql"_s, u"pg"_s,     u"psql"_s,
        u"sql"_s,      u"redis"_s, u"url"_s,        u"uri"_s,        u"dsn"_s,    u"conn"_s,
        u"host"_s,     u"name"_s,  u"connection"_s, u"string"_s,     u"pghost"_s, u"pguri"_s};
    const auto match = variable.match(target.trimmed());
    if (!match.hasMatch()) return std::nullopt;
    QStringList words = match.captured(1).toLower().split(u'_', Qt::SkipEmptyParts);
    words.removeIf([](const QString& word) { return common.contains(word); });
    return words;
}

/// "$REDIS_URL" → "redis": somebody may have called a connection that.
QString wholeName(QString target) {
    static const QRegularExpression marks(u"[${}]"_s);
    static const QRegularExpression ending(u"[_-](url|uri|dsn)$"_s);
    return target.remove(marks).trimmed().toLower().remove(ending).replace(u'_', u'-');
}

Whereabouts fromKeywords(const QString& text) {
    static const QRegularExpression pair(u"(\\w+)\\s*=\\s*'?([^\\s']*)"_s);
    Whereabouts where;
    for (auto it = pair.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        const QString key = match.captured(1).toLower();
        if (key == u"host") where.host = match.captured(2);
        if (key == u"port") where.port = match.captured(2);
        if (key == u"dbname" || key == u"service") where.database = match.captured(2);
    }
    return where;
}

/// Of "redis://:secret@cache:6379/0", "oncall@db:5432/app through bastion", "db", "/app". Who logs
/// in says nothing about where.
Whereabouts whereabouts(QString text) {
    text = text.section(u" through "_s, 0, 0).section(u'?', 0, 0);
    const bool hasScheme = text.contains(u"://"_s);
    if (hasScheme) text = text.section(u"://"_s, 1);
    if (text.contains(u'=')) return fromKeywords(text);
    Whereabouts where;
    const bool hasUser = text.contains(u'@');
    if (hasUser) text = text.section(u'@', -1);
    where.isBareWord = !hasScheme && !hasUser && !text.contains(u':') && !text.contains(u'/');
    where.database = text.section(u'/', 1);
    const QString place = text.section(u'/', 0, 0);
    const qsizetype colon = place.lastIndexOf(u':');
    where.host = (colon < 0 ? place : place.left(colon)).toLower();
    if (colon >= 0) where.port = place.mid(colon + 1);
    for (QString* part : {&where.host, &where.port, &where.database})
        if (part->contains(u'$')) part->clear();
    return where;
}

bool isThere(const Whereabouts& wanted, Whereabouts have, const QString& kind) {
    const QString usual = kind == u"redis" ? u"6379"_s : u"5432"_s;
    if (kind == u"redis" && have.database.isEmpty()) have.database = u"0"_s;
    if (wanted.isBareWord && wanted.host == have.database.toLower()) return true;
    const auto port = [&usual](const Whereabouts& of) {
        return of.port.isEmpty() ? usual : of.port;
    };
    const bool sameHost =
        wanted.host.isEmpty() || (wanted.host == have.host && port(wanted) == port(have));
    return sameHost && (wanted.database.isEmpty() || wanted.database == have.database);
}

}  // namespace

qsizetype indexOfTarget(const QVector<ConnectionInfo>& connections, const QString& kind,
                        const QString& target) {
    const auto words = variableWords(target);
    const Whereabouts wanted = words ? Whereabouts() : whereabouts(target.trimmed());
    const QStringList names{wholeName(target), words ? words->join(u'-') : QString()};
    const bool namesNothing = words ? words->isEmpty() : wanted.namesNothing();
    qsizetype first = -1, there = -1;
    for (qsizetype i = 0; i < connections.size(); ++i) {
        const ConnectionInfo& info = connections[i];
        if (info.kind != kind) continue;
        if (names.contains(info.name.toLower().replace(u'_', u'-'))) return i;
        if (first < 0) first = i;
        if (there < 0 && !namesNothing && !words && isThere(wanted, whereabouts(info.place), kind))
            there = i;
    }
    return namesNothing ? first : there;
}

QString targetName(const QString& target) {
    if (const auto words = variableWords(target)) return words->join(u'-');
    if (whereabouts(target.trimmed()).namesNothing()) return {};
    static const QRegularExpression login(u"(?<=//)[^/@]*@"_s);
    return redact(QString(target).remove(login).trimmed());
}

}  // namespace tocsin::inspection

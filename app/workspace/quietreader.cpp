#include "workspace/quietreader.h"

#include <QTimeZone>

#include "workspace/fieldvalue.h"
#include "workspace/keys.h"
#include "workspace/nearest.h"

using namespace Qt::StringLiterals;

namespace tocsin::workspace {
namespace {

QString pagedAllTheSame(const QString& level) {
    return u"Until that is right, “%1” is paged at any hour."_s.arg(level);
}

/// Told apart by its cities: “Europe/Berlni” is near “Europe/Berlin”.
QStringList knownZones() {
    QStringList names;
    for (const QByteArray& id : QTimeZone::availableTimeZoneIds())
        names.append(QString::fromUtf8(id));
    return names;
}

/// Only what is near: there are too many to list.
QString nearZone(const QString& zone, const QStringList& known) {
    const QString near = nearest(zone, known);
    return near.isEmpty() ? QString() : u" Did you mean “%1”?"_s.arg(near);
}

}  // namespace

std::optional<QuietEntry> QuietReader::read(const YamlNode& node, const QString& level) const {
    if (!node.isMap()) {
        m_mistakes.error(node, "wrong-type", node.text,
                         u"“quiet” must be a map {from, to, zone, instead, loud}, not %1. %2"_s.arg(
                             node.kindName(), pagedAllTheSame(level)));
        return {};
    }
    reportUnknownKeys(m_mistakes, node, u"quiet"_s,
                      {u"from"_s, u"to"_s, u"zone"_s, u"instead"_s, u"loud"_s});
    QuietEntry quiet;
    // Every mistake is reported, not only the first.
    bool good = readTime(quiet.from, node, u"from"_s, level);
    good = readTime(quiet.to, node, u"to"_s, level) && good;
    good = readZone(quiet.zone, node, level) && good;
    good = readInstead(quiet, node, level) && good;
    good = readLoud(quiet, node, level) && good;
    if (good && quiet.from == quiet.to) {
        m_mistakes.error(node, "bad-time", quiet.to.toString(u"HH:mm"_s),
                         u"“from” and “to” are the same. "_s + pagedAllTheSame(level));
        good = false;
    }
    return good ? std::optional<QuietEntry>(quiet) : std::nullopt;
}

bool QuietReader::readTime(QTime& time, const YamlNode& node, const QString& key,
                           const QString& level) const {
    const YamlNode* said = node.given(key);
    if (said && said->isScalar()) time = QTime::fromString(said->text, u"H:mm"_s);
    if (time.isValid()) return true;
    m_mistakes.error(said ? *said : node, said ? "bad-time" : "missing-key",
                     said ? said->text : key,
                     u"“quiet” needs “%1”: a time of day such as 22:00%2. %3"_s.arg(
                         key, said ? notWhatIs(*said) : QString(), pagedAllTheSame(level)));
    return false;
}

bool QuietReader::readZone(QString& zone, const YamlNode& node, const QString& level) const {
    const YamlNode* said = node.given(u"zone"_s);
    zone = said ? said->text.trimmed() : QString();
    // Not QTimeZone::isValid(): that takes any word for a POSIX rule.
    const QStringList known = knownZones();
    if (known.contains(zone)) return true;
    m_mistakes.error(
        said ? *said : node, said ? "bad-zone" : "missing-key", said ? said->text : u"zone"_s,
        u"“quiet” needs “zone”: a time zone such as Europe/Berlin or UTC%1.%2 %3"_s.arg(
            said ? notWhatIs(*said) : QString(), nearZone(zone, known), pagedAllTheSame(level)));
    return false;
}

bool QuietReader::readInstead(QuietEntry& quiet, const YamlNode& node, const QString& level) const {
    const YamlNode* said = node.given(u"instead"_s);
    if (!said) return true;
    if (said->text == u"postpone" || said->text == u"skip") {
        quiet.instead = said->text;
        return true;
    }
    bool number = false;
    quiet.level = said->text.toInt(&number);
    quiet.instead = u"level"_s;
    if (number && quiet.level >= 1 && quiet.level <= m_levels) return true;
    m_mistakes.error(
        *said, "bad-choice", said->text,
        u"“instead” is postpone, skip, or the number of another level from 1 to %1%2. %3"_s.arg(
            QString::number(m_levels), notWhatIs(*said), pagedAllTheSame(level)));
    return false;
}

bool QuietReader::readLoud(QuietEntry& quiet, const YamlNode& node, const QString& level) const {
    const YamlNode* said = node.given(u"loud"_s);
    if (!said) return true;
    quiet.loud.clear();
    const QStringList known{u"P1"_s, u"P2"_s, u"P3"_s, u"P4"_s};
    const auto take = [&](const YamlNode& one) {
        if (one.isScalar() && known.contains(one.text)) {
            quiet.loud.append(one.text);
            return true;
        }
        m_mistakes.error(
            one, "bad-choice", one.text,
            u"“loud” lists severities that page at any hour: P1, P2, P3, P4%1. %2"_s.arg(
                notWhatIs(one), pagedAllTheSame(level)));
        return false;
    };
    if (!said->isSequence()) return take(*said);
    bool good = true;
    for (const YamlNode& one : said->items)
        good = take(one) && good;
    return good;
}

}  // namespace tocsin::workspace

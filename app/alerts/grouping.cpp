#include "alerts/grouping.h"

#include <QMap>
#include <QSet>
#include <algorithm>

namespace tocsin::alerts {
namespace {

// Among labels that tell members apart equally well, people recognise these first.
int familiarity(const QString& label) {
    static const QStringList known{QStringLiteral("instance"), QStringLiteral("host"),
                                   QStringLiteral("pod"),      QStringLiteral("node"),
                                   QStringLiteral("queue"),    QStringLiteral("service"),
                                   QStringLiteral("job")};
    const qsizetype at = known.indexOf(label);
    return at < 0 ? static_cast<int>(known.size()) : static_cast<int>(at);
}

// Looking at all of 10 000 members would tell nothing more than looking at some.
constexpr qsizetype kLookedAt = 64;

}  // namespace

bool comesBefore(const Alert& a, const Alert& b) {
    if (a.severity != b.severity) return a.severity < b.severity;
    const qint64 startA = a.startsAt.toMSecsSinceEpoch(), startB = b.startsAt.toMSecsSinceEpoch();
    if (startA != startB) return startA < startB;
    if (const int order = a.key.compare(b.key)) return order < 0;
    if (const int order = a.source.compare(b.source)) return order < 0;
    return a.fingerprint < b.fingerprint;
}

QVector<AlertGroup> groupedByKey(const QVector<Alert>& alerts) {
    QVector<Alert> sorted = alerts;
    std::sort(sorted.begin(), sorted.end(), comesBefore);
    QVector<AlertGroup> groups;
    QHash<QString, qsizetype> places;
    for (const Alert& alert : std::as_const(sorted)) {
        const auto place = places.constFind(alert.key);
        if (place == places.constEnd()) {
            // Sorted by badness, so the order of first appearance is the order of the groups.
            places.insert(alert.key, groups.size());
            groups.append({alert.key, {alert}, alert.startsAt});
            continue;
        }
        AlertGroup& group = groups[*place];
        group.members.append(alert);
        if (alert.startsAt < group.oldest) group.oldest = alert.startsAt;
    }
    return groups;
}

QString tellingLabel(const QVector<Alert>& members) {
    QMap<QString, QSet<QString>> values;
    for (qsizetype i = 0; i < std::min(members.size(), kLookedAt); ++i) {
        const auto& labels = members[i].labels;
        for (auto it = labels.begin(); it != labels.end(); ++it)
            values[it.key()].insert(it.value());
    }
    QString best;
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        if (it->size() < 2) continue;
        if (best.isEmpty() || familiarity(it.key()) < familiarity(best) ||
            (familiarity(it.key()) == familiarity(best) && it->size() > values[best].size()))
            best = it.key();
    }
    return best;
}

QString differenceWithin(const QVector<Alert>& members, int limit) {
    const QString label = tellingLabel(members);
    if (label.isEmpty()) return {};
    QStringList values;
    for (const Alert& member : members) {
        const QString value = member.labels.value(label);
        if (value.isEmpty() || values.contains(value)) continue;
        if (values.size() == limit)
            return values.join(QStringLiteral(", ")) + QStringLiteral(", …");
        values.append(value);
    }
    return values.join(QStringLiteral(", "));
}

}  // namespace tocsin::alerts

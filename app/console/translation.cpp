#include "console/translation.h"

#include <QSet>

#include "workspace/values.h"

namespace tocsin::console {

using namespace Qt::Literals::StringLiterals;

namespace {

QVariantMap rule(const QString& key, const QString& metric, const QString& warning,
                 const QString& critical, std::chrono::milliseconds over) {
    return {{u"key"_s, key},
            {u"metric"_s, metric.isEmpty() ? key : metric},
            {u"warning"_s, warning},
            {u"critical"_s, critical},
            {u"over_ms"_s, static_cast<qint64>(over.count())}};
}

escalation::QuietHours quietFrom(const workspace::QuietEntry& entry) {
    using Instead = escalation::QuietHours::Instead;
    const Instead instead = entry.instead == u"skip"    ? Instead::Skip
                            : entry.instead == u"level" ? Instead::OtherLevel
                                                        : Instead::Postpone;
    return {entry.from, entry.to, entry.zone, instead, entry.level};
}

escalation::Level levelFrom(const workspace::LevelEntry& entry) {
    escalation::Level level{entry.name, entry.after, entry.mention, entry.channel, entry.repeat};
    if (entry.untilResolved) level.until = escalation::Until::Resolved;
    if (entry.quiet) {
        level.quiet = quietFrom(*entry.quiet);
        level.loud = entry.quiet->loud;
    }
    return level;
}

}  // namespace

incidents::Practice practiceFrom(const workspace::IncidentsEntry& entry) {
    using std::chrono::duration_cast, std::chrono::seconds;
    const auto priorityOf = [](const QString& word) {
        return incidents::priorityFromText(word).value_or(incidents::Priority::P3);
    };
    incidents::Practice practice;
    practice.verify = duration_cast<seconds>(entry.verify);
    practice.silence = duration_cast<seconds>(entry.silence);
    practice.attach = entry.attach;
    for (const workspace::SeverityEntry& rule : entry.severity)
        practice.severity.append({rule.key, rule.labels, rule.severity, priorityOf(rule.propose)});
    for (auto it = entry.updates.begin(); it != entry.updates.end(); ++it) {
        incidents::UpdateRhythm rhythm;
        if (it->first) rhythm.first = duration_cast<seconds>(*it->first);
        if (it->every) rhythm.every = duration_cast<seconds>(*it->every);
        if (it->later) rhythm.later = duration_cast<seconds>(*it->later);
        practice.updates.insert(priorityOf(it.key()), rhythm);
    }
    return practice;
}

escalation::Policy policyFrom(const workspace::EscalationEntry& entry) {
    escalation::Policy policy{entry.channel, {}, entry.start, entry.ackTimeout};
    policy.ownCard = true;
    for (const workspace::LevelEntry& level : entry.levels)
        policy.levels.append(levelFrom(level));
    return policy;
}

QVariantList rulesFrom(const QVector<workspace::Rule>& rules,
                       const QVector<runbooks::Runbook>& runbooks) {
    QVariantList all;
    QSet<QString> keys;
    for (const workspace::Rule& own : rules) {
        all << rule(own.key, own.metric, own.warning, own.critical, own.over);
        keys.insert(own.key);
    }
    for (const runbooks::Runbook& runbook : runbooks) {
        for (const runbooks::Threshold& stated : runbook.thresholds) {
            if (keys.contains(stated.key)) continue;
            keys.insert(stated.key);
            QVariantMap offered = rule(
                stated.key, stated.metric, stated.warning, stated.critical,
                workspace::durationFromText(stated.over).value_or(std::chrono::milliseconds(0)));
            // Nobody asked for it: an application without this metric is not worth a word.
            offered.insert(u"optional"_s, true);
            all << offered;
        }
    }
    return all;
}

}  // namespace tocsin::console

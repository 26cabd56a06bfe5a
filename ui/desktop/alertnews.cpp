#include "ui/desktop/alertnews.h"

#include <QCoreApplication>

#include "alerts/grouping.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {
namespace {

constexpr qsizetype kLongestLine = 200;

QString line(const QString& text) {
    const QString one = text.simplified();
    return one.size() > kLongestLine ? one.left(kLongestLine) + u'…' : one;
}

QString said(const char* text) {
    return QCoreApplication::translate("AlertNews", text);
}

}  // namespace

AlertNews::Change AlertNews::update(const QHash<alerts::AlertId, Alert>& alerts) {
    QVector<Alert> critical;
    QSet<alerts::AlertId> now;
    for (auto it = alerts.begin(); it != alerts.end(); ++it) {
        const Alert& alert = it.value();
        if (alert.severity != Severity::Critical) continue;
        // One whose source stopped answering may still fire: it stays told, but is no news.
        const bool unknown = alert.state == AlertState::Unknown && m_known.contains(it.key());
        if (alert.state != AlertState::Firing && !unknown) continue;
        critical << alert;
        now.insert(it.key());
    }
    Change change;
    change.isNew = !(now - m_known).isEmpty();
    QHash<QString, QVector<Alert>> groups;
    for (const alerts::AlertGroup& group : alerts::groupedByKey(critical)) {
        groups.insert(group.key, group.members);
        if (m_groups.value(group.key) != group.members)
            change.told.append({group.key, group.members});
    }
    for (auto it = m_groups.begin(); it != m_groups.end(); ++it)
        if (!groups.contains(it.key())) change.over << it.key();
    m_groups = groups;
    m_known = now;
    return change;
}

Notice noticeOf(const QString& key, const QVector<Alert>& alerts) {
    Notice notice;
    notice.critical = true;
    const QString count = alerts.size() > 1 ? u" ×%1"_s.arg(alerts.size()) : QString();
    notice.summary = u"▲ "_s + line(key) + count;
    const Alert& worst = alerts.first();
    QStringList lines{line(worst.summary)};
    if (const QString which = alerts::differenceWithin(alerts); !which.isEmpty())
        lines << line(which);
    lines << said("%1 since %2 UTC").arg(worst.source, worst.startsAt.toUTC().toString(u"HH:mm"_s));
    lines.removeAll(QString());
    notice.body = lines.join(u'\n');
    notice.actions = {{u"default"_s, said("Open")},
                      {u"acknowledge"_s, said("Acknowledge")},
                      {u"open"_s, said("Open")}};
    return notice;
}

}  // namespace tocsin::ui

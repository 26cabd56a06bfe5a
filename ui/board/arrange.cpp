#include "ui/board/arrange.h"

#include <array>

#include "alerts/grouping.h"
#include "ui/board/boardfilter.h"

namespace tocsin::ui {
namespace {

using alerts::AlertGroup;
using Kind = BoardRow::Kind;

constexpr std::array kSections{BoardSection::Firing, BoardSection::Pending, BoardSection::Silenced,
                               BoardSection::Unknown};

QString nameOfSection(BoardSection section) {
    switch (section) {
        case BoardSection::Firing:
            return QStringLiteral("FIRING");
        case BoardSection::Pending:
            return QStringLiteral("PENDING");
        case BoardSection::Silenced:
            return QStringLiteral("SILENCED");
        case BoardSection::Unknown:
            break;
    }
    return QStringLiteral("UNKNOWN");
}

BoardSection sectionOf(AlertState state) {
    switch (state) {
        case AlertState::Firing:
            return BoardSection::Firing;
        case AlertState::Pending:
            return BoardSection::Pending;
        case AlertState::Silenced:
        case AlertState::Inhibited:
            return BoardSection::Silenced;
        case AlertState::Unknown:
            break;
    }
    return BoardSection::Unknown;
}

QString untilText(const QDateTime& until) {
    return until.isValid() ? QStringLiteral(" until %1")
                                 .arg(until.toUTC().toString(QStringLiteral("d MMM HH:mm")))
                           : QString();
}

/// "by ana until 16:00, “resize planned”"
QString suppressionText(const Alert& alert) {
    if (alert.suppressions.isEmpty())
        return alert.state == AlertState::Inhibited ? QStringLiteral("inhibited by another alert")
                                                    : QStringLiteral("silenced");
    const Suppression& first = alert.suppressions.first();
    if (alert.state == AlertState::Inhibited)
        return QStringLiteral("inhibited by %1").arg(first.id);
    QString text = first.by.isEmpty() ? QStringLiteral("silence %1").arg(first.id)
                                      : QStringLiteral("by %1").arg(first.by);
    text += untilText(first.until);
    if (!first.comment.isEmpty()) text += QStringLiteral(", “%1”").arg(first.comment.simplified());
    return text;
}

QString detailOf(const Alert& alert) {
    if (alert.state == AlertState::Silenced || alert.state == AlertState::Inhibited)
        return suppressionText(alert);
    return alert.summary.simplified();
}

class Arranger {
public:
    explicit Arranger(const BoardView& view) : m_view(view), m_filter(view.filter) {}

    BoardRows rows() {
        std::array<QVector<Alert>, kSections.size()> parts;
        for (const Alert& alert : m_view.alerts)
            if (m_filter.matches(alert))
                parts[static_cast<size_t>(sectionOf(alert.state))].append(alert);
        for (const BoardSection section : kSections)
            addSection(section, parts[static_cast<size_t>(section)]);
        return std::move(m_rows);
    }

private:
    void addSection(BoardSection section, const QVector<Alert>& members) {
        const BoardRows sources = section == BoardSection::Unknown ? sourceRows() : BoardRows();
        if (members.isEmpty() && sources.isEmpty()) return;
        BoardRow heading;
        heading.kind = Kind::Section;
        heading.section = section;
        heading.id = QStringLiteral("section/") + nameOfSection(section);
        heading.title = headingText(section, members.size(), sources.size());
        m_rows.append(heading);
        m_rows.append(sources);
        const QVector<AlertGroup> groups = alerts::groupedByKey(members);
        qsizetype shown = 0;
        for (qsizetype i = 0; i < groups.size(); ++i) {
            if (shown >= kRowsPerSection) {
                addMore(section, nameOfSection(section), groups.size() - i, QStringLiteral("keys"));
                break;
            }
            shown += addGroup(section, groups[i]);
        }
    }

    static QString headingText(BoardSection section, qsizetype alertCount, qsizetype sourceCount) {
        QString text = nameOfSection(section);
        if (sourceCount > 0)
            text +=
                QStringLiteral(" · %1 %2")
                    .arg(sourceCount)
                    .arg(sourceCount == 1 ? QStringLiteral("SOURCE") : QStringLiteral("SOURCES"));
        if (sourceCount > 0 && alertCount > 0)
            text += QStringLiteral(" · %1 LAST KNOWN").arg(alertCount);
        else if (alertCount > 0)
            text += QStringLiteral(" · %1").arg(alertCount);
        return text;
    }

    BoardRows sourceRows() const {
        BoardRows rows;
        for (const alerts::SourceHealth& health : m_view.sources) {
            if (health.known || !m_filter.matchesSource(health.name)) continue;
            BoardRow row;
            row.kind = Kind::Source;
            row.section = BoardSection::Unknown;
            row.id = QStringLiteral("source/") + health.name;
            row.title = health.name;
            row.since = health.lastSeen.isValid() ? health.lastSeen : health.unknownSince;
            row.nextTry = health.nextTry;
            row.detail = health.error.message.isEmpty() ? QStringLiteral("has not answered yet")
                                                        : health.error.message;
            row.alert.source = health.name;
            rows.append(row);
        }
        return rows;
    }

    qsizetype addGroup(BoardSection section, const AlertGroup& group) {
        const qsizetype before = m_rows.size();
        BoardRow row;
        row.section = section;
        row.id = QStringLiteral("key/%1/%2").arg(nameOfSection(section), group.key);
        row.title = group.key;
        row.alert = group.worst();
        row.since = group.oldest;
        for (const Alert& member : group.members)
            row.members.append(alerts::alertId(member));
        row.incident = incidentOf(row.members);
        const bool isMany = group.members.size() > 1;
        row.isOpen = isMany && m_view.open.contains(row.id);
        row.detail = isMany ? alerts::differenceWithin(group.members) : QString();
        if (row.detail.isEmpty()) row.detail = detailOf(row.alert);
        m_rows.append(row);
        if (row.isOpen) addMembers(section, group);
        return m_rows.size() - before;
    }

    void addMembers(BoardSection section, const AlertGroup& group) {
        const qsizetype count = std::min(group.members.size(), kRowsPerSection);
        const QString telling = alerts::tellingLabel(group.members);
        for (qsizetype i = 0; i < count; ++i) {
            const Alert& alert = group.members[i];
            BoardRow row;
            row.kind = Kind::Member;
            row.section = section;
            row.members = {alerts::alertId(alert)};
            row.id = QStringLiteral("alert/") + row.members.first();
            row.title = alert.labels.value(telling, alert.key);
            row.detail = detailOf(alert);
            row.alert = alert;
            row.since = alert.startsAt;
            row.incident = incidentOf(row.members);
            m_rows.append(row);
        }
        if (count < group.members.size())
            addMore(section, nameOfSection(section) + QLatin1Char('/') + group.key,
                    group.members.size() - count, group.key);
    }

    void addMore(BoardSection section, const QString& scope, qsizetype hidden,
                 const QString& what) {
        BoardRow row;
        row.kind = Kind::More;
        row.section = section;
        row.id = QStringLiteral("more/") + scope;
        row.title = QStringLiteral("… %1 more %2: filter to see them").arg(hidden).arg(what);
        m_rows.append(row);
    }

    QString incidentOf(const QVector<alerts::AlertId>& members) const {
        if (m_view.incidents.isEmpty()) return {};
        for (const alerts::AlertId& id : members)
            if (const auto it = m_view.incidents.constFind(id); it != m_view.incidents.constEnd())
                return *it;
        return {};
    }

    const BoardView& m_view;
    BoardFilter m_filter;
    BoardRows m_rows;
};

}  // namespace

BoardRows arranged(const BoardView& view) {
    return Arranger(view).rows();
}

}  // namespace tocsin::ui

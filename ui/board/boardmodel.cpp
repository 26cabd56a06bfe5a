#include "ui/board/boardmodel.h"

#include <QSet>
#include <algorithm>

#include "ui/board/age.h"

namespace tocsin::ui {
namespace {

QHash<QString, int> placesOf(const BoardRows& rows) {
    QHash<QString, int> places;
    places.reserve(rows.size());
    for (int i = 0; i < rows.size(); ++i)
        places.insert(rows[i].id, i);
    return places;
}

QString absolute(const QDateTime& time) {
    return time.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss 'UTC'"));
}

}  // namespace

BoardModel::BoardModel(Clock& clock, QObject* parent) : QAbstractListModel(parent), m_clock(clock) {
}

void BoardModel::setRows(const BoardRows& rows) {
    const QHash<QString, int> places = placesOf(rows);
    removeVanished({places.keyBegin(), places.keyEnd()});
    reorder(places);
    insertMissing(rows);
    refreshRows(rows);
}

void BoardModel::removeVanished(const QSet<QString>& wanted) {
    for (auto last = m_rows.size() - 1; last >= 0; --last) {
        if (wanted.contains(m_rows[last].id)) continue;
        auto first = last;
        while (first > 0 && !wanted.contains(m_rows[first - 1].id))
            --first;
        beginRemoveRows({}, static_cast<int>(first), static_cast<int>(last));
        m_rows.remove(first, last - first + 1);
        endRemoveRows();
        last = first;
    }
}

void BoardModel::reorder(const QHash<QString, int>& places) {
    const auto before = [&](const BoardRow& a, const BoardRow& b) {
        return places.value(a.id) < places.value(b.id);
    };
    if (std::is_sorted(m_rows.begin(), m_rows.end(), before)) return;
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList old = persistentIndexList();
    QStringList ids;
    for (const QModelIndex& index : old)
        ids.append(m_rows[index.row()].id);
    std::sort(m_rows.begin(), m_rows.end(), before);
    const QHash<QString, int> now = placesOf(m_rows);
    QModelIndexList moved;
    for (const QString& id : std::as_const(ids))
        moved.append(index(now.value(id)));
    changePersistentIndexList(old, moved);
    emit layoutChanged({}, VerticalSortHint);
}

void BoardModel::insertMissing(const BoardRows& rows) {
    const QHash<QString, int> present = placesOf(m_rows);
    for (int first = 0; first < rows.size(); ++first) {
        if (present.contains(rows[first].id)) continue;
        int last = first;
        while (last + 1 < rows.size() && !present.contains(rows[last + 1].id))
            ++last;
        beginInsertRows({}, first, last);
        m_rows.insert(first, last - first + 1, BoardRow());
        std::copy(rows.begin() + first, rows.begin() + last + 1, m_rows.begin() + first);
        endInsertRows();
        first = last;
    }
}

void BoardModel::refreshRows(const BoardRows& rows) {
    const QHash<QString, int> places = placesOf(rows);
    int firstChanged = -1;
    const auto announce = [&](int end) {
        if (firstChanged >= 0) emit dataChanged(index(firstChanged), index(end - 1));
        firstChanged = -1;
    };
    for (int i = 0; i < m_rows.size(); ++i) {
        const auto place = places.constFind(m_rows[i].id);
        if (place == places.constEnd() || m_rows[i] == rows[*place]) {
            announce(i);
            continue;
        }
        m_rows[i] = rows[*place];
        if (firstChanged < 0) firstChanged = i;
    }
    announce(static_cast<int>(m_rows.size()));
}

int BoardModel::structuralDifference(const BoardRows& rows) const {
    const QHash<QString, int> present = placesOf(m_rows);
    int kept = 0, moved = 0, furthest = -1;
    for (const BoardRow& row : rows) {
        const auto place = present.constFind(row.id);
        if (place == present.constEnd()) continue;
        ++kept;
        if (*place < furthest) ++moved;
        furthest = std::max(furthest, *place);
    }
    return static_cast<int>(rows.size() - kept) + static_cast<int>(m_rows.size() - kept) + moved;
}

int BoardModel::indexOfId(const QString& id) const {
    const auto it = std::find_if(m_rows.begin(), m_rows.end(),
                                 [&](const BoardRow& row) { return row.id == id; });
    return it == m_rows.end() ? -1 : static_cast<int>(it - m_rows.begin());
}

int BoardModel::indexOfAlert(const alerts::AlertId& alert) const {
    int found = -1;
    for (int i = 0; i < m_rows.size(); ++i) {
        if (!m_rows[i].members.contains(alert)) continue;
        found = i;
        if (m_rows[i].members.size() == 1) break;
    }
    return found;
}

int BoardModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant BoardModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const BoardRow& row = m_rows[index.row()];
    switch (role) {
        case Qt::DisplayRole:
            return row.title;
        case Qt::ToolTipRole:
            return toolTip(row);
        case Qt::AccessibleTextRole:
            return spoken(row);
        case KindRole:
            return static_cast<int>(row.kind);
        case IdRole:
            return row.id;
        case KeyRole:
            return row.alert.key;
        case SeverityRole:
            return nameOf(row.alert.severity);
        case StateRole:
            return nameOf(row.alert.state);
        case SourceRole:
            return row.alert.source;
        case DetailRole:
            return row.detail;
        case CountRole:
            return row.members.size();
        case IncidentRole:
            return row.incident;
        case SinceRole:
            return row.since;
        default:
            return {};
    }
}

QHash<int, QByteArray> BoardModel::roleNames() const {
    return {{Qt::DisplayRole, "title"}, {KindRole, "kind"},         {IdRole, "rowId"},
            {KeyRole, "key"},           {SeverityRole, "severity"}, {StateRole, "state"},
            {SourceRole, "source"},     {DetailRole, "detail"},     {CountRole, "count"},
            {IncidentRole, "incident"}, {SinceRole, "since"}};
}

Qt::ItemFlags BoardModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::NoItemFlags;
    switch (m_rows[index.row()].kind) {
        case BoardRow::Kind::Section:
        case BoardRow::Kind::More:
            return Qt::ItemNeverHasChildren | Qt::ItemIsEnabled;
        default:
            return Qt::ItemNeverHasChildren | Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    }
}

QString BoardModel::spoken(const BoardRow& row) const {
    const QString age = spokenAge(row.since, m_clock.now());
    switch (row.kind) {
        case BoardRow::Kind::Section:
        case BoardRow::Kind::More:
            return row.title;
        case BoardRow::Kind::Source:
            return QStringLiteral("unknown source %1, nothing known for %2: %3")
                .arg(row.title, age, row.detail);
        default:
            break;
    }
    QString text = QStringLiteral("%1, %2, %3 for %4")
                       .arg(row.title, nameOf(row.alert.severity), nameOf(row.alert.state), age);
    if (row.members.size() > 1) text += QStringLiteral(", %1 alerts").arg(row.members.size());
    if (!row.detail.isEmpty()) text += QStringLiteral(": ") + row.detail;
    text += QStringLiteral(", from %1").arg(row.alert.source);
    if (!row.incident.isEmpty()) text += QStringLiteral(", in %1").arg(row.incident);
    return text;
}

QString BoardModel::toolTip(const BoardRow& row) const {
    if (row.kind == BoardRow::Kind::Section || row.kind == BoardRow::Kind::More) return {};
    QStringList lines{row.title};
    if (!row.detail.isEmpty()) lines << row.detail;
    if (row.since.isValid()) lines << QStringLiteral("since %1").arg(absolute(row.since));
    if (row.members.size() <= 1)
        for (auto it = row.alert.labels.cbegin(); it != row.alert.labels.cend(); ++it)
            lines << QStringLiteral("%1 = %2").arg(it.key(), it.value());
    return lines.join(QLatin1Char('\n'));
}

}  // namespace tocsin::ui

#include "ui/query/sessionmodels.h"

#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

using SessionKey = QPair<qint64, QString>;

SessionKey keyOf(const ServerSession& session) {
    return {session.pid, session.connectedAt};
}

QString pidList(const QVector<qint64>& pids) {
    QStringList texts;
    for (const qint64 pid : pids)
        texts << QString::number(pid);
    return texts.join(u", "_s);
}

/// "24817 app · worker-1"; what has no number is a prepared transaction, named by its own name.
QString sessionTitle(qint64 pid, const ServerSession& session) {
    QString title = pid > 0 ? QString::number(pid) : QString();
    if (!session.role.isEmpty()) title += u' ' + session.role;
    if (!session.application.isEmpty()) title += u" · "_s + session.application;
    return title.trimmed();
}

}  // namespace

QString lastingText(double seconds) {
    if (seconds < 0) return {};
    if (seconds < 1) return u"%1 ms"_s.arg(static_cast<int>(seconds * 1000));
    const auto all = static_cast<qint64>(seconds);
    const QString tail = u"%1:%2"_s.arg(all / 60 % 60, all >= 3600 ? 2 : 1, 10, QChar(u'0'))
                             .arg(all % 60, 2, 10, QChar(u'0'));
    return all < 3600 ? tail : u"%1:%2"_s.arg(QString::number(all / 3600), tail);
}

void SessionModel::show(const QVector<ServerSession>& sessions) {
    QHash<SessionKey, int> now;
    for (int i = 0; i < sessions.size(); ++i)
        now.insert(keyOf(sessions[i]), i);
    takeAwayAllBut(now);
    QVector<bool> known(sessions.size(), false);
    int from = -1;  // of the run of changed rows: one signal for all of it, not one a row
    const int rows = static_cast<int>(m_sessions.size());
    for (int row = 0; row <= rows; ++row) {
        bool differs = false;
        if (row < rows) {
            const int at = now.value(keyOf(m_sessions[row]));
            known[at] = true;
            differs = !(m_sessions[row] == sessions[at]);
            if (differs) m_sessions[row] = sessions[at];
        }
        if (differs && from < 0) from = row;
        if (differs || from < 0) continue;
        emit dataChanged(index(from, 0), index(row - 1, Columns - 1));
        from = -1;
    }
    QVector<ServerSession> fresh;
    for (int i = 0; i < sessions.size(); ++i)
        if (!known[i]) fresh << sessions[i];
    if (fresh.isEmpty()) return;
    beginInsertRows({}, rows, rows + static_cast<int>(fresh.size()) - 1);
    m_sessions += fresh;
    endInsertRows();
}

/// From the end, neighbours together.
void SessionModel::takeAwayAllBut(const QHash<QPair<qint64, QString>, int>& now) {
    int until = -1;
    for (int row = static_cast<int>(m_sessions.size()) - 1; row >= -1; --row) {
        const bool left = row >= 0 && !now.contains(keyOf(m_sessions[row]));
        if (left && until < 0) until = row;
        if (left || until < 0) continue;
        beginRemoveRows({}, row + 1, until);
        m_sessions.remove(row + 1, until - row);
        endRemoveRows();
        until = -1;
    }
}

int SessionModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_sessions.size());
}

int SessionModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

QVariant SessionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString titles[] = {tr("pid"),        tr("state"),     tr("transaction"),
                              tr("blocked by"), tr("role"),      tr("application"),
                              tr("client"),     tr("waits for"), tr("query")};
    return section < Columns ? titles[section] : QVariant();
}

QVariant SessionModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= m_sessions.size()) return {};
    const ServerSession& s = m_sessions[index.row()];
    if (role == PidRole) return s.pid;
    if (role == QueryRole) return s.query;
    if (role == AlarmRole) return s.isIdleInTransaction() || !s.blockedBy.isEmpty();
    if (role == Qt::TextAlignmentRole)
        return int(
            (index.column() == Pid || index.column() == Age ? Qt::AlignRight : Qt::AlignLeft) |
            Qt::AlignVCenter);
    if (role == SortRole && index.column() == Pid) return s.pid;
    if (role == SortRole && index.column() == Age) return s.ageSeconds;
    if (role == Qt::ToolTipRole && index.column() == Query) return s.query;
    if (role == Qt::ToolTipRole && index.column() == Pid)
        return tr("connected at %1 UTC").arg(s.connectedAt);
    if (role != Qt::DisplayRole && role != SortRole) return {};
    switch (index.column()) {
        case Pid:
            return s.pid > 0 ? QString::number(s.pid) : tr("none");
        case State:
            return s.state;
        case Age:
            return lastingText(s.ageSeconds);
        case BlockedBy:
            return pidList(s.blockedBy);
        case Role:
            return s.role;
        case Application:
            return s.application;
        case Client:
            return s.client;
        case WaitsFor:
            return s.waitsFor;
        default:
            return s.query;
    }
}

bool BlockingModel::hasSameShape(const BlockingTree& tree) const {
    return tree.roots == m_tree.roots &&
           std::equal(
               tree.nodes.begin(), tree.nodes.end(), m_tree.nodes.begin(), m_tree.nodes.end(),
               [](const auto& a, const auto& b) { return a.pid == b.pid && a.parent == b.parent; });
}

void BlockingModel::show(const ServerActivity& activity) {
    if (!hasSameShape(activity.blocking)) {
        beginResetModel();
        m_sessions = activity.sessions;
        m_tree = activity.blocking;
        endResetModel();
        return;
    }
    m_sessions = activity.sessions;
    m_tree = activity.blocking;
    tellChanged(m_tree.roots);
    for (const BlockingTree::Node& node : std::as_const(m_tree.nodes))
        tellChanged(node.children);
}

void BlockingModel::tellChanged(const QVector<int>& siblings) {
    if (siblings.isEmpty()) return;
    const auto last = static_cast<int>(siblings.size()) - 1;
    emit dataChanged(createIndex(0, 0, quintptr(siblings.first())),
                     createIndex(last, Columns - 1, quintptr(siblings.last())));
}

QModelIndex BlockingModel::index(int row, int column, const QModelIndex& parent) const {
    const QVector<int>& list = parent.isValid()
                                   ? m_tree.nodes[static_cast<int>(parent.internalId())].children
                                   : m_tree.roots;
    if (row < 0 || row >= list.size() || column < 0 || column >= Columns) return {};
    return createIndex(row, column, quintptr(list[row]));
}

QModelIndex BlockingModel::parent(const QModelIndex& child) const {
    if (!child.isValid()) return {};
    const int up = m_tree.nodes[static_cast<int>(child.internalId())].parent;
    if (up < 0) return {};
    const int above = m_tree.nodes[up].parent;
    const QVector<int>& list = above < 0 ? m_tree.roots : m_tree.nodes[above].children;
    return createIndex(static_cast<int>(list.indexOf(up)), 0, quintptr(up));
}

int BlockingModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_tree.roots.size());
    if (parent.column() != 0) return 0;
    return static_cast<int>(m_tree.nodes[static_cast<int>(parent.internalId())].children.size());
}

int BlockingModel::columnCount(const QModelIndex&) const {
    return Columns;
}

QVariant BlockingModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString titles[] = {tr("session"), tr("holds up"), tr("longest wait"), tr("state"),
                              tr("query")};
    return section < Columns ? titles[section] : QVariant();
}

QVariant BlockingModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const BlockingTree::Node& node = m_tree.nodes[static_cast<int>(index.internalId())];
    static const ServerSession unseen;
    const ServerSession& s = node.session < 0 ? unseen : m_sessions[node.session];
    if (role == SessionModel::PidRole) return node.pid;
    if (role == SessionModel::QueryRole) return s.query;
    if (role == SessionModel::AlarmRole) return node.parent < 0;
    if (role == Qt::ToolTipRole && index.column() == Query) return s.query;
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case Session:
            return sessionTitle(node.pid, s);
        case Holds:
            return node.holds ? QString::number(node.holds) : QString();
        case LongestWait:
            return lastingText(node.parent >= 0 ? s.waited() : node.longestWait);
        case State:
            return s.ageSeconds < 0 ? s.state
                                    : tr("%1, in its transaction for %2")
                                          .arg(s.state, lastingText(s.ageSeconds));
        default:
            return s.query;
    }
}

}  // namespace tocsin::ui

#include "ui/query/serversessions.h"

#include <QSet>
#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

class SessionReader {
public:
    explicit SessionReader(const ResultSet& set) : m_set(set) {
        for (int i = 0; i < set.columns().size(); ++i)
            m_columns.insert(set.columns()[i].name, i);
    }
    bool has(const QString& column) const { return m_columns.contains(column); }
    QString text(qsizetype row, const QString& column) const {
        const int at = m_columns.value(column, -1);
        const auto cell = at < 0 ? std::nullopt : m_set.cell(row, at);
        return cell ? QString::fromUtf8(*cell) : QString();
    }
    double number(qsizetype row, const QString& column) const {
        const QString value = text(row, column);
        // What began after the look's own transaction is of a negative age to it.
        return value.isEmpty() ? -1 : std::max(0.0, value.toDouble());
    }

private:
    const ResultSet& m_set;
    QHash<QString, int> m_columns;
};

/// "{12,34}"; the same pid twice (several workers of one query) counts once.
QVector<qint64> pidsIn(const QString& list) {
    QVector<qint64> pids;
    const auto items = QStringView(list).mid(1).chopped(list.isEmpty() ? 0 : 1);
    for (const auto& item : items.split(u',', Qt::SkipEmptyParts)) {
        const qint64 pid = item.toLongLong();
        if (!pids.contains(pid)) pids << pid;
    }
    return pids;
}

// A root that thousands wait for besides other things need not list them all twice.
constexpr int kMostShownAgain = 50;

class BlockingForest {
public:
    explicit BlockingForest(const QVector<ServerSession>& sessions) : m_sessions(sessions) {
        for (int i = 0; i < sessions.size(); ++i)
            m_indexOf.insert(sessions[i].pid, i);
    }

    BlockingTree grow() {
        for (const ServerSession& session : m_sessions)
            for (const qint64 blocker : session.blockedBy)
                m_waiters[blocker] << session.pid;
        for (auto it = m_waiters.constBegin(); it != m_waiters.constEnd(); ++it)
            if (!waits(it.key())) addRoot(it.key());
        // What is left over only waits for itself: a deadlock, entered anywhere.
        for (auto it = m_waiters.constBegin(); it != m_waiters.constEnd(); ++it)
            if (!m_placed.contains(it.key())) addRoot(it.key());
        m_tree.waiting = static_cast<int>(m_tree.nodes.size() - m_tree.roots.size());
        for (auto i = m_tree.nodes.size() - 1; i >= 0; --i)
            count(static_cast<int>(i));
        for (const int root : std::as_const(m_tree.roots))
            reach(root);
        std::sort(m_tree.roots.begin(), m_tree.roots.end(), [this](int a, int b) {
            const auto& x = m_tree.nodes[a];
            const auto& y = m_tree.nodes[b];
            return x.holds != y.holds ? x.holds > y.holds : x.pid < y.pid;
        });
        return std::move(m_tree);
    }

private:
    bool waits(qint64 pid) const {
        const int at = m_indexOf.value(pid, -1);
        return at >= 0 && !m_sessions[at].blockedBy.isEmpty();
    }
    int add(qint64 pid, int parent) {
        m_placed.insert(pid);
        m_tree.nodes.append({m_indexOf.value(pid, -1), pid, parent});
        return static_cast<int>(m_tree.nodes.size()) - 1;
    }
    /// Breadth first, so that parents come before their children; who waits for two stands under
    /// the first one that is met.
    void addRoot(qint64 pid) {
        m_tree.roots << add(pid, -1);
        for (auto i = m_tree.roots.last(); i < m_tree.nodes.size(); ++i)
            for (const qint64 waiter : m_waiters.value(m_tree.nodes[i].pid)) {
                if (m_placed.contains(waiter)) continue;
                const int child = add(waiter, i);
                m_rootOf.insert(waiter, m_tree.roots.last());
                m_tree.nodes[i].children << child;
            }
    }
    void count(int at) {
        const BlockingTree::Node& node = m_tree.nodes[at];
        if (node.parent < 0) return;
        BlockingTree::Node& parent = m_tree.nodes[node.parent];
        const double own = waitedBy(node.pid);
        parent.holds += node.holds + 1;
        parent.longestWait = std::max({parent.longestWait, node.longestWait, own});
    }

    double waitedBy(qint64 pid) const {
        const int at = m_indexOf.value(pid, -1);
        return at < 0 ? -1 : m_sessions[at].waited();
    }
    /// All that wait for a root, wherever they stand.
    void reach(int root) {
        const qint64 pid = m_tree.nodes[root].pid;
        showDirect(root);
        QSet<qint64> seen{pid};
        QVector<qint64> ahead{pid};
        double longest = -1;
        while (!ahead.isEmpty())
            for (const qint64 waiter : m_waiters.value(ahead.takeLast())) {
                if (seen.contains(waiter)) continue;
                seen.insert(waiter);
                ahead << waiter;
                longest = std::max(longest, waitedBy(waiter));
            }
        m_tree.nodes[root].holds = static_cast<int>(seen.size()) - 1;
        m_tree.nodes[root].longestWait = longest;
    }
    /// Those that wait for this root and stand under another.
    void showDirect(int root) {
        const qint64 pid = m_tree.nodes[root].pid;
        QSet<qint64> here;
        for (const int child : std::as_const(m_tree.nodes[root].children))
            here.insert(m_tree.nodes[child].pid);
        int shown = 0;
        for (const qint64 waiter : m_waiters.value(pid)) {
            if (here.contains(waiter) || waiter == pid || !isElsewhere(waiter, root)) continue;
            const int child = add(waiter, root);
            m_tree.nodes[root].children << child;
            if (++shown == kMostShownAgain) break;
        }
    }
    bool isElsewhere(qint64 waiter, int root) const { return m_rootOf.value(waiter, root) != root; }

    const QVector<ServerSession>& m_sessions;
    QHash<qint64, int> m_indexOf;
    QHash<qint64, int> m_rootOf;  ///< under which it stands
    QHash<qint64, QVector<qint64>> m_waiters;
    QSet<qint64> m_placed;
    BlockingTree m_tree;
};

ServerSession sessionAt(const SessionReader& reader, qsizetype row) {
    ServerSession session;
    session.pid = reader.text(row, u"pid"_s).toLongLong();
    session.state = reader.text(row, u"state"_s);
    session.age = reader.text(row, u"age"_s);
    session.role = reader.text(row, u"role"_s);
    session.application = reader.text(row, u"application"_s);
    session.client = reader.text(row, u"client"_s);
    session.waitsFor = reader.text(row, u"waits_for"_s);
    session.inState = reader.text(row, u"in_state"_s);
    session.connectedAt = reader.text(row, u"connected_at"_s);
    session.query = reader.text(row, u"query"_s).simplified();
    session.ageSeconds = reader.number(row, u"age_s"_s);
    session.inStateSeconds = reader.number(row, u"in_state_s"_s);
    session.waitSeconds = reader.number(row, u"wait_s"_s);
    session.blockedBy = pidsIn(reader.text(row, u"blocked_by"_s));
    return session;
}

}  // namespace

ServerActivity activityIn(const ResultSet& set) {
    const SessionReader reader(set);
    ServerActivity activity;
    if (!reader.has(u"pid"_s) || !reader.has(u"blocked_by"_s)) return activity;
    const qsizetype rows = set.rowCount();
    activity.sessions.reserve(rows);
    for (qsizetype row = 0; row < rows; ++row) {
        const ServerSession session = sessionAt(reader, row);
        if (session.isIdleInTransaction()) ++activity.idleInTransaction;
        if (session.state == u"active") ++activity.active;
        if (session.state == u"hidden") ++activity.hidden;
        const bool isSession = session.pid > 0;
        const int at = static_cast<int>(activity.sessions.size());
        if (isSession && session.ageSeconds >= 0 &&
            (activity.longest < 0 ||
             session.ageSeconds > activity.sessions[activity.longest].ageSeconds))
            activity.longest = at;
        activity.sessions << session;
    }
    activity.blocking = BlockingForest(activity.sessions).grow();
    return activity;
}

}  // namespace tocsin::ui

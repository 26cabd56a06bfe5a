#include "ui/query/blocking.h"

#include <QHash>
#include <QStringList>
#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

int columnNamed(const ResultSet& set, const QString& name) {
    for (int i = 0; i < set.columns().size(); ++i)
        if (set.columns()[i].name == name) return i;
    return -1;
}

QString text(const ResultSet& set, qsizetype row, int column) {
    const auto cell = column < 0 ? std::nullopt : set.cell(row, column);
    return cell ? QString::fromUtf8(*cell) : QString();
}

QStringList blockers(const QString& list) {
    return list.mid(1, list.size() - 2).split(u',', Qt::SkipEmptyParts);
}

}  // namespace

Blocking blockingIn(const ResultSet& set) {
    const int pid = columnNamed(set, u"pid"_s);
    const int blockedBy = columnNamed(set, u"blocked_by"_s);
    if (pid < 0 || blockedBy < 0) return {};
    // Whom each waits for; then follow the chain up to whoever waits for nobody.
    QHash<QString, QStringList> waitsFor;
    QHash<QString, int> rowOf;
    for (qsizetype row = 0; row < set.rowCount(); ++row) {
        const QString session = text(set, row, pid);
        rowOf[session] = static_cast<int>(row);
        const QStringList list = blockers(text(set, row, blockedBy));
        if (!list.isEmpty()) waitsFor[session] = list;
    }
    QHash<QString, QSet<QString>> victims;
    for (auto it = waitsFor.constBegin(); it != waitsFor.constEnd(); ++it) {
        QSet<QString> seen{it.key()};
        QStringList ahead = it.value();
        while (!ahead.isEmpty()) {
            const QString next = ahead.takeFirst();
            if (seen.contains(next)) continue;
            seen.insert(next);
            if (waitsFor.contains(next))
                ahead += waitsFor[next];
            else
                victims[next].insert(it.key());
        }
    }
    Blocking blocking;
    QStringList parts;
    QStringList roots = victims.keys();
    std::sort(roots.begin(), roots.end(), [&victims](const QString& a, const QString& b) {
        return victims[a].size() > victims[b].size();
    });
    const int age = columnNamed(set, u"age"_s);
    for (const QString& root : roots) {
        const auto count = victims[root].size();
        QString part = u"%1 blocks %2 %3"_s.arg(root, QString::number(count),
                                                count == 1 ? u"session"_s : u"sessions"_s);
        if (rowOf.contains(root)) {
            blocking.rows.insert(rowOf[root]);
            const QString since = text(set, rowOf[root], age).section(u'.', 0, 0);
            if (!since.isEmpty()) part += u", in its transaction for %1"_s.arg(since);
        }
        parts << part;
    }
    blocking.sentence = parts.mid(0, 3).join(u" · "_s);
    return blocking;
}

}  // namespace tocsin::ui

#include "ui/query/queryhistory.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSaveFile>
#include <QtConcurrent>
#include <algorithm>

#include "sdk/async.h"
#include "sdk/secret.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostEntries = 2000;
constexpr qsizetype kLongestKept = 20'000;

QByteArray lineOf(const QueryHistory::Entry& entry) {
    QJsonObject json{{u"connection"_s, entry.connection},
                     {u"sql"_s, entry.sql},
                     {u"at"_s, entry.at.toUTC().toString(Qt::ISODate)}};
    if (!entry.name.isEmpty()) json[u"name"_s] = entry.name;
    return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

QVector<QueryHistory::Entry> readFile(const QString& path) {
    QVector<QueryHistory::Entry> entries;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return entries;
    while (!file.atEnd()) {
        // A line that a crash cut short is no JSON and is passed over.
        const QJsonObject json = QJsonDocument::fromJson(file.readLine()).object();
        if (json[u"sql"].toString().isEmpty()) continue;
        entries << QueryHistory::Entry{json[u"connection"].toString(), json[u"sql"].toString(),
                                       QDateTime::fromString(json[u"at"].toString(), Qt::ISODate),
                                       json[u"name"].toString()};
    }
    return entries;
}

}  // namespace

bool mayBeKept(const QString& sql) {
    static const QRegularExpression secret(u"\\b(password|passwd|secret|token|api_?key)\\b"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return sql.size() <= kLongestKept && !sql.trimmed().isEmpty() && !secret.match(sql).hasMatch();
}

bool mayCommandBeKept(const QString& command) {
    return mayBeKept(command) && redactCommands(command) == command;
}

bool QueryHistory::keeps(const QString& text) const {
    return m_kind == Kind::Sql ? mayBeKept(text) : mayCommandBeKept(text);
}

QueryHistory::~QueryHistory() {
    m_writer.waitForDone();
}

void QueryHistory::open(const QString& folder) {
    m_writer.setMaxThreadCount(1);
    m_file = QDir(folder).filePath(m_kind == Kind::Sql ? u"sql-history.jsonl"_s
                                                       : u"redis-history.jsonl"_s);
    runOnPool(
        this, [path = m_file] { return readFile(path); },
        [this](const QVector<Entry>& read) {
            const QVector<Entry> since = std::exchange(m_entries, {});
            for (const Entry& entry : read + since)
                put(entry);
            if (read.size() > kMostEntries) rewrite();
            emit changed();
        });
}

void QueryHistory::put(const Entry& entry) {
    const auto same = std::find_if(m_entries.begin(), m_entries.end(), [&entry](const Entry& e) {
        return e.connection == entry.connection && e.sql == entry.sql;
    });
    Entry kept = entry;
    if (same != m_entries.end()) {
        if (kept.name.isEmpty()) kept.name = same->name;
        m_entries.erase(same);
    }
    m_entries << kept;
    if (m_entries.size() <= kMostEntries) return;
    const auto oldest = std::find_if(m_entries.begin(), m_entries.end(),
                                     [](const Entry& e) { return e.name.isEmpty(); });
    if (oldest != m_entries.end()) m_entries.erase(oldest);
}

void QueryHistory::append(const Entry& entry) {
    put(entry);
    emit changed();
    if (m_file.isEmpty()) return;
    const QByteArray line = lineOf(entry);
    m_writer.start([path = m_file, line] {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Append)) return;
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.write(line);
    });
}

void QueryHistory::rewrite() {
    QByteArray all;
    for (const Entry& entry : std::as_const(m_entries))
        all += lineOf(entry);
    m_writer.start([path = m_file, all] {
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly)) return;
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.write(all);
        file.commit();
    });
}

void QueryHistory::add(const QString& connection, const QString& sql, const QDateTime& at) {
    if (keeps(sql)) append({connection, redact(sql.trimmed()), at, {}});
}

bool QueryHistory::save(const QString& connection, const QString& sql, const QString& name,
                        const QDateTime& at) {
    if (!keeps(sql) || name.trimmed().isEmpty()) return false;
    append({connection, redact(sql.trimmed()), at, name.trimmed()});
    return true;
}

void QueryHistory::forget(const QString& connection, const QString& sql) {
    m_entries.removeIf(
        [&](const Entry& entry) { return entry.connection == connection && entry.sql == sql; });
    if (!m_file.isEmpty()) rewrite();
    emit changed();
}

QVector<QueryHistory::Entry> QueryHistory::found(const QString& connection,
                                                 const QString& search) const {
    const QStringList words = search.simplified().split(u' ', Qt::SkipEmptyParts);
    const auto matches = [&](const Entry& entry) {
        const QString all = entry.name + u' ' + entry.sql;
        return entry.connection == connection &&
               std::all_of(words.begin(), words.end(), [&all](const QString& word) {
                   return all.contains(word, Qt::CaseInsensitive);
               });
    };
    QVector<Entry> out;
    std::copy_if(m_entries.crbegin(), m_entries.crend(), std::back_inserter(out), matches);
    std::stable_partition(out.begin(), out.end(),
                          [](const Entry& entry) { return !entry.name.isEmpty(); });
    return out;
}

}  // namespace tocsin::ui

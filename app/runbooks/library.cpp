#include "runbooks/library.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QSet>

#include "sdk/async.h"

// Outside the namespace: the macro declares the function that rcc made.
static void initBundledResource() {
    Q_INIT_RESOURCE(runbooks);
}

namespace tocsin::runbooks {

namespace {

const QString bundledFolder = QStringLiteral(":/runbooks");

struct Loaded {
    ParsedDocument content;
    QStringList watched;
};

QStringList markdownIn(const QString& folder, QStringList& watched) {
    QStringList files;
    watched << folder;
    QDirIterator all(folder, QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot,
                     QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QString path = all.next();
        if (all.fileInfo().isDir())
            watched << path;
        else if (path.endsWith(QLatin1String(".md"), Qt::CaseInsensitive))
            files << path;
    }
    files.sort();
    return files;
}

Finding unreadable(const QString& file, const QString& why) {
    return {file,
            0,
            0,
            QStringLiteral("error"),
            QStringLiteral("unreadable"),
            QStringLiteral("%1 cannot be read: %2. Check the path and its permissions.")
                .arg(file, why)};
}

ParsedDocument readDocument(const QString& path) {
    QFile file(path);
    ParsedDocument nothing;
    if (!file.open(QIODevice::ReadOnly)) {
        nothing.findings << unreadable(path, file.errorString());
        return nothing;
    }
    // One byte beyond the limit is enough for parseDocument to say that it is too large.
    return parseDocument(file.read(documentSizeLimit + 1), path);
}

QString unusedName(const QString& name, const QSet<QString>& taken) {
    QString candidate = name;
    for (int n = 2; taken.contains(candidate); ++n)
        candidate = QStringLiteral("%1-%2").arg(name).arg(n);
    return candidate;
}

/// The team's own text wins over the bundled one: same name, or same alert key.
void dropReplaced(QVector<Runbook>& bundled, const QVector<Runbook>& own) {
    bundled.removeIf([&](const Runbook& candidate) {
        return std::any_of(own.begin(), own.end(), [&](const Runbook& theirs) {
            const bool sharesKey =
                std::any_of(theirs.keys.begin(), theirs.keys.end(),
                            [&](const QString& key) { return candidate.keys.contains(key); });
            return theirs.name == candidate.name || sharesKey ||
                   (theirs.kind != DocumentKind::Runbook && theirs.kind == candidate.kind);
        });
    });
}

/// Of two runbooks for one key only the first is ever found by it.
QVector<Finding> sharedKeys(const QVector<Runbook>& runbooks) {
    QVector<Finding> findings;
    QHash<QString, const Runbook*> owners;
    for (const Runbook& runbook : runbooks)
        for (const QString& key : runbook.keys) {
            const Runbook*& owner = owners[key.toLower()];
            if (owner && owner != &runbook)
                findings << Finding{
                    runbook.file,
                    runbook.line,
                    1,
                    QStringLiteral("warning"),
                    QStringLiteral("same-key"),
                    QStringLiteral("The key %1 is that of “%2” already (%3:%4), which "
                                   "answers it. Take it out of one of them.")
                        .arg(key, owner->title, owner->file)
                        .arg(owner->line)};
            if (!owner) owner = &runbook;
        }
    return findings;
}

void append(ParsedDocument& into, ParsedDocument part) {
    QSet<QString> taken;
    for (const auto* list : {&into.runbooks, &into.documents})
        for (const Runbook& runbook : *list)
            taken << runbook.name;
    for (auto* list : {&part.runbooks, &part.documents})
        for (Runbook& runbook : *list) {
            runbook.name = unusedName(runbook.name, taken);
            taken << runbook.name;
        }
    into.runbooks += part.runbooks;
    into.documents += part.documents;
    into.findings += part.findings;
    into.contacts += part.contacts;
    if (into.levels.isEmpty()) {
        into.levels = part.levels;
        into.start = part.start;
    }
}

ParsedDocument readAll(const QStringList& files) {
    ParsedDocument all;
    for (const QString& file : files)
        append(all, readDocument(file));
    return all;
}

Loaded loadAll(const QStringList& paths, bool bundled) {
    Loaded loaded;
    QStringList files;
    for (const QString& path : paths) {
        const QFileInfo info(path);
        if (info.isDir()) {
            files += markdownIn(info.absoluteFilePath(), loaded.watched);
        } else {
            files << info.absoluteFilePath();
            // The folder too: it tells when a file that was not there, or was replaced, appears.
            loaded.watched << info.absolutePath();
        }
    }
    files.removeDuplicates();
    loaded.watched += files;
    loaded.content = readAll(files);
    loaded.content.findings += sharedKeys(loaded.content.runbooks);
    if (!bundled) return loaded;

    QStringList ignored;
    ParsedDocument ours = readAll(markdownIn(bundledFolder, ignored));
    dropReplaced(ours.runbooks, loaded.content.runbooks);
    dropReplaced(ours.documents, loaded.content.documents);
    append(loaded.content, std::move(ours));
    return loaded;
}

}  // namespace

void registerBundledRunbooks() {
    initBundledResource();
}

Library::Library(QObject* parent) : QObject(parent) {
    const auto onChange = [this] { start(); };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, onChange);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, onChange);
}

Library::~Library() = default;

QFuture<void> Library::load(const QStringList& paths, bool bundled) {
    registerBundledRunbooks();
    m_paths = paths;
    m_bundled = bundled;
    auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    m_waiting.push_back(promise);
    start();
    return promise->future();
}

// Any number of changes while a load is under way lead to exactly one more: a save that touches a
// file five times costs two loads, and no timer decides how long a save may take.
void Library::start() {
    if (m_loading) {
        m_stale = true;
        return;
    }
    m_loading = true;
    m_stale = false;
    runOnPool(
        this, [paths = m_paths, bundled = m_bundled] { return loadAll(paths, bundled); },
        [this](Loaded loaded) { take(std::move(loaded.content), loaded.watched); });
}

void Library::take(ParsedDocument content, const QStringList& watched) {
    m_loading = false;
    const QStringList before = m_watcher.files() + m_watcher.directories();
    QStringList missing = watched;
    missing.removeIf([&](const QString& path) { return before.contains(path); });
    if (!missing.isEmpty()) m_watcher.addPaths(missing);
    if (m_stale) {
        start();
        return;
    }
    m_content = std::move(content);
    emit reloaded();
    for (const auto& promise : std::exchange(m_waiting, {}))
        promise->finish();
}

const Runbook* Library::find(const QString& name) const {
    for (const auto* list : {&m_content.runbooks, &m_content.documents})
        for (const Runbook& runbook : *list)
            if (runbook.name == name) return &runbook;
    return nullptr;
}

Match Library::match(const Alert& alert) const {
    return matchAlert(alert, m_content.runbooks, m_content.documents);
}

}  // namespace tocsin::runbooks

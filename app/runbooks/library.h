#pragma once
#include <QFileSystemWatcher>
#include <QFuture>
#include <QObject>

#include "runbooks/runbook.h"
#include "sdk/alert.h"
#include "sdk/error.h"

namespace tocsin::runbooks {

/// Something wrong in a document that a person should mend; never stops the rest.
struct Finding {
    QString file;
    int line = 0, column = 0;
    QString severity;  ///< "error", "warning"
    QString rule;      ///< stable: "unclosed-fence", "no-key", "never-ends", "wrong-redis-key" …
    QString message;   ///< what happens, and the right form

    bool operator==(const Finding&) const = default;
};

struct Match {
    QString runbook;  ///< Runbook::name; empty when nothing fits, not even a general process
    QString reason;   ///< "matched by key database_connections", "by its runbook_url", …
};

/// Everything one document holds.
struct ParsedDocument {
    QVector<Runbook> runbooks;   ///< kind Runbook only
    QVector<Runbook> documents;  ///< process, escalation and contacts, as readable documents
    QVector<EscalationLevel> levels;
    QMap<QString, int> start;  ///< "P1" → 2: the text says that P1 begins at level 2
    QVector<Contact> contacts;
    QVector<Finding> findings;
};

/// Documents larger than this are reported and not read, in bytes.
inline constexpr qsizetype documentSizeLimit = 2 * 1024 * 1024;

/// Parses one document. Pure; any thread. Accepts any bytes: what is not text yields findings.
ParsedDocument parseDocument(const QByteArray& markdown, const QString& file);

/// Makes ":/runbooks" readable; a static library does not register its resources by itself.
/// Library::load() calls it. GUI or main thread.
void registerBundledRunbooks();

/// All runbooks of a workspace. Loads on a pool thread, reloads when a file changes. GUI thread.
class Library : public QObject {
    Q_OBJECT
public:
    explicit Library(QObject* parent = nullptr);
    ~Library() override;

    /// Files or folders (searched for *.md); `bundled` adds ":/runbooks". A runbook of the paths
    /// with the same name replaces the bundled one. The future ends after reloaded().
    QFuture<void> load(const QStringList& paths, bool bundled);

    const QVector<Runbook>& runbooks() const { return m_content.runbooks; }
    /// Process, escalation and contacts, in that order of kinds.
    const QVector<Runbook>& documents() const { return m_content.documents; }
    const QVector<EscalationLevel>& escalationLevels() const { return m_content.levels; }
    const QMap<QString, int>& escalationStart() const { return m_content.start; }
    const QVector<Contact>& contacts() const { return m_content.contacts; }
    const QVector<Finding>& findings() const { return m_content.findings; }
    /// By name, among the runbooks and the documents; null when unknown. Valid until reloaded().
    const Runbook* find(const QString& name) const;
    /// Key, then runbook_url / runbook annotation, then label rules, then the general process.
    Match match(const Alert& alert) const;

signals:
    void reloaded();

private:
    void start();
    void take(ParsedDocument content, const QStringList& watched);

    QStringList m_paths;
    bool m_bundled = false;
    bool m_loading = false;
    bool m_stale = false;  ///< something changed while loading
    std::vector<std::shared_ptr<QPromise<void>>> m_waiting;
    QFileSystemWatcher m_watcher;
    ParsedDocument m_content;
};

/// The rule behind Library::match(), on any set of runbooks. Pure.
Match matchAlert(const Alert& alert, const QVector<Runbook>& runbooks,
                 const QVector<Runbook>& documents);

}  // namespace tocsin::runbooks

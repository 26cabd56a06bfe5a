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
    QString message;
};

struct Match {
    QString runbook;  ///< Runbook::name
    QString reason;   ///< "matched by key database_connections", "by its runbook_url", …
};

/// Parses one document. Pure; any thread. Accepts any bytes: what is not text yields findings.
struct ParsedDocument {
    QVector<Runbook> runbooks;
    QVector<Finding> findings;
};
ParsedDocument parseDocument(const QByteArray& markdown, const QString& file);

/// All runbooks of a workspace. Loads on a pool thread, reloads when a file changes.
class Library : public QObject {
    Q_OBJECT
public:
    explicit Library(QObject* parent = nullptr);

    /// Files or folders (searched for *.md); `bundled` adds ":/runbooks".
    QFuture<void> load(const QStringList& paths, bool bundled);

    const QVector<Runbook>& runbooks() const { return m_runbooks; }
    const QVector<Finding>& findings() const { return m_findings; }
    const Runbook* find(const QString& name) const;
    /// Key, then runbook_url / runbook annotation, then label rules, then the general process.
    Match match(const Alert& alert) const;

signals:
    void reloaded();

private:
    QVector<Runbook> m_runbooks;
    QVector<Finding> m_findings;
};

}  // namespace tocsin::runbooks

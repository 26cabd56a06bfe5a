#pragma once
#include <QMap>
#include <QString>
#include <QStringList>
#include <QVector>
#include <chrono>

namespace tocsin::runbooks {

/// What runs a block. What the parser cannot place is Shell, never dropped.
enum class BlockKind { Postgres, Redis, Http, Link, Shell };
QString toString(BlockKind kind);  ///< "postgres", "redis", "http", "link", "shell"

/// A hole in a block that a binding fills: `[PID_HERE]`, `<pid>`, `{{ pid }}`, `$PID`, `${PID}`.
struct Placeholder {
    QString name;          ///< "PID_HERE", without its marks
    qsizetype offset = 0;  ///< of the token within Block::text, in UTF-16 units
    qsizetype length = 0;
    QString fallback = {};  ///< of `${PID:-42}`: "42"

    bool operator==(const Placeholder&) const = default;
};

/// Something runnable inside a step.
struct Block {
    BlockKind kind = BlockKind::Shell;
    QString
        text;  ///< what runs: the SQL, the Redis command, the curl line, the URL, the shell line(s)
    QString source;  ///< as the document wrote it, with its wrapper (`psql … -c "…"`)
    QString target;  ///< what the wrapper named: "$DATABASE_URL", "$REDIS_URL", "redis://…"; empty:
                     ///< the default connection
    QString caption;  ///< the comment above it, one line
    int line = 0;     ///< 1-based, in the document
    QVector<Placeholder> placeholders;

    bool operator==(const Block&) const = default;
};

/// A numbered item, or a part of a section that can be run. No blocks: done by hand.
struct Step {
    int number = 0;  ///< as the document counts; 0 when it does not
    QString title;   ///< plain text
    QString prose;   ///< Markdown of everything in the step that is not a block
    QVector<Block> blocks;
    int line = 0;

    bool operator==(const Step&) const = default;
};

enum class SectionKind { Symptoms, Immediate, Investigation, Resolution, Prevention, Other };
QString toString(SectionKind kind);  ///< "symptoms", "immediate", …

struct Section {
    SectionKind kind = SectionKind::Other;
    QString title;
    QString prose;  ///< Markdown outside the steps
    QVector<Step> steps;
    int line = 0;

    bool operator==(const Section&) const = default;
};

/// A default threshold that the document states; a rule of the workspace with the same key wins.
struct Threshold {
    QString key, metric, warning, critical, over;  ///< as in tocsin.yaml: "> 2%", "> 5%", "5m"

    bool operator==(const Threshold&) const = default;
};

/// What a part of a document is for. Only Runbook answers an alert by itself; the others are the
/// general response process, the escalation text and the contacts.
enum class DocumentKind { Runbook, Process, Escalation, Contacts };
QString toString(DocumentKind kind);  ///< "runbook", "process", "escalation", "contacts"

/// One runbook: a Markdown document, or one `##` part of a document with many.
struct Runbook {
    DocumentKind kind = DocumentKind::Runbook;
    QString name;  ///< stable slug, unique in a library ("database-connection-exhaustion")
    QString title;
    QStringList keys;   ///< alert keys it answers
    QString condition;  ///< what the Alert line says after the key: "Error rate exceeds 5% over 5
                        ///< minutes"
    QString prose;      ///< Markdown before the first section
    QString file;       ///< absolute, or ":/…" when bundled
    QString anchor;     ///< GitHub-style anchor within the file
    int line = 0;
    QVector<Section> sections;
    QMap<QString, QString> matchLabels;  ///< front matter: label → value or /regex/
    QVector<Threshold> thresholds;

    bool operator==(const Runbook&) const = default;
};

/// One rung of the escalation text: "Level 2 (15-30 minutes): Secondary on-call
/// (@on-call-secondary)".
struct EscalationLevel {
    int number = 0;
    QString name;  ///< "Secondary on-call engineer"
    std::chrono::milliseconds after{0};
    QString mention;  ///< "on-call-secondary", without the @
    int line = 0;

    bool operator==(const EscalationLevel&) const = default;
};

/// One line of the contacts: "Discord channel" → "#incidents".
struct Contact {
    QString label, value;
    int line = 0;

    bool operator==(const Contact&) const = default;
};

/// GitHub's way from a heading to its anchor: lower case, words joined by "-", marks dropped.
QString slug(const QString& title);

}  // namespace tocsin::runbooks

#pragma once
#include <QMap>
#include <QString>
#include <QStringList>
#include <QVector>

namespace tocsin::runbooks {

/// What runs a block. What the parser cannot place is Shell, never dropped.
enum class BlockKind { Postgres, Redis, Http, Link, Shell };
QString nameOf(BlockKind kind);  ///< "postgres", "redis", "http", "link", "shell"

/// A hole in a block that a binding fills: `[PID_HERE]`, `<pid>`, `{{ pid }}`, `$PID`, `${PID}`.
struct Placeholder {
    QString name;          ///< "PID_HERE", without its marks
    qsizetype offset = 0;  ///< of the token within Block::text, in UTF-16 units
    qsizetype length = 0;
};

/// Something runnable inside a step.
struct Block {
    BlockKind kind = BlockKind::Shell;
    QString text;      ///< what runs: the SQL, the Redis command, the curl line, the URL, the shell line(s)
    QString source;    ///< as the document wrote it, with its wrapper (`psql … -c "…"`)
    QString target;    ///< what the wrapper named: "$DATABASE_URL", "$REDIS_URL", "redis://…"; empty: the default connection
    QString caption;   ///< the comment above it, one line
    int line = 0;      ///< 1-based, in the document
    QVector<Placeholder> placeholders;
};

/// A numbered item. No blocks: done by hand.
struct Step {
    int number = 0;
    QString title;   ///< plain text
    QString prose;   ///< Markdown of everything in the step that is not a block
    QVector<Block> blocks;
    int line = 0;
};

enum class SectionKind { Symptoms, Immediate, Investigation, Resolution, Prevention, Other };
QString nameOf(SectionKind kind);  ///< "symptoms", "immediate", …

struct Section {
    SectionKind kind = SectionKind::Other;
    QString title;
    QString prose;  ///< Markdown outside the steps
    QVector<Step> steps;
    int line = 0;
};

/// A default threshold that the document states; a rule of the workspace with the same key wins.
struct Threshold {
    QString key, metric, warning, critical, over;  ///< as in tocsin.yaml: "> 2%", "> 5%", "5m"
};

/// One runbook: a Markdown document, or one `##` part of a document with many.
struct Runbook {
    QString name;       ///< stable slug, unique in a library ("database-connection-exhaustion")
    QString title;
    QStringList keys;   ///< alert keys it answers
    QString file;       ///< absolute, or ":/…" when bundled
    QString anchor;     ///< GitHub-style anchor within the file
    int line = 0;
    QVector<Section> sections;
    QMap<QString, QString> matchLabels;  ///< front matter: label → value or /regex/
    QVector<Threshold> thresholds;
};

}  // namespace tocsin::runbooks

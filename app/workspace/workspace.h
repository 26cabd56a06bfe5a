#pragma once
#include <QMap>
#include <QString>
#include <QStringList>
#include <QTime>
#include <QVector>
#include <chrono>
#include <optional>

#include "sdk/alert.h"
#include "sdk/settings.h"
#include "workspace/wording.h"

namespace tocsin::workspace {

/// One mistake in the workspace, placed. The rest of the file still works.
struct Mistake {
    QString file;
    int line = 0, column = 0;  ///< 1-based, in characters; 0 when the file itself is the problem
    QString severity;          ///< "error", "warning", "note"
    QString rule;              ///< stable: "unknown-key", "literal-secret", "bad-duration" …
    QString value;             ///< as written, redacted
    QString message;           ///< what was expected and what to do
};

/// A reference to a secret as written in the file; never the secret.
struct SecretReference {
    enum class Where { Keychain, Environment, File };
    Where where = Where::Keychain;
    QString name;  ///< keychain entry, variable, or absolute path

    QString text() const;  ///< "keychain:primary", "env:PGPASSWORD", "file:/run/secrets/db"
    bool operator==(const SecretReference&) const = default;
};

/// Reads `keychain:NAME`, `env:NAME` or `file:PATH`; a relative path is taken from `folder` and
/// `~/` from the home. Anything else is nullopt: a literal secret, or a reference without a name.
std::optional<SecretReference> secretReferenceFromText(const QString& text, const QString& folder);

/// One entry of sources, connections, probes or channels, checked against its plugin's fields.
struct Entry {
    Settings settings;  ///< secrets still empty
    QMap<QString, SecretReference> secrets;
    int line = 0;
    bool isFlawed = false;  ///< a mistake is told that its plugin will refuse it for
};

/// An entry that a mistake keeps from being used: nothing may look as if it were not there.
struct LeftOut {
    QString name;     ///< as written; where it stands when that is the mistake
    QString message;  ///< the mistake
};

/// A threshold rule on a metrics source.
struct Rule {
    QString key, metric;
    QString warning, critical;  ///< "> 2%", empty when not given
    std::chrono::milliseconds over{0};
    int line = 0;
};

/// The hours in which a level rests.
struct QuietEntry {
    QTime from, to;  ///< local in `zone`; `to` before `from`: over midnight
    QString zone;    ///< IANA name
    QString instead = QStringLiteral("postpone");  ///< "postpone", "skip", "level"
    int level = 0;                                 ///< of "level": which one
    QStringList loud{QStringLiteral("P1")};        ///< severities that page all the same
};

struct LevelEntry {
    QString name, mention, channel;
    std::chrono::milliseconds after{0};
    std::optional<std::chrono::milliseconds> repeat;
    bool untilResolved = false;  ///< else until somebody acknowledges
    std::optional<QuietEntry> quiet;
};

struct EscalationEntry {
    QString channel;
    QVector<LevelEntry> levels;
    QMap<QString, int> start;
    std::optional<std::chrono::milliseconds> ackTimeout;
};

/// The alert feed: which channel is told of all alerts, and how.
struct FeedEntry {
    QString channel;
    std::chrono::milliseconds every{10000};  ///< at most one round of messages in this time
    int messages = 10;  ///< keys of one severity or worse that have a message of their own
    Severity silentBelow = Severity::Warning;  ///< what is less makes no sound
};

/// Which severity to propose for an incident; the first rule that fits an alert counts. What is
/// empty fits everything; `*` in key and label values stands for any text.
struct SeverityEntry {
    QString key;
    QMap<QString, QString> labels;
    QString severity;  ///< the alert's: "critical", "warning", "info", "unknown"
    QString propose;   ///< "P1" … "P4"
};

/// When updates are owed; what is not given keeps its default.
struct UpdatesEntry {
    std::optional<std::chrono::milliseconds> first, every, later;
};

/// How this team handles incidents.
struct IncidentsEntry {
    QVector<SeverityEntry> severity;
    QMap<QString, UpdatesEntry> updates;                         ///< by "P1" … "P4"
    std::chrono::milliseconds verify{std::chrono::minutes(15)};  ///< 0: nothing is verified
    std::chrono::milliseconds silence{std::chrono::hours(2)};    ///< 0: sources are left alone
    bool attach = true;  ///< later alerts of the same key attach themselves
    QString postMortem;  ///< the template's text; empty: the standard one
};

/// tocsin.yaml, read and checked. A value.
struct Workspace {
    QString folder;  ///< absolute
    QString name;
    QStringList runbooks;  ///< absolute files or folders; all exist
    bool bundled = true;
    QVector<Entry> sources, connections, probes, channels;
    QVector<LeftOut>
        sourcesLeftOut;  ///< with the file itself, where it could not be read to its end
    QVector<Rule> rules;
    EscalationEntry escalation;
    std::optional<FeedEntry> feed;  ///< nothing: alerts are told to no channel
    Wordings wordings;              ///< of `templates`
    QString runbookBase;            ///< where others read the files of `folder`; may be empty
    IncidentsEntry incidents;
    QMap<QString, QString> variables;
    QVector<Mistake> mistakes;
};

}  // namespace tocsin::workspace

#include "store/schema.h"

#include <QSqlQuery>
#include <QStringList>
#include <QVector>

#include "store/trouble.h"

namespace tocsin::store {
namespace {

// Step n brings schema n-1 to n. A step that was released is never edited: add another.
// Times are UTC milliseconds since 1970. incident_events is the truth; incidents can be rebuilt.
const QVector<QStringList>& steps() {
    // A step is a list between braces; the next is added before the last brace.
    // clang-format off
    static const QVector<QStringList> all{{
        QStringLiteral(R"(CREATE TABLE incident_events(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            incident TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
            kind TEXT NOT NULL, text TEXT NOT NULL, detail TEXT NOT NULL))"),
        QStringLiteral("CREATE INDEX incident_events_of ON incident_events(incident, seq)"),
        QStringLiteral(R"(CREATE TRIGGER incident_events_kept BEFORE DELETE ON incident_events
            BEGIN SELECT RAISE(ABORT, 'the timeline is append-only: events are never deleted'); END)"),
        QStringLiteral(R"(CREATE TRIGGER incident_events_fixed BEFORE UPDATE ON incident_events
            BEGIN SELECT RAISE(ABORT, 'the timeline is append-only: events are never changed'); END)"),
        // INSERT OR REPLACE would delete without firing the delete trigger.
        QStringLiteral(R"(CREATE TRIGGER incident_events_new BEFORE INSERT ON incident_events
            WHEN EXISTS (SELECT 1 FROM incident_events WHERE seq = NEW.seq)
            BEGIN SELECT RAISE(ABORT, 'the timeline is append-only: events are never replaced'); END)"),
        QStringLiteral(R"(CREATE TABLE incidents(
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
            priority INTEGER NOT NULL, phase TEXT NOT NULL, commander TEXT NOT NULL,
            channel TEXT NOT NULL, runbook TEXT NOT NULL, declared_at INTEGER NOT NULL,
            acknowledged_at INTEGER, resolved_at INTEGER, last_update_at INTEGER,
            alerts TEXT NOT NULL, keys TEXT NOT NULL))"),
        QStringLiteral(R"(CREATE TABLE ladders(
            incident TEXT PRIMARY KEY, closed INTEGER NOT NULL DEFAULT 0,
            held INTEGER NOT NULL DEFAULT 0, held_until INTEGER,
            hold_reason TEXT NOT NULL DEFAULT '', acknowledged_at INTEGER))"),
        QStringLiteral(R"(CREATE TABLE rungs(
            incident TEXT NOT NULL REFERENCES ladders(incident), level INTEGER NOT NULL,
            name TEXT NOT NULL, mention TEXT NOT NULL, channel TEXT NOT NULL, repeat_ms INTEGER,
            planned_at INTEGER NOT NULL, due_at INTEGER NOT NULL, paged_at INTEGER,
            repeat_at INTEGER, times INTEGER NOT NULL DEFAULT 0, event TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
            PRIMARY KEY(incident, level)))"),
        QStringLiteral(R"(CREATE TABLE ledger(
            id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL UNIQUE,
            incident TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL, not_before INTEGER, doubted_at INTEGER,
            remote_id TEXT NOT NULL DEFAULT '',
            answer TEXT NOT NULL DEFAULT '', message TEXT NOT NULL,
            recorded INTEGER NOT NULL DEFAULT 0))"),
        QStringLiteral(R"(CREATE INDEX ledger_unfinished ON ledger(channel, id)
            WHERE state IN ('intent', 'sending', 'in_doubt'))"),
        QStringLiteral(R"(CREATE INDEX ledger_unrecorded ON ledger(id)
            WHERE recorded = 0 AND state IN ('confirmed', 'failed'))"),
        QStringLiteral("CREATE INDEX ledger_of ON ledger(incident, id)"),
    }, {
        // One row: who escalates and delivers. The token is the fence of all that the owner does.
        QStringLiteral(R"(CREATE TABLE engine_owner(
            one INTEGER PRIMARY KEY CHECK(one = 1), token INTEGER NOT NULL, kind TEXT NOT NULL,
            pid INTEGER NOT NULL, host TEXT NOT NULL, since INTEGER NOT NULL,
            asked TEXT NOT NULL))"),
        QStringLiteral("INSERT INTO engine_owner VALUES(1, 0, '', 0, '', 0, '')"),
    }, {
        // The event of the message that this one is edited into.
        QStringLiteral("ALTER TABLE ledger ADD COLUMN replaces TEXT NOT NULL DEFAULT ''"),
        QStringLiteral("CREATE INDEX ledger_replacing ON ledger(replaces, id) WHERE replaces <> ''"),
    }, {
        // Levels that rest, acknowledgements that lapse, and what is due next, to be found quickly.
        QStringLiteral("ALTER TABLE ladders ADD COLUMN acknowledged_by TEXT NOT NULL DEFAULT ''"),
        QStringLiteral("ALTER TABLE ladders ADD COLUMN ack_timeout_ms INTEGER"),
        QStringLiteral("ALTER TABLE ladders ADD COLUMN silent_at INTEGER"),
        // 0: overdue, so that the first look settles it.
        QStringLiteral("ALTER TABLE ladders ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0"),
        QStringLiteral("CREATE INDEX ladders_due ON ladders(next_at) WHERE closed = 0"),
        QStringLiteral("ALTER TABLE rungs ADD COLUMN until TEXT NOT NULL DEFAULT 'acknowledged'"),
        QStringLiteral("ALTER TABLE rungs ADD COLUMN quiet TEXT NOT NULL DEFAULT ''"),
        QStringLiteral("ALTER TABLE rungs ADD COLUMN quiet_until INTEGER"),
    }, {
        // What became of a confirmed message over there, and when that was last looked at.
        QStringLiteral("ALTER TABLE ledger ADD COLUMN seen TEXT NOT NULL DEFAULT ''"),
        QStringLiteral("ALTER TABLE ledger ADD COLUMN seen_at INTEGER"),
        QStringLiteral("CREATE INDEX ledger_remote ON ledger(channel, remote_id, id) WHERE remote_id <> ''"),
    }, {
        // Messages that are edited so that they keep saying what is true: cards, the alert feed.
        QStringLiteral(R"(CREATE TABLE standing(
            name TEXT PRIMARY KEY, incident TEXT NOT NULL, channel TEXT NOT NULL,
            event TEXT NOT NULL, revision INTEGER NOT NULL,
            shown TEXT NOT NULL, changed_at INTEGER, closed INTEGER NOT NULL,
            detail TEXT NOT NULL))"),
        QStringLiteral("CREATE INDEX standing_open ON standing(name) WHERE closed = 0"),
        // The words of its pages, as the workspace had them at the declaration.
        QStringLiteral("ALTER TABLE ladders ADD COLUMN page_wording TEXT NOT NULL DEFAULT ''"),
    }, {
        // Team, tasks, checklist, assessment, verification, silences, merges: JSON, never searched.
        QStringLiteral("ALTER TABLE incidents ADD COLUMN more TEXT NOT NULL DEFAULT '{}'"),
    }, {
        // So that a long timeline opens, and names its people and its corrections, without being read.
        QStringLiteral("CREATE INDEX incident_events_by ON incident_events(incident, actor)"),
        QStringLiteral("CREATE INDEX incident_events_corrected ON incident_events(incident, seq) "
                       "WHERE kind = 'corrected'"),
        QStringLiteral("CREATE INDEX incident_events_captured ON incident_events(incident, seq) "
                       "WHERE kind = 'captured'"),
        QStringLiteral(R"(CREATE TABLE pins(
            id INTEGER PRIMARY KEY AUTOINCREMENT, connection TEXT NOT NULL, kind TEXT NOT NULL,
            statement TEXT NOT NULL, keys TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
            UNIQUE(connection, statement)))"),
    }, {
        // The clocks as they last were compared, for whoever runs next.
        QStringLiteral(R"(CREATE TABLE clock_reading(
            id INTEGER PRIMARY KEY CHECK(id = 1), epoch TEXT NOT NULL,
            lasted_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL))"),
    }};
    // clang-format on
    return all;
}

Result<void> exec(QSqlDatabase& db, const QString& sql, const QString& file) {
    QSqlQuery query(db);
    if (!query.exec(sql)) return tl::unexpected<Error>(trouble(query.lastError(), file));
    return {};
}

Result<int> schemaOf(QSqlDatabase& db, const QString& file) {
    QSqlQuery query(db);
    if (!query.exec(QStringLiteral("PRAGMA user_version")) || !query.next())
        return tl::unexpected<Error>(trouble(query.lastError(), file));
    return query.value(0).toInt();
}

Result<void> takeStep(QSqlDatabase& db, int to, const QString& file) {
    if (auto begun = exec(db, QStringLiteral("BEGIN IMMEDIATE"), file); !begun) return begun;
    const auto undo = [&](const Error& error) -> Result<void> {
        (void)exec(db, QStringLiteral("ROLLBACK"), file);
        return tl::unexpected<Error>(error);
    };
    for (const QString& sql : steps().at(to - 1))
        if (auto done = exec(db, sql, file); !done) return undo(done.error());
    if (auto done = exec(db, QStringLiteral("PRAGMA user_version = %1").arg(to), file); !done)
        return undo(done.error());
    if (auto done = exec(db, QStringLiteral("COMMIT"), file); !done) return undo(done.error());
    return {};
}

}  // namespace

int newestSchema() {
    return static_cast<int>(steps().size());
}

Result<void> migrate(QSqlDatabase& db, const QString& file) {
    auto schema = schemaOf(db, file);
    if (!schema) return tl::unexpected<Error>(schema.error());
    if (*schema > newestSchema())
        return fail(
            ErrorCode::Config,
            QStringLiteral("%1 was written by a newer Tocsin (schema %2; this one knows %3). "
                           "Use that version, or choose another folder with --data. The "
                           "file was left as it is.")
                .arg(file)
                .arg(*schema)
                .arg(newestSchema()));
    for (int to = *schema + 1; to <= newestSchema(); ++to)
        if (auto done = takeStep(db, to, file); !done) return done;
    return {};
}

}  // namespace tocsin::store

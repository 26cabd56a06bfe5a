// What the Postgres pane does around a run: tests the connection, learns its names, asks for
// values, shows plans, writes all rows to a file.
#include "sdk/async.h"
#include "ui/query/sqlcatalog.h"
#include "ui/query/sqloutcome.h"
#include "ui/query/sqlpane.h"
#include "ui/query/sqlpanestate.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

void SqlPane::test() {
    if (!m_parts->followed) return;
    const auto since = m_clock.elapsed();
    const QString name = m_parts->followed->info().name;
    m_parts->status->setText(tr("testing…"));
    whenDone(m_parts->followed->open(), this,
             [this, since, name](const Result<ServerIdentity>& identity) {
                 if (!identity) {
                     m_parts->status->setText(tr("No connection"));
                     return showNotice(identity.error().message, u"criticalNotice"_s, false);
                 }
                 m_parts->status->setText(tr("Answers"));
                 QStringList said{tr("%1 answers in %2 ms as %3: %4 %5 at %6, a %7.")
                                      .arg(name)
                                      .arg((m_clock.elapsed() - since).count())
                                      .arg(identity->user, identity->product, identity->version,
                                           identity->address,
                                           identity->replica ? tr("replica") : tr("primary"))};
                 said += identity->warnings;
                 showNotice(said.join(u'\n'),
                            identity->warnings.isEmpty() ? u"okNotice"_s : u"notice"_s, false);
             });
}

/// Once a connection, behind its first answer. A failure only means fewer completions until the
/// next.
void SqlPane::learnNames() {
    const auto connection = m_parts->followed;
    if (!connection) return;
    const QString name = connection->info().name;
    if (m_parts->names.contains(name) || m_parts->learning.contains(name)) return;
    m_parts->learning.insert(name);
    whenDone(connection->watch(catalogSql()), this,
             [this, name](const Result<QueryResult>& answer) {
                 m_parts->learning.remove(name);
                 if (!answer) return;
                 runOnPool(
                     this, [rows = answer->rows] { return catalogNames(*rows); },
                     [this, name](const CatalogNames& names) {
                         m_parts->names.insert(name, names);
                         if (m_parts->followed && m_parts->followed->info().name == name)
                             m_parts->editor->setNames(names);
                     });
             });
}

void SqlPane::explain(bool analyze) {
    if (m_parts->running) return;
    withdraw();
    Asked asked = underCursor();
    const QString options = analyze ? u"EXPLAIN (ANALYZE, BUFFERS, VERBOSE, FORMAT JSON) "_s
                                    : u"EXPLAIN (VERBOSE, FORMAT JSON) "_s;
    if (asked.sql.trimmed().startsWith(u"explain"_s, Qt::CaseInsensitive)) return startTyped(asked);
    asked.offset -= static_cast<int>(options.size());
    asked.sql = options + asked.sql;
    asked.purpose = Asked::Purpose::Plan;
    startTyped(asked);
}

void SqlPane::settlePlan(const Asked& asked, const Result<QueryResult>& result) {
    tell(asked, result);
    if (!result) return showError(asked, result.error());
    m_parts->receipt->show(result->receipt);
    m_parts->status->setText(summaryOf(*result));
    const auto cell =
        result->rows->rowCount() == 1 ? result->rows->cell(0, 0) : std::optional<QByteArrayView>();
    m_parts->plan->setUnlocked(asked.connection && asked.connection->unlocked());
    if (cell && m_parts->plan->show(cell->toByteArray()))
        m_parts->tabs->setCurrentWidget(m_parts->plan);
}

void SqlPane::exportAll(const QString& path) {
    if (m_parts->running || !m_parts->shownFrom) return;
    withdraw();
    Asked asked{m_parts->shownFrom, {}, m_parts->shownSql, Asked::Purpose::Export, {}};
    m_parts->exporting = std::make_shared<inspection::FileExport>(path);
    start(asked);
}

void SqlPane::settleExport(const Asked& asked, const Result<QueryResult>& result) {
    const auto file = std::exchange(m_parts->exporting, nullptr);
    if (!result) {
        const Error why = file->problem().value_or(result.error());
        showError(asked, why);
        return tell(asked, tl::unexpected<Error>(why));
    }
    m_parts->receipt->show(result->receipt);
    runOnPool(
        this, [file, answer = *result] { return file->finish(answer); },
        [this, asked, file, answer = *result](const Result<qint64>& size) {
            m_parts->status->setText(size ? tr("%1 written, %2 rows, %3")
                                                .arg(file->path())
                                                .arg(file->rows())
                                                .arg(bytesText(*size))
                                          : size.error().message);
            if (!size) return tell(asked, tl::unexpected<Error>(size.error()));
            Outcome outcome = outcomeOf(answer);
            outcome.line = m_parts->status->text();
            outcome.evidence[u"exported_to"_s] = file->path();
            emit ran(outcome);
        });
}

/// What has holes asks for their values first.
void SqlPane::startTyped(const Asked& asked) {
    if (SqlHoles::holesIn(asked.sql).isEmpty()) return start(asked);
    m_parts->notice->hide();
    m_parts->asksFor = std::make_unique<Asked>(asked);
    m_parts->holes->ask(asked.sql,
                        m_parts->bindings ? m_parts->bindings() : QMap<QString, QString>());
}

}  // namespace tocsin::ui

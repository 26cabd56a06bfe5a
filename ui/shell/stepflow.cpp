#include "ui/shell/stepflow.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <algorithm>

#include "inspection/target.h"
#include "sdk/async.h"
#include "ui/probes/statuspane.h"
#include "ui/query/httppane.h"
#include "ui/query/redispane.h"
#include "ui/query/rehearsal.h"
#include "ui/query/shellpane.h"
#include "ui/query/sqlpane.h"
#include "ui/runbook/runbookpane.h"
#include "ui/shell/panetabs.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using runbooks::Block;
using runbooks::BlockKind;
using runbooks::StepState;

namespace {

// What was looked at so recently before an incident was declared belongs to it.
constexpr std::chrono::milliseconds kEarlierCounts = std::chrono::minutes(30);
constexpr qsizetype kMostEarlier = 50;

bool asksServer(BlockKind kind) {
    return kind == BlockKind::Postgres || kind == BlockKind::Redis;
}

/// What an outcome says was run; empty where it says nothing.
QString statementOf(const Outcome& outcome) {
    const QJsonObject receipt = outcome.evidence[u"receipt"_s].toObject();
    return receipt[u"statement"_s].toString(outcome.evidence[u"statement"_s].toString());
}

/// Whether a run was of this text. A rehearsed call is sent guarded (the session's number and start
/// in one statement), so the text's own words are looked for.
bool isAbout(const Outcome& outcome, const QString& text) {
    const QString ran = statementOf(outcome);
    if (ran.simplified() == text.simplified()) return true;
    const auto target = signalTarget(text);
    return target && ran.contains(target->function) && ran.contains(QString::number(target->pid));
}

/// Most words of the one are in the other: an edited text, not another one.
bool resembles(const QString& a, const QString& b) {
    static const QRegularExpression gap(u"\\W+"_s);
    const QStringList words = a.toLower().split(gap, Qt::SkipEmptyParts);
    const QStringList others = b.toLower().split(gap, Qt::SkipEmptyParts);
    qsizetype shared = 0;
    for (const QString& word : words)
        if (others.contains(word)) ++shared;
    return shared * 2 >= std::max(words.size(), others.size()) && shared > 0;
}

}  // namespace

StepFlow::StepFlow(console::Console& console, CurrentIncident& current, const StepPanes& panes,
                   QObject* parent)
    : QObject(parent), m_console(console), m_current(current), m_panes(panes) {
    connectRunbook();
    connect(&current, &CurrentIncident::switched, this, &StepFlow::recordEarlier);
    connect(panes.sql, &SqlPane::ran, this, [this](const Outcome& o) { ran(m_panes.sql, o); });
    connect(panes.redis, &RedisPane::ran, this,
            [this](const Outcome& o) { ran(m_panes.redis, o); });
    connect(panes.http, &HttpPane::ran, this, [this](const Outcome& o) { ran(m_panes.http, o); });
    connect(panes.status, &StatusPane::ran, this,
            [this](const Outcome& o) { ran(m_panes.status, o); });
    connect(panes.status, &StatusPane::unknownPage, this, &StepFlow::openPage);
    connect(panes.sql, &SqlPane::cellPicked, panes.runbook, &RunbookPane::offerBinding);
    panes.sql->setBindings([runbook = panes.runbook] {
        QMap<QString, QString> values;
        if (const auto* walk = runbook->run())
            for (auto it = walk->bindings().begin(); it != walk->bindings().end(); ++it)
                values.insert(it.key(), it->value);
        return values;
    });
    connect(panes.redis, &RedisPane::cellPicked, panes.runbook, &RunbookPane::offerBinding);
}

void StepFlow::connectRunbook() {
    RunbookPane* runbook = m_panes.runbook;
    connect(runbook, &RunbookPane::runRequested, this, &StepFlow::run);
    connect(runbook, &RunbookPane::editRequested, this, &StepFlow::edit);
    connect(runbook, &RunbookPane::verdictWanted, this, &StepFlow::judge);
    connect(runbook, &RunbookPane::stepTicked, this,
            [this](int section, int step, bool done, const QString& title) {
                ticked(section, step, done, title);
            });
    // How far one got says something about the runbook, for the post-mortem.
    connect(&m_console.journal(), &incidents::Journal::eventAppended, this,
            [this](const incidents::Event& event) {
                if (event.kind == u"resolved" && event.incident == m_current.id())
                    recordWalk(event.incident);
            });
}

inspection::Connection* StepFlow::connectionFor(const Block& block) const {
    if (!asksServer(block.kind)) return nullptr;
    const auto connections = m_console.connections();
    QVector<inspection::ConnectionInfo> infos;
    for (const inspection::Connection* each : connections)
        infos << each->info();
    const qsizetype at = inspection::indexOfTarget(infos, toString(block.kind), block.target);
    return at < 0 ? nullptr : connections[at];
}

QString StepFlow::nameFor(const Block& block) const {
    const auto* connection = connectionFor(block);
    return connection ? connection->info().name : QString();
}

/// Whether there is a server to ask; says on the step when there is none. A block that names one is
/// never asked of another.
bool StepFlow::hasPlace(const Block& block, const Asked& asked) {
    if (!asksServer(block.kind) || connectionFor(block)) return true;
    const QString name = inspection::targetName(block.target);
    mark(asked, StepState::Failed,
         name.isEmpty() ? tr("no such connection in this workspace")
                        : tr("no connection “%1” in this workspace").arg(name));
    return false;
}

RunTicket StepFlow::ticketFor(const Asked& asked) {
    m_asked.insert(++m_lastTicket, asked);
    return m_lastTicket;
}

QWidget* StepFlow::paneFor(BlockKind kind) const {
    switch (kind) {
        case BlockKind::Postgres:
            return m_panes.sql;
        case BlockKind::Redis:
            return m_panes.redis;
        case BlockKind::Http:
            return m_panes.http;
        case BlockKind::Link:
            return m_panes.status;
        case BlockKind::Shell:
            break;
    }
    return m_panes.shell;
}

StepFlow::Asked StepFlow::askedFor(const QString& text, int section, int step) const {
    const auto* walk = m_panes.runbook->run();
    Asked asked;
    asked.runbook = walk ? walk->runbook().name : QString();
    asked.section = section;
    asked.step = step;
    asked.wasDone = walk && walk->progress(section, step).state == StepState::Done;
    asked.text = text;
    return asked;
}

void StepFlow::run(const Block& block, const QString& text, int section, int step) {
    QWidget* pane = paneFor(block.kind);
    const Asked asked = askedFor(text, section, step);
    m_panes.tabs->reveal(pane);
    if (block.kind == BlockKind::Shell) return m_panes.shell->show(text, block.caption);
    if (!hasPlace(block, asked)) return;
    const RunTicket ticket = ticketFor(asked);
    mark(asked, StepState::Running, {});
    switch (block.kind) {
        case BlockKind::Postgres:
            return m_panes.sql->run(nameFor(block), text, ticket);
        case BlockKind::Redis:
            return m_panes.redis->run(nameFor(block), text, ticket);
        case BlockKind::Http:
            return m_panes.http->request(text, ticket);
        case BlockKind::Link:
            return m_panes.status->lookAt(QUrl(text), ticket);
        case BlockKind::Shell:
            return;
    }
}

void StepFlow::edit(const Block& block, const QString& text, int section, int step) {
    QWidget* pane = paneFor(block.kind);
    const Asked asked = askedFor(text, section, step);
    m_panes.tabs->reveal(pane);
    m_edited.insert(pane, asked);
    const bool changes = m_effects.value(text, Effect::Unproven) == Effect::Changes;
    if (changes && !hasPlace(block, asked)) return;
    switch (block.kind) {
        case BlockKind::Postgres:
            return changes ? m_panes.sql->rehearse(nameFor(block), text, ticketFor(asked))
                           : m_panes.sql->edit(nameFor(block), text);
        case BlockKind::Redis:
            return changes ? m_panes.redis->rehearse(nameFor(block), text, ticketFor(asked))
                           : m_panes.redis->edit(nameFor(block), text);
        case BlockKind::Http:
            return m_panes.http->request(text, ticketFor(asked));
        case BlockKind::Link:
            return m_panes.status->lookAt(QUrl(text), ticketFor(asked));
        case BlockKind::Shell:
            return m_panes.shell->show(text, block.caption);
    }
}

void StepFlow::judge(const Block& block, const QString& text, int section, int step, int index) {
    auto* connection = connectionFor(block);
    if (!connection || !connection->engine()) return;
    whenDone(connection->judge(text), this, [=, this](const Verdict& verdict) {
        m_effects.insert(text, verdict.effect);
        m_panes.runbook->setVerdict(section, step, index, verdict);
    });
}

void StepFlow::mark(const Asked& asked, StepState state, const QString& line) {
    // Another runbook may be on screen by the time the answer arrives.
    const auto* walk = m_panes.runbook->run();
    if (asked.step < 0 || !walk || walk->runbook().name != asked.runbook) return;
    const auto& step = walk->runbook().sections[asked.section].steps[asked.step];
    // A step that asks several things is done when the person says so.
    if (state == StepState::Done && step.blocks.size() > 1 && !asked.wasDone)
        state = StepState::Open;
    m_panes.runbook->setOutcome(asked.section, asked.step,
                                {state, line, tr("you"), m_console.clock().now()});
}

void StepFlow::ran(QWidget* pane, const Outcome& outcome) {
    Asked asked = m_asked.take(outcome.ticket);
    const StepState before = asked.wasDone ? StepState::Done : StepState::Open;
    mark(asked,
         outcome.ok        ? StepState::Done
         : outcome.wasSent ? StepState::Failed
                           : before,
         outcome.line);
    if (outcome.ok) m_lastRun.kind = outcome.kind;
    if (outcome.ok) m_lastRun.detail = outcome.evidence;
    emit evidenceArrived(outcome);
    QJsonObject evidence = outcome.evidence;
    // What was put there to be edited, and then run by hand.
    if (asked.step < 0 && !statementOf(outcome).isEmpty()) asked = m_edited.take(pane);
    if (const QJsonObject step = stepDetail(asked, outcome); !step.isEmpty())
        evidence[u"step"_s] = step;
    record(outcome.kind,
           outcome.ok        ? tr("ran %1: %2").arg(outcome.subject, outcome.line)
           : outcome.wasSent ? tr("%1 failed: %2").arg(outcome.subject, outcome.line)
                             : tr("%1 was not run: %2").arg(outcome.subject, outcome.line),
           evidence);
}

QJsonObject StepFlow::stepDetail(const Asked& asked, const Outcome& outcome) {
    const auto* walk = m_panes.runbook->run();
    if (asked.step < 0 || !walk || walk->runbook().name != asked.runbook) return {};
    const QString ran = statementOf(outcome);
    // Something else altogether, typed into the same pane, is no edit of the step.
    const bool isAlike =
        ran.isEmpty() || isAbout(outcome, asked.text) || resembles(ran, asked.text);
    if (!isAlike) return {};
    const auto& section = walk->runbook().sections[asked.section];
    const QString state = outcome.ok ? u"done"_s : outcome.wasSent ? u"failed"_s : u"open"_s;
    return {{u"runbook"_s, asked.runbook},
            {u"section"_s, section.title},
            {u"title"_s, section.steps[asked.step].title},
            {u"state"_s, state},
            {u"edited"_s, !ran.isEmpty() && !isAbout(outcome, asked.text)}};
}

void StepFlow::ticked(int section, int step, bool done, const QString& title) {
    const auto* walk = m_panes.runbook->run();
    QJsonObject detail;
    if (walk)
        detail[u"step"_s] = QJsonObject{{u"runbook"_s, walk->runbook().name},
                                        {u"section"_s, walk->runbook().sections[section].title},
                                        {u"title"_s, title},
                                        {u"number"_s, step + 1},
                                        {u"state"_s, done ? u"done"_s : u"open"_s}};
    record(u"step"_s,
           done ? tr("step done: %1").arg(title) : tr("step opened again: %1").arg(title), detail);
}

void StepFlow::recordWalk(const QString& incident) {
    const auto* walk = m_panes.runbook->run();
    const auto& about = m_current.incident();
    // Only what was followed for this incident.
    if (!walk || !about || about->commander != m_console.person()) return;
    const runbooks::Runbook& book = walk->runbook();
    const QString kNames[] = {u"open"_s, u"running"_s, u"done"_s, u"failed"_s, u"skipped"_s};
    QJsonArray steps;
    int touched = 0, all = 0;
    for (int s = 0; s < book.sections.size(); ++s)
        for (int i = 0; i < book.sections[s].steps.size(); ++i, ++all) {
            const auto progress = walk->progress(s, i);
            if (progress.state != StepState::Open) ++touched;
            steps.append(QJsonObject{{u"section"_s, book.sections[s].title},
                                     {u"title"_s, book.sections[s].steps[i].title},
                                     {u"state"_s, kNames[int(progress.state)]},
                                     {u"outcome"_s, progress.outcome}});
        }
    if (touched == 0) return;
    m_console.journal().append(
        incident, u"Tocsin"_s, u"walked"_s,
        tr("%1: %2 of %3 steps were taken").arg(book.name).arg(touched).arg(all),
        {{u"runbook"_s, book.name}, {u"steps"_s, steps}});
}

void StepFlow::record(const QString& kind, const QString& text, const QJsonObject& evidence) {
    if (m_current.isOpen()) {
        m_console.journal().append(m_current.id(), m_console.person(), kind, text, evidence);
        return;
    }
    m_earlier.append({m_console.clock().now(), kind, text, evidence});
    if (m_earlier.size() > kMostEarlier) m_earlier.removeFirst();
}

void StepFlow::recordEarlier() {
    const auto& incident = m_current.incident();
    // Not every incident that comes to the front was declared here and now.
    if (!m_current.isOpen() || incident->commander != m_console.person()) return;
    const QDateTime oldest = incident->declaredAt.addMSecs(-kEarlierCounts.count());
    for (Earlier& each : std::exchange(m_earlier, {})) {
        if (each.at < oldest) continue;
        each.evidence.insert(u"ran_at"_s, each.at.toString(Qt::ISODateWithMs));
        record(each.kind,
               tr("before declaring, at %1: %2").arg(each.at.toString(u"HH:mm:ss"_s), each.text),
               each.evidence);
    }
}

void StepFlow::openPage(const QUrl& url, RunTicket ticket) {
    // No probe of the workspace watches that page: an ordinary request still says whether it
    // answers.
    m_panes.tabs->reveal(m_panes.http);
    m_panes.http->requestUrl(url, ticket);
}

}  // namespace tocsin::ui

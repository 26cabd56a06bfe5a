// tocsin check [--live]: is everything ready for the next incident?
#include <QJsonArray>
#include <QJsonObject>
#include <tuple>

#include "cli/commandline.h"
#include "cli/livecheck.h"
#include "cli/output.h"
#include "cli/runbookchecks.h"
#include "sdk/async.h"

namespace tocsin::cli {
namespace {

using runbooks::Finding;
using workspace::Entry;

QJsonArray toJson(const QVector<Finding>& findings) {
    QJsonArray array;
    for (const Finding& finding : findings)
        array.append(QJsonObject{
            {QStringLiteral("file"), finding.file},
            {QStringLiteral("line"), finding.line},
            {QStringLiteral("column"), finding.line > 0 ? std::max(1, finding.column) : 0},
            {QStringLiteral("severity"), finding.severity},
            {QStringLiteral("rule"), finding.rule},
            {QStringLiteral("message"), redact(finding.message)}});
    return array;
}

QString compilerLine(const Finding& finding) {
    const QString place = finding.line > 0 ? QStringLiteral("%1:%2:%3")
                                                 .arg(finding.file)
                                                 .arg(finding.line)
                                                 .arg(std::max(1, finding.column))
                                           : finding.file;
    return redact(QStringLiteral("%1: %2: %3 [%4]")
                      .arg(place, finding.severity, finding.message, finding.rule));
}

/// Collects findings from everywhere, waits for what takes time, prints once.
class Checkup : public QObject {
public:
    Checkup(const CommandLine& line, Clock& clock, Done done)
        : m_inventory(line.workspaceFolder(), clock),
          m_live(m_inventory),
          m_json(line.json()),
          m_connects(line.isSet("live")),
          m_done(std::move(done)) {}

    void begin() {
        const workspace::Workspace& workspace = m_inventory.workspace();
        for (const workspace::Mistake& mistake : workspace.mistakes)
            m_findings.append({mistake.file, mistake.line, mistake.column, mistake.severity,
                               mistake.rule, mistake.message});
        const QString why = whyNobodyIsPaged(workspace);
        if (!why.isEmpty() && !workspace::whyNotRead(workspace))
            m_findings.append({workspace.folder + QStringLiteral("/tocsin.yaml"), 0, 0,
                               QStringLiteral("note"), QStringLiteral("nobody-paged"),
                               QStringLiteral("An incident pages nobody: %1.").arg(why)});
        m_waiting = 2;  // the library, and this function: what is ready already answers at once
        whenDone(m_library.load(workspace.runbooks, workspace.bundled), this,
                 [this] { checkRunbooks(); });
        checkEntries(workspace.sources, QStringLiteral("Source"), &LiveCheck::askSource);
        checkEntries(workspace.connections, QStringLiteral("Connection"),
                     &LiveCheck::openConnection);
        checkEntries(workspace.probes, QStringLiteral("Probe"), &LiveCheck::lookAtProbe);
        checkEntries(workspace.channels, QStringLiteral("Channel"), &LiveCheck::reachChannel);
        finishOne();
    }

private:
    using Look = void (LiveCheck::*)(const Settings&, const LiveCheck::Told&);

    void checkRunbooks() {
        const workspace::Workspace& workspace = m_inventory.workspace();
        m_findings += m_library.findings();
        m_findings += linkFindings(m_library.runbooks() + m_library.documents());
        m_findings += placeholderFindings(m_library.runbooks(), workspace.variables);
        m_findings += connectionFindings(m_library.runbooks(), workspace.connections);
        finishOne();
    }

    void checkEntries(const QVector<Entry>& entries, const QString& noun, Look look) {
        for (const Entry& entry : entries) {
            ++m_waiting;
            whenDone(m_inventory.secrets().resolveAll(entry), this,
                     [=, this](const Result<Settings>& settings) {
                         if (!settings) {
                             report(entry, "secret", settings.error());
                             finishOne();
                         } else if (const auto refused = m_live.refusal(noun, *settings)) {
                             if (!entry.isFlawed) reportAs("unusable", entry, noun, *refused);
                             finishOne();
                         } else if (m_connects) {
                             (m_live.*look)(*settings,
                                            [=, this](const std::optional<Error>& problem) {
                                                if (problem)
                                                    reportAs("live", entry, noun, *problem);
                                                finishOne();
                                            });
                         } else {
                             finishOne();
                         }
                     });
        }
    }

    void reportAs(const char* rule, const Entry& entry, const QString& noun, Error error) {
        error.message = QStringLiteral("%1 “%2”: %3").arg(noun, entry.settings.name, error.message);
        report(entry, rule, error);
    }

    void report(const Entry& entry, const char* rule, const Error& error) {
        const QString file = m_inventory.workspace().folder + QStringLiteral("/tocsin.yaml");
        m_findings.append({file, entry.line, 1, QStringLiteral("error"), QString::fromLatin1(rule),
                           error.message});
    }

    void finishOne() {
        if (--m_waiting == 0) finish();
    }

    void finish() {
        // Last, because opening things may have added to them.
        for (const workspace::PluginProblem& problem : m_inventory.registry().problems())
            m_findings.append({problem.file, 0, 0, QStringLiteral("error"),
                               QStringLiteral("plugin"), problem.message});
        std::stable_sort(
            m_findings.begin(), m_findings.end(), [](const Finding& a, const Finding& b) {
                return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
            });
        if (m_json)
            print(QJsonDocument(toJson(m_findings)));
        else
            printLines();
        const bool good = std::all_of(
            m_findings.begin(), m_findings.end(),
            [](const Finding& finding) { return finding.severity == QLatin1String("note"); });
        deleteLater();
        m_done(good ? Success : Failure);
    }

    void printLines() {
        for (const Finding& finding : std::as_const(m_findings))
            print(compilerLine(finding));
        const workspace::Workspace& workspace = m_inventory.workspace();
        complain(QStringLiteral("%1 findings. %2 sources, %3 connections, %4 probes, %5 channels, "
                                "%6 runbooks%7.")
                     .arg(m_findings.size())
                     .arg(workspace.sources.size())
                     .arg(workspace.connections.size())
                     .arg(workspace.probes.size())
                     .arg(workspace.channels.size())
                     .arg(m_library.runbooks().size())
                     .arg(m_connects ? QString()
                                     : QStringLiteral("; connected to nothing (--live does)")));
    }

    Inventory m_inventory;
    LiveCheck m_live;
    runbooks::Library m_library;
    QVector<Finding> m_findings;
    bool m_json, m_connects;
    Done m_done;
    qsizetype m_waiting = 0;
};

}  // namespace

void runCheck(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("check");
    line.addFlag(QStringLiteral("live"),
                 QStringLiteral("Also ask every source, connection, probe and channel."));
    if (!line.read(args, done)) return;
    if (!line.words().isEmpty()) {
        line.refuse(QStringLiteral("“check” takes no “%1”.").arg(line.words().first()), done);
        return;
    }
    (new Checkup(line, clock, done))->begin();
}

}  // namespace tocsin::cli

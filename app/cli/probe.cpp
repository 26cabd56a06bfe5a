// tocsin probe [NAME…]: one look at each.
#include <QJsonArray>
#include <QJsonObject>

#include "cli/commandline.h"
#include "cli/inventory.h"
#include "cli/output.h"
#include "sdk/async.h"

namespace tocsin::cli {
namespace {

QJsonObject toJson(const ProbeReport& report) {
    QJsonArray components;
    for (const ProbeComponent& component : report.components)
        components.append(QJsonObject{{QStringLiteral("name"), component.name},
                                      {QStringLiteral("level"), nameOf(component.level)},
                                      {QStringLiteral("detail"), redact(component.detail)}});
    QJsonArray notices;
    for (const ProbeNotice& notice : report.notices)
        notices.append(QJsonObject{
            {QStringLiteral("title"), notice.title},
            {QStringLiteral("status"), notice.status},
            {QStringLiteral("level"), nameOf(notice.level)},
            {QStringLiteral("since"),
             notice.since.isValid() ? QJsonValue(notice.since.toUTC().toString(Qt::ISODateWithMs))
                                    : QJsonValue()},
            {QStringLiteral("latest"), notice.latest},
            {QStringLiteral("link"), notice.link.toString()}});
    return {{QStringLiteral("name"), report.name},
            {QStringLiteral("level"), nameOf(report.level)},
            {QStringLiteral("summary"), redact(report.summary)},
            {QStringLiteral("latency_ms"), qint64(report.latency.count())},
            {QStringLiteral("checked_at"), report.checkedAt.toUTC().toString(Qt::ISODateWithMs)},
            {QStringLiteral("detail"), redact(report.detail)},
            {QStringLiteral("page"), report.page.toString()},
            {QStringLiteral("components"), components},
            {QStringLiteral("notices"), notices}};
}

/// Looks at all of them at once and prints when the last has answered.
class Round : public QObject {
public:
    Round(const CommandLine& line, Clock& clock, Done done)
        : m_inventory(line.workspaceFolder(), clock),
          m_json(line.json()),
          m_done(std::move(done)) {}

    void begin(const QStringList& names) {
        if (!m_inventory.reportMistakes(m_json)) {
            end(Failure);
            return;
        }
        QVector<workspace::Entry> chosen;
        for (const workspace::Entry& entry : m_inventory.workspace().probes)
            if (names.isEmpty() || names.contains(entry.settings.name)) chosen.append(entry);
        for (const QString& name : names) {
            if (findEntry(chosen, name)) continue;
            const Error missing{
                ErrorCode::NotFound,
                QStringLiteral("There is no probe “%1” in the workspace.").arg(name),
                {}};
            if (m_json) {
                complain(missing, true);
                return end(Failure);
            }
            complain(missing, false);
            m_failed = true;
        }
        m_reports.resize(chosen.size());
        m_waiting = chosen.size();
        if (chosen.isEmpty()) finish();
        for (qsizetype i = 0; i < chosen.size(); ++i)
            look(i, chosen[i]);
    }

private:
    void look(qsizetype index, const workspace::Entry& entry) {
        const QString name = entry.settings.name;
        whenDone(m_inventory.secrets().resolveAll(entry), this,
                 [=, this](const Result<Settings>& settings) {
                     if (!settings) {
                         take(index, unknown(name, settings.error()));
                         return;
                     }
                     auto probe =
                         m_inventory.registry().createProbe(*settings, m_inventory.clock());
                     if (!probe) {
                         take(index, unknown(name, probe.error()));
                         return;
                     }
                     m_probes.push_back(*std::move(probe));
                     whenDone(m_probes.back()->look(), this,
                              [=, this](const ProbeReport& report) { take(index, report); });
                 });
    }

    ProbeReport unknown(const QString& name, const Error& error) {
        ProbeReport report;
        report.name = name;
        report.summary = error.message;
        report.detail = error.detail;
        report.checkedAt = m_inventory.clock().now();
        return report;
    }

    void take(qsizetype index, const ProbeReport& report) {
        m_reports[index] = report;
        if (--m_waiting == 0) finish();
    }

    void finish() {
        QJsonArray array;
        QVector<QStringList> rows{{QStringLiteral("NAME"), QStringLiteral("LEVEL"),
                                   QStringLiteral("MS"), QStringLiteral("SUMMARY")}};
        for (const ProbeReport& report : std::as_const(m_reports)) {
            array.append(toJson(report));
            rows.append({report.name, nameOf(report.level), QString::number(report.latency.count()),
                         redact(report.summary)});
            m_failed = m_failed ||
                       (report.level != ProbeLevel::Ok && report.level != ProbeLevel::Maintenance);
        }
        if (m_json)
            print(QJsonDocument(array));
        else if (!m_reports.isEmpty())
            print(table(rows));
        end(m_failed ? Failure : Success);
    }

    void end(int status) {
        deleteLater();
        m_done(status);
    }

    Inventory m_inventory;
    bool m_json;
    Done m_done;
    std::vector<std::unique_ptr<Probe>> m_probes;
    QVector<ProbeReport> m_reports;
    qsizetype m_waiting = 0;
    bool m_failed = false;
};

}  // namespace

void runProbe(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("probe");
    if (!line.read(args, done)) return;
    (new Round(line, clock, done))->begin(line.words());
}

}  // namespace tocsin::cli

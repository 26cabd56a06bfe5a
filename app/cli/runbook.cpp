// tocsin runbook list | show NAME | match LABEL=VALUE…
#include "cli/commandline.h"
#include "cli/inventory.h"
#include "cli/output.h"
#include "cli/runbookjson.h"
#include "runbooks/library.h"
#include "sdk/async.h"

namespace tocsin::cli {
namespace {

QString outline(const runbooks::Runbook& runbook) {
    QString text = runbook.title + QLatin1Char('\n');
    if (!runbook.keys.isEmpty())
        text += QStringLiteral("keys: %1\n").arg(runbook.keys.join(QStringLiteral(", ")));
    text += QStringLiteral("%1:%2\n").arg(runbook.file).arg(runbook.line);
    for (const runbooks::Section& section : runbook.sections) {
        text += QStringLiteral("\n%1\n").arg(section.title);
        for (const runbooks::Step& step : section.steps) {
            text += QStringLiteral("  %1. %2\n").arg(step.number).arg(step.title);
            for (const QString& line :
                 step.prose.trimmed().split(QLatin1Char('\n'), Qt::SkipEmptyParts))
                text += QStringLiteral("     %1\n").arg(line);
            for (const runbooks::Block& block : step.blocks) {
                QString body = block.text.trimmed();
                body.replace(QLatin1Char('\n'), QStringLiteral("\n                 "));
                text += QStringLiteral("     %1 %2\n").arg(toString(block.kind), -10).arg(body);
            }
        }
    }
    return text;
}

/// An alert as the labels describe it; runbook_url and runbook are annotations in monitoring
/// systems.
std::optional<Alert> alertFromLabels(const QStringList& pairs) {
    Alert alert;
    for (const QString& pair : pairs) {
        const qsizetype equals = pair.indexOf(QLatin1Char('='));
        if (equals < 1 || equals + 1 == pair.size()) return std::nullopt;
        const QString label = pair.left(equals);
        alert.labels.insert(label, pair.mid(equals + 1));
        if (label.startsWith(QLatin1String("runbook")))
            alert.annotations.insert(label, pair.mid(equals + 1));
    }
    alert.key = alert.labels.value(QStringLiteral("alert_key"),
                                   alert.labels.value(QStringLiteral("alertname")));
    return alert;
}

/// Loads the library, then answers one question about it.
class Reading : public QObject {
public:
    Reading(const CommandLine& line, Clock& clock, Done done)
        : m_inventory(line.workspaceFolder(), clock),
          m_json(line.json()),
          m_done(std::move(done)) {}

    void begin(std::function<int(Reading&)> question) {
        m_inventory.reportMistakes(false);
        const workspace::Workspace& workspace = m_inventory.workspace();
        whenDone(m_library.load(workspace.runbooks, workspace.bundled), this,
                 [this, question = std::move(question)] {
                     const int status = question(*this);
                     deleteLater();
                     m_done(status);
                 });
    }

    int list() {
        QVector<QStringList> rows{{QStringLiteral("NAME"), QStringLiteral("KEYS"),
                                   QStringLiteral("TITLE"), QStringLiteral("PLACE")}};
        for (const runbooks::Runbook& runbook : m_library.runbooks())
            rows.append({runbook.name, runbook.keys.join(QLatin1Char(',')), runbook.title,
                         QStringLiteral("%1:%2").arg(runbook.file).arg(runbook.line)});
        if (m_json)
            print(QJsonDocument(listJson(m_library.runbooks())));
        else
            print(table(rows));
        return Success;
    }

    int show(const QString& name) {
        const runbooks::Runbook* runbook = m_library.find(name);
        if (!runbook) {
            complain({ErrorCode::NotFound,
                      QStringLiteral("There is no runbook “%1”. `tocsin runbook list` names them.")
                          .arg(name),
                      {}},
                     m_json);
            return Failure;
        }
        if (m_json)
            print(QJsonDocument(runbookJson(*runbook)));
        else
            print(outline(*runbook));
        return Success;
    }

    int match(const Alert& alert) {
        const runbooks::Match match = m_library.match(alert);
        if (m_json)
            print(QJsonDocument(
                QJsonObject{{QStringLiteral("name"),
                             match.runbook.isEmpty() ? QJsonValue() : QJsonValue(match.runbook)},
                            {QStringLiteral("reason"), match.reason}}));
        else if (match.runbook.isEmpty())
            complain(match.reason.isEmpty() ? QStringLiteral("No runbook answers that.")
                                            : match.reason);
        else
            print(QStringLiteral("%1\n%2").arg(match.runbook, match.reason));
        return match.runbook.isEmpty() ? Failure : Success;
    }

private:
    Inventory m_inventory;
    runbooks::Library m_library;
    bool m_json;
    Done m_done;
};

}  // namespace

void runRunbook(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("runbook");
    if (!line.read(args, done)) return;
    QStringList words = line.words();
    const QString action = words.isEmpty() ? QString() : words.takeFirst();

    std::function<int(Reading&)> question;
    if (action == QLatin1String("list") && words.isEmpty()) {
        question = &Reading::list;
    } else if (action == QLatin1String("show") && words.size() == 1) {
        question = [name = words.first()](Reading& reading) { return reading.show(name); };
    } else if (action == QLatin1String("match") && !words.isEmpty()) {
        if (const auto alert = alertFromLabels(words))
            question = [alert](Reading& reading) { return reading.match(*alert); };
    }
    if (!question) {
        line.refuse(QStringLiteral("Say “list”, “show NAME” or “match LABEL=VALUE…”."), done);
        return;
    }
    (new Reading(line, clock, done))->begin(std::move(question));
}

}  // namespace tocsin::cli

// tocsin incident export | import | stats.
#include "cli/incidentpapers.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <QSaveFile>

#include "cli/answering.h"
#include "cli/inventory.h"
#include "console/console.h"
#include "incidents/archive.h"
#include "incidents/postmortem.h"
#include "incidents/projection.h"
#include "incidents/statistics.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

constexpr int kDaysWithout = 365;

Result<QString> writeOut(const QString& path, const QByteArray& content) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return fail(ErrorCode::Disk, u"%1 cannot be written: %2."_s.arg(path, file.errorString()));
    return path;
}

Result<QString> writeExported(const QString& path, const QString& drawing,
                              const incidents::Exported& exported) {
    if (const QDir folder = QFileInfo(path).dir(); !folder.exists())
        return fail(ErrorCode::Disk,
                    u"%1 cannot be written: there is no folder %2."_s.arg(path, folder.path()));
    if (!exported.drawing.isEmpty())
        if (auto drawn = writeOut(QFileInfo(path).dir().filePath(drawing), exported.drawing);
            !drawn)
            return drawn;
    return writeOut(path, exported.content);
}

QString formatWanted(const CommandLine& line, const QString& output) {
    if (line.isSet("format")) return line.value("format");
    const QString suffix = QFileInfo(output).suffix().toLower();
    if (!suffix.isEmpty()) return suffix;
    return line.json() ? u"json"_s : u"md"_s;
}

QJsonValue seconds(const std::optional<std::chrono::milliseconds>& span) {
    return span ? QJsonValue(double(span->count()) / 1000) : QJsonValue();
}

QJsonObject figuresJson(const incidents::Figures& figures) {
    return {{u"count"_s, figures.count},
            {u"open"_s, figures.open},
            {u"mtta_s"_s, seconds(figures.meanAcknowledge)},
            {u"median_acknowledge_s"_s, seconds(figures.medianAcknowledge)},
            {u"mttr_s"_s, seconds(figures.meanResolve)},
            {u"median_resolve_s"_s, seconds(figures.medianResolve)}};
}

QJsonArray namedJson(const QVector<incidents::NamedFigures>& all) {
    QJsonArray out;
    for (const incidents::NamedFigures& one : all) {
        QJsonObject object = figuresJson(one.figures);
        object[u"name"_s] = one.name;
        out.append(object);
    }
    return out;
}

QJsonArray periodsJson(const QVector<incidents::PeriodFigures>& periods) {
    QJsonArray out;
    for (const incidents::PeriodFigures& one : periods)
        out.append(QJsonObject{{u"from"_s, one.from.toString(Qt::ISODate)},
                               {u"to"_s, one.to.toString(Qt::ISODate)},
                               {u"p1"_s, one.count[0]},
                               {u"p2"_s, one.count[1]},
                               {u"p3"_s, one.count[2]},
                               {u"p4"_s, one.count[3]},
                               {u"mttr_s"_s, seconds(one.meanResolve)}});
    return out;
}

QString spanText(const std::optional<std::chrono::milliseconds>& span) {
    return span ? incidents::spokenSpan(*span) : u"–"_s;
}

QStringList figuresRow(const QString& name, const incidents::Figures& figures) {
    return {name,
            QString::number(figures.count),
            spanText(figures.meanAcknowledge),
            spanText(figures.medianAcknowledge),
            spanText(figures.meanResolve),
            spanText(figures.medianResolve)};
}

void printStatistics(const incidents::Statistics& found, bool json) {
    if (json)
        return print(QJsonDocument(QJsonObject{{u"from"_s, found.from.toString(Qt::ISODate)},
                                               {u"to"_s, found.to.toString(Qt::ISODate)},
                                               {u"all"_s, figuresJson(found.all)},
                                               {u"by_severity"_s, namedJson(found.bySeverity)},
                                               {u"by_key"_s, namedJson(found.byKey)},
                                               {u"periods"_s, periodsJson(found.periods)}}));
    print(u"Incidents declared from %1 to %2: %3, of them %4 open."_s
              .arg(found.from.toString(Qt::ISODate), found.to.toString(Qt::ISODate))
              .arg(found.all.count)
              .arg(found.all.open));
    QVector<QStringList> rows{
        {u"OF"_s, u"COUNT"_s, u"MTTA"_s, u"MEDIAN"_s, u"MTTR"_s, u"MEDIAN"_s}};
    rows.append(figuresRow(u"all"_s, found.all));
    for (const auto* list : {&found.bySeverity, &found.byKey})
        for (const incidents::NamedFigures& one : *list)
            rows.append(figuresRow(one.name, one.figures));
    print(table(rows));
}

}  // namespace

QString wrongExport(const CommandLine& line) {
    static const QStringList known{u"md"_s, u"html"_s, u"pdf"_s, u"json"_s};
    const QString format = formatWanted(line, line.value("output"));
    if (!known.contains(format))
        return u"“%1” is not a format to export. Use md, html, pdf or json."_s.arg(format);
    if (line.isSet("output")) return {};
    if (format == u"pdf") return u"A PDF goes to a file: --output INC-1.pdf."_s;
    if (line.json() && format != u"json")
        return u"--json prints one JSON document and --format %1 another text: give one of them, "
               u"or "
               "--output FILE."_s.arg(format);
    return {};
}

void exportTo(const CommandLine& line, const std::shared_ptr<store::Database>& db, Clock& clock,
              const Done& done) {
    const QString output = line.value("output");
    const Inventory inventory(line.workspaceFolder(), clock);
    const QString drawing = QFileInfo(output).completeBaseName() + u"-timeline.svg"_s;
    const incidents::ExportWish wish{
        formatWanted(line, output), inventory.workspace().incidents.postMortem,
        inventory.workspace().name, output.isEmpty() ? QString() : drawing};
    const auto exported =
        incidents::exportIncident(*db, line.words().value(1).toUpper(), wish, clock.now());
    if (output.isEmpty())
        return answer<incidents::Exported>(
            exported, db, line.json(), done,
            [](const incidents::Exported& out) { printBytes(out.content); });
    const auto written = QFuture<Result<incidents::Exported>>(exported).then(
        QtFuture::Launch::Async,
        [output, drawing](const Result<incidents::Exported>& out) -> Result<QString> {
            if (!out) return tl::unexpected<Error>(out.error());
            return writeExported(output, drawing, *out);
        });
    answer<QString>(written, db, line.json(), done, [json = line.json()](const QString& path) {
        if (json)
            print(QJsonDocument(QJsonObject{{u"file"_s, path}}));
        else
            print(u"Written to %1."_s.arg(path));
    });
}

void importFrom(const CommandLine& line, const std::shared_ptr<store::Database>& db, Clock& clock,
                const Done& done) {
    const QString by = line.isSet("by") ? line.value("by") : console::loginName();
    answer<incidents::Record>(
        incidents::importIncident(*db, line.words().value(1), by, clock.now()), db, line.json(),
        done, [json = line.json()](const incidents::Record& record) {
            if (json)
                return print(
                    QJsonDocument(QJsonObject{{u"id"_s, record.incident.id},
                                              {u"from"_s, record.incident.importedFrom},
                                              {u"events"_s, qint64(record.events.size())},
                                              {u"messages"_s, qint64(record.messages.size())}}));
            print(u"%1 is here as %2: %3 events, %4 messages. It is a copy to read."_s
                      .arg(record.incident.importedFrom, record.incident.id)
                      .arg(record.events.size())
                      .arg(record.messages.size()));
        });
}

void showStatistics(const CommandLine& line, const std::shared_ptr<store::Database>& db,
                    Clock& clock, const Done& done) {
    const int days = line.isSet("days") ? line.value("days").toInt() : kDaysWithout;
    const QDate today = clock.now().toUTC().date();
    answer<incidents::Statistics>(
        db->read<incidents::Statistics>(
            [=](store::Transaction& tx) -> Result<incidents::Statistics> {
                auto all = incidents::Projection::list(tx, 1000000);
                if (!all) return tl::unexpected<Error>(all.error());
                return incidents::statisticsOf(*all, today.addDays(1 - days), today);
            }),
        db, line.json(), done,
        [json = line.json()](const incidents::Statistics& found) { printStatistics(found, json); });
}

}  // namespace tocsin::cli

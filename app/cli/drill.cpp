// tocsin drill [list | SCENARIO] [--headless [--rehearse]] [--speed N]
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>
#include <csignal>

#include "cli/commandline.h"
#include "cli/output.h"
#include "drill/rehearsal.h"

namespace tocsin::cli {
namespace {

constexpr double kFastest = 600;

void list(bool json, const Done& done) {
    QJsonArray array;
    QVector<QStringList> rows{
        {QStringLiteral("NAME"), QStringLiteral("ALERT"), QStringLiteral("TITLE")}};
    for (const QString& name : drill::Drill::scenarios()) {
        const auto scenario = drill::Scenario::load(name);
        if (!scenario) {
            complain(scenario.error(), json);
            done(Failure);
            return;
        }
        rows.append({name, scenario->alert, scenario->title});
        array.append(QJsonObject{{QStringLiteral("name"), name},
                                 {QStringLiteral("alert"), scenario->alert},
                                 {QStringLiteral("title"), scenario->title},
                                 {QStringLiteral("story"), scenario->story}});
    }
    if (json)
        print(QJsonDocument(array));
    else
        print(table(rows));
    done(Success);
}

/// Speed as given; nothing when it is not a number above zero and at most kFastest.
std::optional<double> speedFrom(const QString& text) {
    if (text.isEmpty()) return 1;
    bool isNumber = false;
    const double speed = text.toDouble(&isNumber);
    if (!isNumber || !(speed > 0) || speed > kFastest) return std::nullopt;
    return speed;
}

void tell(const QString& sentence, bool json) {
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (!json) return print(now.toString(QStringLiteral("hh:mm:ss ")) + redact(sentence));
    const QJsonObject line{{QStringLiteral("at"), now.toString(Qt::ISODateWithMs)},
                           {QStringLiteral("text"), redact(sentence)}};
    printBytes(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
}

/// Runs until it has ended, or for ever: an interrupt ends the program, and the drill's guardian
/// cleans up after it.
void rehearse(const QString& scenario, double speed, bool acts, bool json, const Done& done) {
    // A shell without job control starts what runs in its background deaf to interrupts.
    std::signal(SIGINT, SIG_DFL);
    auto* clock = new SystemClock(speed, QCoreApplication::instance());
    auto* rehearsal = new drill::Rehearsal({.speed = speed}, acts, *clock, clock);
    QObject::connect(rehearsal, &drill::Rehearsal::told, rehearsal,
                     [json](const QString& sentence) { tell(sentence, json); });
    QObject::connect(rehearsal, &drill::Rehearsal::ended, rehearsal, [clock, done](bool good) {
        clock->deleteLater();
        done(good ? Success : Failure);
    });
    rehearsal->start(scenario);
}

void addOptions(CommandLine& line) {
    line.addFlag(QStringLiteral("headless"),
                 QStringLiteral("without a window: print what happens"));
    line.addFlag(QStringLiteral("rehearse"),
                 QStringLiteral("with --headless: declare, end the trouble and resolve by itself"));
    line.addValue(QStringLiteral("speed"), QStringLiteral("how many times faster the clock runs"),
                  QStringLiteral("N"));
}

}  // namespace

void runDrill(const QStringList& args, Clock&, const Done& done) {
    CommandLine line("drill");
    addOptions(line);
    if (!line.read(args, done)) return;
    const QStringList words = line.words();
    if (words.isEmpty() || words == QStringList{QStringLiteral("list")})
        return list(line.json(), done);
    if (words.size() > 1) return line.refuse(QStringLiteral("Name one scenario."), done);
    const auto speed = speedFrom(line.value("speed"));
    if (!speed)
        return line.refuse(
            QStringLiteral("--speed takes a number above 0 and at most %1, not “%2”.")
                .arg(kFastest)
                .arg(line.value("speed")),
            done);
    const auto scenario = drill::Scenario::load(words.first());
    if (!scenario) return line.refuse(scenario.error().message, done);
    if (line.isSet("rehearse") && !line.isSet("headless"))
        return line.refuse(QStringLiteral("--rehearse needs --headless."), done);
    if (!line.isSet("headless"))
        return line.refuse(QStringLiteral("There is no window here; add --headless."), done);
    rehearse(words.first(), *speed, line.isSet("rehearse"), line.json(), done);
}

}  // namespace tocsin::cli

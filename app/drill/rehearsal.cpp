#include "drill/rehearsal.h"

#include <QJsonArray>

#include "sdk/async.h"

namespace tocsin::drill {
namespace {

using std::chrono::milliseconds;

// Real time for one act; a rehearsal that takes longer has gone wrong.
constexpr milliseconds kPatience{120000};

QString stateOf(const Alert& alert) {
    return QStringLiteral("%1 %2 (%3)").arg(nameOf(alert.severity), alert.key, alert.summary);
}

/// A post may be a card alone.
QString firstLineOf(const PostedMessage& message) {
    if (!message.content.isEmpty()) return message.content.section(u'\n', 0, 0);
    return message.body[u"embeds"].toArray().first().toObject()[u"title"].toString();
}

}  // namespace

Rehearsal::Rehearsal(const DrillOptions& options, bool acts, Clock& clock, QObject* parent)
    : QObject(parent), m_drill(options), m_acts(acts), m_clock(clock) {
    connect(&m_drill, &Drill::progressed, this, &Rehearsal::told);
    connect(&m_drill, &Drill::ready, this, &Rehearsal::openConsole);
    connect(&m_drill, &Drill::failed, this, [this](const Error& error) {
        emit told(error.message + (error.detail.isEmpty() ? QString() : u'\n' + error.detail));
        emit ended(false);
    });
    connect(&m_drill, &Drill::stopped, this, [this] { emit ended(m_good); });
    connect(&m_drill.discord(), &StandInDiscord::messagePosted, this, &Rehearsal::onPosted);
    if (!m_acts) return;
    const auto patience =
        milliseconds(static_cast<qint64>(static_cast<double>(kPatience.count()) * options.speed));
    m_clock.callAfter(patience, this, [this] {
        end(false, QStringLiteral("The rehearsal took too long; it stops here."));
    });
}

Rehearsal::~Rehearsal() = default;

void Rehearsal::start(const QString& scenario) {
    m_drill.start(scenario);
}

void Rehearsal::openConsole(const QString& workspaceFolder, const QString& dataFolder) {
    emit told(
        QStringLiteral("Look at it from another terminal: tocsin --workspace %1 --data %2 alerts")
            .arg(workspaceFolder, dataFolder));
    emit told(
        QStringLiteral("What Discord would show: %1").arg(m_drill.discord().url().toString()));
    using Opened = Result<std::shared_ptr<console::Console>>;
    console::Console::Options options;
    options.workspaceFolder = workspaceFolder;
    options.dataFolder = dataFolder;
    whenDone(console::Console::open(options, m_clock), this, [this](const Opened& opened) {
        if (!opened) return end(false, opened.error().message);
        use(*opened);
    });
}

void Rehearsal::use(std::shared_ptr<console::Console> console) {
    m_console = std::move(console);
    for (const workspace::Mistake& mistake : m_console->workspace().mistakes)
        emit told(QStringLiteral("tocsin.yaml:%1: %2").arg(mistake.line).arg(mistake.message));
    for (const console::Problem& problem : m_console->problems())
        emit told(
            QStringLiteral("%1 %2: %3").arg(problem.category, problem.name, problem.error.message));
    connect(&m_console->board(), &alerts::Board::changed, this, &Rehearsal::onBoardChanged);
    connect(&m_console->dispatcher(), &delivery::Dispatcher::channelStopped, this,
            [this](const QString&, const Error& why) { emit told(why.message); });
    m_console->start();
}

void Rehearsal::onBoardChanged(const alerts::BoardDiff& diff) {
    for (const Alert& alert : diff.added)
        emit told(QStringLiteral("alert: ") + stateOf(alert));
    for (const alerts::AlertId& id : diff.removed)
        emit told(QStringLiteral("cleared: ") + id.section(u'/', 0, 0) + u' ' +
                  id.section(u'/', 1));
    if (!m_acts) return;
    const QVector<Alert> firing = m_console->board().firing(m_drill.scenario().alert);
    if (m_act == Act::Waiting && !firing.isEmpty()) declare(firing.first());
    if (m_act == Act::Cured && firing.isEmpty()) resolve();
}

void Rehearsal::declare(const Alert& alert) {
    m_act = Act::Declaring;
    incidents::Declaration declaration;
    declaration.title = m_drill.scenario().title;
    declaration.priority = incidents::Priority::P1;
    declaration.commander = m_console->person();
    declaration.alerts = {alerts::alertId(alert)};
    declaration.keys = {alert.key};
    whenDone(m_console->engine().declare(declaration), this, [this](const Result<QString>& id) {
        if (!id) return end(false, id.error().message);
        m_incident = *id;
        if (m_act == Act::Declaring) m_act = Act::Declared;
        emit told(QStringLiteral("declared %1 as P1").arg(m_incident));
    });
}

void Rehearsal::onPosted(const PostedMessage& message) {
    const QString pings = message.pingedRoles.isEmpty()
                              ? QString()
                              : QStringLiteral(" (pings %1)").arg(message.pingedRoles.join(u','));
    emit told(QStringLiteral("Discord #%1%2: %3")
                  .arg(message.channel, pings, firstLineOf(message).left(120)));
    // The page may overtake the declaration's own answer.
    if (!m_acts || (m_act != Act::Declared && m_act != Act::Declaring)) return;
    if (message.pingedRoles.isEmpty()) return;
    m_act = Act::Cured;
    emit told(m_drill.scenario().cure);
    m_drill.cure();
}

void Rehearsal::resolve() {
    m_act = Act::Resolving;
    const auto resolved =
        m_console->engine().resolve(m_incident, m_console->person(), m_drill.scenario().cure);
    whenDone(resolved, this, [this](const Result<void>& done) {
        if (!done) return end(false, done.error().message);
        end(true, QStringLiteral("resolved %1; the rehearsal is over").arg(m_incident));
    });
}

void Rehearsal::end(bool good, const QString& sentence) {
    if (m_act == Act::Over) return;
    m_act = Act::Over;
    m_good = good;
    emit told(sentence);
    // Not from inside one of the console's own signals.
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_console.reset();
            m_drill.stop();
        },
        Qt::QueuedConnection);
}

}  // namespace tocsin::drill

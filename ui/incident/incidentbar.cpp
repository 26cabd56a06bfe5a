#include "ui/incident/incidentbar.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "incidents/commanderclock.h"
#include "ui/incident/incidentswitcher.h"
#include "ui/incident/ladderpanel.h"
#include "ui/incident/phaseline.h"
#include "ui/incident/phasestrip.h"
#include "ui/theme/durations.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using incidents::Incident;
using incidents::Phase;
using theme::setRole;

namespace {

/// "2 silenced until 14:00", "1 not silenced": what was acknowledged at the source.
QString silenceWords(const Incident& incident) {
    int quiet = 0, loud = 0;
    QDateTime until;
    for (const incidents::Silence& one : incident.silences) {
        ++(one.id.isEmpty() ? loud : quiet);
        if (!one.id.isEmpty() && (!until.isValid() || one.until < until)) until = one.until;
    }
    QStringList words;
    if (quiet > 0)
        words << IncidentBar::tr("%1 silenced until %2")
                     .arg(quiet)
                     .arg(until.toUTC().toString(u"HH:mm"_s));
    if (loud > 0) words << IncidentBar::tr("%1 could not be silenced").arg(loud);
    return words.join(u", "_s);
}

}  // namespace

IncidentBar::IncidentBar(theme::Theme& theme, theme::Ticker& ticker,
                         const IncidentActions::Services& services, QWidget* parent)
    : QFrame(parent),
      m_theme(theme),
      m_services(services),
      m_actions(new IncidentActions(services)) {
    setObjectName(u"incidentBar"_s);
    setAccessibleName(tr("Incident"));
    setRole(this, u"incident"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 10, 16, 10);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setSpacing(18);
    m_ladder = new LadderPanel(theme, m_actions->ladder());
    row->addWidget(buildTitle(), 3);
    row->addWidget(m_ladder, 5);
    row->addWidget(buildClock(), 0);
    m_switcher = new IncidentSwitcher(theme, services.current, services.journal);
    m_strip = new PhaseStrip(theme, ticker, services);
    column->addWidget(m_switcher);
    column->addLayout(row);
    column->addWidget(m_strip);
    column->addWidget(m_actions);
    connect(m_strip, &PhaseStrip::assessRequested, m_actions, &IncidentActions::assess);
    connect(m_strip, &PhaseStrip::taskRequested, m_actions, &IncidentActions::addTask);
    connect(m_strip, &PhaseStrip::taskChosen, m_actions, &IncidentActions::answerTask);
    connect(m_strip, &PhaseStrip::updateRequested, this, &IncidentBar::updateRequested);

    connect(&services.current, &CurrentIncident::changed, this, &IncidentBar::refresh);
    // Ten thousand ladders may move at once: only the one in front is drawn.
    connect(&services.engine, &escalation::Engine::ladderChanged, this,
            [this](const escalation::Ladder& ladder) {
                if (ladder.incident == m_services.current.id()) refresh();
            });
    connect(m_ladder, &LadderPanel::simulationRequested, this, [this] {
        if (const auto& incident = m_services.current.incident())
            emit simulationRequested(incident->priority);
    });
    connect(&ticker, &theme::Ticker::ticked, this, &IncidentBar::tick);
    refresh();
}

QWidget* IncidentBar::buildTitle() {
    auto* block = new QWidget;
    auto* column = new QVBoxLayout(block);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);

    auto* first = new QHBoxLayout;
    first->setSpacing(8);
    m_priority = new QLabel;
    m_priority->setObjectName(u"incidentPriority"_s);
    setRole(m_priority, u"badge"_s);
    m_title = new theme::ElidedLabel;
    m_title->setObjectName(u"incidentTitle"_s);
    setRole(m_title, u"title"_s);
    first->addWidget(m_priority);
    first->addWidget(m_title, 1);

    auto* second = new QHBoxLayout;
    second->setSpacing(6);
    m_phase = new PhaseLine(m_theme);
    m_next = button(u"phaseNext"_s, tr("Next"), u"ghost"_s, &IncidentActions::advance);
    second->addWidget(m_phase);
    second->addStretch(1);

    m_meta = new theme::ElidedLabel;
    m_meta->setObjectName(u"incidentMeta"_s);
    setRole(m_meta, u"muted"_s);
    column->addLayout(first);
    auto* third = new QHBoxLayout;
    third->setSpacing(8);
    third->addWidget(m_meta, 1);
    third->addWidget(m_next);
    column->addLayout(second);
    column->addLayout(third);
    return block;
}

QWidget* IncidentBar::buildClock() {
    auto* block = new QWidget;
    auto* column = new QVBoxLayout(block);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_timer = new QLabel;
    m_timer->setObjectName(u"incidentTimer"_s);
    setRole(m_timer, u"timer"_s);
    m_updateDue = new QLabel;
    m_updateDue->setObjectName(u"updateDue"_s);
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    row->addStretch(1);
    row->addWidget(m_timer, 0, Qt::AlignVCenter);
    row->addWidget(m_updateDue, 0, Qt::AlignVCenter);
    column->addLayout(row);
    column->addWidget(buildButtons());
    return block;
}

QWidget* IncidentBar::buildButtons() {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addStretch(1);
    m_hold = button(u"holdButton"_s, tr("Hold…"), {}, &IncidentActions::hold);
    m_escalate = button(u"escalateNow"_s, tr("Escalate now"), {}, &IncidentActions::escalate);
    m_handOver = button(u"handOverButton"_s, tr("Hand over…"), {}, &IncidentActions::handOver);
    m_resolve = button(u"resolveButton"_s, tr("Resolve…"), u"primary"_s, &IncidentActions::resolve);
    m_export = button(u"exportPostMortem"_s, tr("Export post-mortem…"), u"primary"_s,
                      &IncidentActions::exportPostMortem);
    m_dismiss = new QPushButton(tr("Done"));
    m_dismiss->setObjectName(u"dismissIncident"_s);
    m_dismiss->setAccessibleName(tr("Leave this incident"));
    connect(m_dismiss, &QPushButton::clicked, &m_services.current, &CurrentIncident::dismiss);
    m_reopen = button(u"reopenButton"_s, tr("Reopen…"), {}, &IncidentActions::reopen);
    for (QPushButton* each :
         {m_hold, m_escalate, m_handOver, m_resolve, m_reopen, m_export, m_dismiss})
        layout->addWidget(each);
    return row;
}

QPushButton* IncidentBar::button(const QString& name, const QString& text, const QString& role,
                                 void (IncidentActions::*what)()) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAccessibleName(text);
    if (!role.isEmpty()) setRole(made, role);
    connect(made, &QPushButton::clicked, m_actions, what);
    return made;
}

void IncidentBar::refresh() {
    const auto& incident = m_services.current.incident();
    if (!incident) return hide();
    const auto ladder = m_services.engine.ladder(incident->id);
    m_priority->setText(nameOf(incident->priority));
    m_title->setText(incident->title);
    m_title->setAccessibleName(incident->title);
    m_phase->setPhase(incident->phase);
    m_meta->setText(metaLine(*incident));
    m_ladder->setLadder(ladder, incident->declaredAt);
    refreshButtons(*incident, ladder.held);
    tick(m_services.clock.now());
    // Last, or buttons that are about to hide would make the window grow. Before it has a place it
    // would be a window of its own.
    if (parentWidget()) show();
}

void IncidentBar::refreshButtons(const Incident& incident, bool held) {
    const bool open = incident.isOpen();
    for (QPushButton* each : {m_hold, m_escalate, m_handOver, m_resolve, m_next})
        each->setVisible(open);
    for (QPushButton* each : {m_export, m_dismiss})
        each->setVisible(!open);
    m_reopen->setVisible(!open && incident.mergedInto.isEmpty());
    m_hold->setText(held ? tr("Release") : tr("Hold…"));
    const QString next = incident.phase == Phase::Acknowledge ? tr("Acknowledge")
                         : incident.phase == Phase::Resolve
                             ? tr("Resolve…")
                             : tr("%1 ›").arg(phaseTitle(Phase(int(incident.phase) + 1)));
    m_next->setText(next);
    m_next->setAccessibleName(tr("Next phase: %1").arg(next));
    m_next->setVisible(open && incident.phase < Phase::Resolve);
    const bool silences = incident.phase == Phase::Acknowledge && !incident.alerts.isEmpty() &&
                          m_services.practice.silence.count() > 0;
    m_next->setToolTip(silences ? tr("Stops the ladder, and silences the attached alerts at "
                                     "sources that can, for %1 min.")
                                      .arg(m_services.practice.silence.count() / 60)
                                : QString());
    setRole(m_next, incident.phase == Phase::Acknowledge ? u"primary"_s : u"ghost"_s);
}

QString IncidentBar::metaLine(const Incident& incident) const {
    const QString who = incident.commander.isEmpty() ? tr("nobody commands")
                        : incident.commander == m_services.person
                            ? tr("you command")
                            : tr("%1 commands").arg(incident.commander);
    QStringList parts{incident.id, who};
    if (!incident.mergedInto.isEmpty())
        parts << tr("merged into %1").arg(incident.mergedInto);
    else if (!incident.isOpen())
        parts << tr("resolved %1 UTC").arg(incident.resolvedAt.toUTC().toString(u"HH:mm:ss"_s));
    if (incident.isOpen() && incident.reopenings > 0) parts << tr("reopened");
    parts << silenceWords(incident);
    parts.removeAll(QString());
    if (!incident.channel.isEmpty()) parts << u'#' + incident.channel;
    if (!incident.keys.isEmpty()) parts << incident.keys.join(u", "_s);
    return parts.join(u" · "_s);
}

void IncidentBar::tick(const QDateTime& now) {
    const auto& incident = m_services.current.incident();
    if (!incident) return;
    m_ladder->setNow(now);
    const QDateTime end = incident->isOpen() ? now : incident->resolvedAt;
    m_timer->setText(theme::timerText(theme::between(incident->declaredAt, end)));
    m_updateDue->setVisible(incident->isOpen() || incident->verification.since.isValid());
    if (!incident->isOpen()) return tickVerification(*incident, now);
    const auto rhythm = m_services.practice.rhythm(incident->priority);
    const auto left = theme::between(now, incidents::nextUpdateDue(*incident, now, rhythm));
    const bool late = left.count() <= 0;
    m_updateDue->setText((late ? tr("update overdue by %1") : tr("update due in %1"))
                             .arg(theme::countdownText(left)));
    setRole(m_updateDue, late ? u"criticalChip"_s : left < 5min ? u"warning"_s : u"muted"_s);
}

void IncidentBar::tickVerification(const Incident& incident, const QDateTime& now) {
    if (!incident.verification.isRunning()) {
        m_updateDue->setText(tr("✓ stayed clear"));
        return setRole(m_updateDue, u"okChip"_s);
    }
    if (!m_services.verifier) return m_updateDue->hide();
    const auto outlook = m_services.verifier->outlook(incident);
    // Short here, whole in the tool tip: the bar must fit small screens.
    m_updateDue->setToolTip((outlook.firing + outlook.unknown).join(u", "_s));
    if (outlook.firing.size() == 1)
        m_updateDue->setText(tr("%1 still fires").arg(outlook.firing.first()));
    else if (!outlook.firing.isEmpty())
        m_updateDue->setText(tr("%1 keys still fire").arg(outlook.firing.size()));
    else if (!outlook.unknown.isEmpty())
        m_updateDue->setText(tr("%1 does not answer").arg(outlook.unknown.first()));
    else
        m_updateDue->setText(tr("clear, verified in %1")
                                 .arg(theme::countdownText(theme::between(now, outlook.until))));
    setRole(m_updateDue, outlook.isClear() ? u"ok"_s : u"warningChip"_s);
}

}  // namespace tocsin::ui

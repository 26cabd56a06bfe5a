#include "ui/incident/ladderactions.h"

#include <QVBoxLayout>

#include "escalation/turn.h"
#include "escalation/wording.h"
#include "sdk/async.h"
#include "ui/incident/inlineform.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using escalation::Ladder;
using escalation::Rung;
using incidents::Priority;
using std::chrono::milliseconds;

namespace {

const QVector<milliseconds>& holdSpans() {
    static const QVector<milliseconds> all{10min, 20min, 30min, 1h, 2h};
    return all;
}

const QVector<milliseconds>& silences() {
    static const QVector<milliseconds> all{15min, 30min, 1h, 2h};
    return all;
}

QStringList spokenAll(const QVector<milliseconds>& spans) {
    QStringList out;
    for (const milliseconds& span : spans)
        out.append(escalation::spoken(span));
    return out;
}

QString whomOf(const Rung& rung) {
    return rung.mention.isEmpty() ? rung.name : u"%1 (@%2)"_s.arg(rung.name, rung.mention);
}

/// Who would be paged at once after that change.
QStringList pagedBy(Ladder ladder, const QDateTime& now) {
    QStringList whom;
    while (const auto turn = escalation::nextTurn(ladder, now)) {
        if (turn->kind == escalation::Turn::Kind::Silence) break;
        const Rung* rung = escalation::rungAt(ladder, turn->page.level);
        if (rung && escalation::pages(*turn)) whom.append(whomOf(*rung));
        ladder = escalation::taken(ladder, *turn, {}, now);
    }
    return whom;
}

}  // namespace

LadderActions::LadderActions(CurrentIncident& current, escalation::Engine& engine, Clock& clock,
                             const QString& person, QWidget* parent)
    : QWidget(parent),
      m_current(current),
      m_engine(engine),
      m_clock(clock),
      m_person(person),
      m_column(new QVBoxLayout(this)) {
    setObjectName(u"ladderActions"_s);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    buildEscalate();
    buildHold();
    buildAcknowledge();
    buildPriority();
    connect(&current, &CurrentIncident::switched, this, &LadderActions::close);
}

InlineForm* LadderActions::add(InlineForm* form) {
    m_column->addWidget(form);
    connect(form, &InlineForm::cancelled, this, &LadderActions::close);
    return form;
}

void LadderActions::open(InlineForm* form) {
    if (m_open && m_open != form) m_open->hide();
    m_open = form;
    emit opened();
    form->ask();
}

void LadderActions::close() {
    if (!m_open) return;
    m_open->hide();
    m_open = nullptr;
    emit closed();
}

void LadderActions::follow(const QFuture<Result<void>>& answer, InlineForm* form) {
    if (form) form->setBusy(true);
    whenDone(answer, this, [this, form](const Result<void>& result) {
        if (!result)
            form ? form->showError(result.error().message) : emit failed(result.error());
        else if (form && form == m_open)
            close();
    });
}

void LadderActions::buildEscalate() {
    m_escalate = add(new InlineForm(u"escalateForm"_s, tr("Page")));
    m_level = m_escalate->addChoice(u"escalateLevel"_s, tr("Level"), {});
    m_escalate->setConfirm(u"escalateConfirm"_s, tr("Page now"), u"danger"_s);
    connect(m_level, &QComboBox::currentIndexChanged, this, &LadderActions::tellEscalation);
    connect(m_escalate, &InlineForm::confirmed, this, [this] {
        follow(m_engine.escalateNow(m_current.id(), m_person, m_level->currentData().toInt()),
               m_escalate);
    });
}

void LadderActions::fillLevels(const Ladder& ladder) {
    const QSignalBlocker quiet(m_level);
    m_level->clear();
    for (const Rung& rung : ladder.rungs)
        m_level->addItem(u"%1 %2"_s.arg(rung.level).arg(rung.name), rung.level);
}

void LadderActions::escalate(int level) {
    if (!m_current.isOpen()) return;
    const Ladder now = ladder();
    if (now.rungs.isEmpty())
        return emit failed(
            {ErrorCode::NotFound,
             tr("There is no ladder: name levels under “escalation” in tocsin.yaml."),
             {}});
    const auto next = escalation::nextByHand(now, m_clock.now());
    fillLevels(now);
    const int proposed = level > 0 ? level : next ? next->level : now.rungs.last().level;
    m_level->setCurrentIndex(m_level->findData(proposed));
    tellEscalation();
    open(m_escalate);
}

void LadderActions::tellEscalation() {
    const Ladder now = ladder();
    const Rung* rung = escalation::rungAt(now, m_level->currentData().toInt());
    if (!rung) return;
    const Ladder after = escalation::passedOver(now, rung->level, m_person);
    QStringList over;
    for (const Rung& one : after.rungs)
        if (one.level < rung->level && one != *escalation::rungAt(now, one.level))
            over.append(QString::number(one.level));
    QString sentence =
        rung->times > 0 ? tr("Page level %1, %2, again now?") : tr("Page level %1, %2, now?");
    sentence = sentence.arg(rung->level).arg(whomOf(*rung));
    if (!over.isEmpty()) sentence += tr(" Level %1 is passed over.").arg(over.join(u", "_s));
    m_escalate->setSentence(sentence);
}

void LadderActions::buildHold() {
    m_hold = add(new InlineForm(u"holdForm"_s, tr("Hold the escalation for")));
    m_span = m_hold->addChoice(u"holdSpan"_s, tr("How long"), spokenAll(holdSpans()));
    m_span->setCurrentIndex(1);
    m_until = m_hold->addField(u"holdUntil"_s, tr("Until, UTC"), tr("or until, as 14:30 UTC"));
    m_reason = m_hold->addField(u"holdReason"_s, tr("Reason"),
                                tr("why nobody else needs to be paged yet"));
    m_hold->setConfirm(u"holdConfirm"_s, tr("Hold"), u"primary"_s);
    connect(m_until, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_span->setEnabled(text.trimmed().isEmpty()); });
    connect(m_hold, &InlineForm::confirmed, this, [this] {
        const QString why = m_reason->text().trimmed();
        if (why.isEmpty()) return m_hold->showError(tr("Say why; it goes into the timeline."));
        const QDateTime end = holdEnd();
        if (!end.isValid())
            return m_hold->showError(tr("Until when? Write a time of day in UTC, such as 14:30."));
        follow(m_engine.hold(m_current.id(), m_person, why, end), m_hold);
    });
}

QDateTime LadderActions::holdEnd() const {
    const QDateTime now = m_clock.now();
    const QString text = m_until->text().trimmed();
    if (text.isEmpty()) return now.addMSecs(holdSpans().at(m_span->currentIndex()).count());
    const QTime time = QTime::fromString(text, u"H:mm"_s);
    if (!time.isValid()) return {};
    const QDateTime today(now.date(), time, Qt::UTC);
    return today > now ? today : today.addDays(1);
}

void LadderActions::hold() {
    if (!m_current.isOpen()) return;
    if (ladder().held) return follow(m_engine.release(m_current.id(), m_person), nullptr);
    m_until->clear();
    open(m_hold);
}

void LadderActions::buildAcknowledge() {
    m_acknowledge =
        add(new InlineForm(u"acknowledgeForm"_s, tr("Acknowledge. The ladder goes on")));
    m_silence = m_acknowledge->addChoice(u"acknowledgeSilence"_s, tr("After which silence"), {});
    m_acknowledge->setConfirm(u"acknowledgeConfirm"_s, tr("Acknowledge"), u"primary"_s);
    connect(m_acknowledge, &InlineForm::confirmed, this, [this] {
        const qint64 ms = m_silence->currentData().toLongLong();
        std::optional<milliseconds> silence;
        if (ms > 0) silence = milliseconds(ms);
        follow(m_engine.acknowledge(m_current.id(), m_person, silence), m_acknowledge);
    });
}

void LadderActions::acknowledge() {
    if (!m_current.isOpen()) return;
    const auto usual = ladder().ackTimeout;
    m_silence->clear();
    m_silence->addItem(usual
                           ? tr("when nobody does anything for %1").arg(escalation::spoken(*usual))
                           : tr("only by hand"),
                       0);
    for (const milliseconds& silence : silences())
        if (silence != usual)
            m_silence->addItem(
                tr("when nobody does anything for %1").arg(escalation::spoken(silence)),
                qint64{silence.count()});
    open(m_acknowledge);
}

void LadderActions::buildPriority() {
    m_priority = add(new InlineForm(u"severityForm"_s, tr("Change the severity to")));
    m_severity = m_priority->addChoice(u"severityChoice"_s, tr("Severity"),
                                       {u"P1"_s, u"P2"_s, u"P3"_s, u"P4"_s});
    m_priority->setConfirm(u"severityConfirm"_s, tr("Change"), u"primary"_s);
    connect(m_severity, &QComboBox::currentIndexChanged, this, &LadderActions::tellPriority);
    connect(m_priority, &InlineForm::confirmed, this, [this] {
        const auto chosen = static_cast<Priority>(m_severity->currentIndex() + 1);
        follow(m_engine.changePriority(m_current.id(), m_person, chosen), m_priority);
    });
}

void LadderActions::changePriority() {
    if (!m_current.isOpen()) return;
    m_severity->setCurrentIndex(static_cast<int>(m_current.incident()->priority) - 1);
    tellPriority();
    open(m_priority);
}

void LadderActions::tellPriority() {
    const auto& incident = m_current.incident();
    if (!incident) return;
    const auto chosen = static_cast<Priority>(m_severity->currentIndex() + 1);
    if (chosen == incident->priority)
        return m_priority->setSentence(tr("It is %1. Change the severity to").arg(nameOf(chosen)));
    const QDateTime now = m_clock.now();
    const Ladder after =
        escalation::replanned(ladder(), m_engine.policy(), incident->priority, chosen, now);
    const QStringList whom = pagedBy(after, now);
    const QString effect =
        whom.isEmpty() ? tr("nobody is paged now") : tr("pages %1 now").arg(whom.join(u", "_s));
    m_priority->setSentence(
        tr("%1 → %2 %3. Change to").arg(nameOf(incident->priority), nameOf(chosen), effect));
}

}  // namespace tocsin::ui

// The questions about the case itself: how bad it is, who does what, whether it is another one's.
#include <QLabel>

#include "incidents/deeds.h"
#include "ui/incident/incidentactions.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using incidents::Assessment;
using incidents::Incident;

namespace {

struct Pause {
    QString title;
    std::chrono::seconds span;
};

QVector<Pause> pauses() {
    return {{u"5 min"_s, 5min},   {u"10 min"_s, 10min}, {u"15 min"_s, 15min},
            {u"20 min"_s, 20min}, {u"30 min"_s, 30min}, {u"1 h"_s, 1h}};
}

QStringList titlesOf(const QVector<Pause>& pauses, const QString& before) {
    QStringList titles;
    for (const Pause& each : pauses)
        titles << before.arg(each.title);
    return titles;
}

/// The first post, from what is known.
QString firstPost(const Incident& incident, const Assessment& assessment) {
    QStringList lines{u"%1 %2"_s.arg(nameOf(incident.priority), incident.title)};
    const auto line = [&](const QString& label, const QString& text) {
        if (!text.isEmpty()) lines << label.arg(text);
    };
    line(IncidentActions::tr("Impact: %1"), assessment.impact);
    line(IncidentActions::tr("Users affected: %1"), assessment.users);
    line(IncidentActions::tr("Services: %1"), assessment.services);
    line(IncidentActions::tr("Error rate: %1"), assessment.errorRate);
    lines << IncidentActions::tr("We are investigating. %1 commands.").arg(incident.commander);
    return lines.join(u'\n');
}

}  // namespace

void IncidentActions::buildAssess() {
    m_assess = add(new InlineForm(u"assessForm"_s, tr("How bad is it?")));
    auto* impact = m_assess->addField(u"assessImpact"_s, tr("Impact"), tr("what people notice"));
    auto* users = m_assess->addField(u"assessUsers"_s, tr("Users affected"), tr("how many, which"));
    auto* services = m_assess->addField(u"assessServices"_s, tr("Services"), tr("services"));
    auto* rate = m_assess->addField(u"assessRate"_s, tr("Error rate"), tr("error rate"));
    for (QLineEdit* narrow : {users, services, rate})
        narrow->setMinimumWidth(80);
    m_assess->setConfirm(u"assessConfirm"_s, tr("Record and draft"), u"primary"_s);
    connect(m_assess, &InlineForm::confirmed, this, [=, this] {
        const auto& incident = m_services.current.incident();
        if (!incident) return;
        const Assessment said{impact->text().trimmed(), users->text().trimmed(),
                              services->text().trimmed(), rate->text().trimmed()};
        const QString draft = firstPost(*incident, said);
        const auto recorded =
            m_services.journal.record(incident->id, m_services.person, incidents::assess(said));
        follow(recorded, m_assess);
        whenDone(recorded, this, [this, draft](const Result<incidents::Event>& done) {
            if (done) emit postDrafted(draft);
        });
    });
}

void IncidentActions::buildTask() {
    m_task = add(new InlineForm(u"taskForm"_s, tr("Task")));
    auto* text =
        m_task->addField(u"taskText"_s, tr("What is to be done"), tr("what is to be done"));
    auto* owner = m_task->addField(u"taskOwner"_s, tr("Who does it"), tr("who"));
    owner->setMinimumWidth(70);
    owner->setMaximumWidth(160);
    auto* box =
        m_task->addChoice(u"taskBox"_s, tr("Time box"), titlesOf(pauses(), tr("within %1")));
    box->setCurrentIndex(2);
    auto* back = m_task->addChoice(u"taskCheckBack"_s, tr("Check-back"),
                                   titlesOf(pauses(), tr("check back in %1")));
    back->setCurrentIndex(1);
    m_task->setConfirm(u"taskConfirm"_s, tr("Give it"), u"primary"_s);
    connect(m_task, &InlineForm::confirmed, this, [=, this] {
        const incidents::TaskDraft draft{text->text(), owner->text(),
                                         pauses().at(box->currentIndex()).span,
                                         pauses().at(back->currentIndex()).span};
        follow(m_services.journal.record(m_services.current.id(), m_services.person,
                                         incidents::addTask(draft)),
               m_task);
    });
}

void IncidentActions::buildAnswer() {
    m_answer = add(new InlineForm(u"answerForm"_s, tr("How does it go?")));
    auto* said = m_answer->addField(u"answerText"_s, tr("What was said"), tr("what was said"));
    QStringList choices{tr("it is done"), tr("it is dropped")};
    choices = titlesOf(pauses(), tr("goes on, again in %1")) + choices;
    auto* next = m_answer->addChoice(u"answerNext"_s, tr("What follows"), choices);
    next->setCurrentIndex(1);
    m_answer->setConfirm(u"answerConfirm"_s, tr("Record"), u"primary"_s);
    connect(m_answer, &InlineForm::confirmed, this, [=, this] {
        const QString words = said->text().trimmed();
        const int chosen = next->currentIndex(), spans = int(pauses().size());
        incidents::Deed deed = incidents::dropTask(m_answered, words);
        if (chosen < spans)
            deed = incidents::checkTask(m_answered, words, pauses().at(chosen).span);
        else if (chosen == spans)
            deed = incidents::finishTask(m_answered, words);
        follow(m_services.journal.record(m_services.current.id(), m_services.person, deed),
               m_answer);
    });
}

void IncidentActions::buildReopen() {
    m_reopen = add(new InlineForm(u"reopenForm"_s, tr("Reopen? The ladder starts anew.")));
    auto* why = m_reopen->addField(u"reopenReason"_s, tr("Reason"), tr("what came back"));
    m_reopen->setConfirm(u"reopenConfirm"_s, tr("Reopen and page"), u"danger"_s);
    connect(m_reopen, &InlineForm::confirmed, this, [this, why] {
        follow(m_services.engine.reopen(m_services.current.id(), m_services.person,
                                        why->text().trimmed()),
               m_reopen);
    });
}

void IncidentActions::buildMerge() {
    m_merge = add(new InlineForm(u"mergeForm"_s, tr("Merge into")));
    auto* into = m_merge->addChoice(u"mergeInto"_s, tr("Which incident goes on"), {});
    m_merge->setConfirm(u"mergeConfirm"_s, tr("Merge"), u"danger"_s);
    connect(m_merge, &InlineForm::confirmed, this, [this, into] {
        const QString stays = into->currentData().toString();
        const auto merged =
            m_services.engine.merge(m_services.current.id(), stays, m_services.person);
        follow(merged, m_merge);
        whenDone(merged, this, [this, stays](const Result<void>& done) {
            if (done) m_services.current.select(stays);
        });
    });
}

void IncidentActions::assess() {
    const auto& incident = m_services.current.incident();
    if (!incident || !incident->isOpen()) return;
    const Assessment& known = incident->assessment;
    m_assess->findChild<QLineEdit*>(u"assessImpact"_s)->setText(known.impact);
    m_assess->findChild<QLineEdit*>(u"assessUsers"_s)->setText(known.users);
    m_assess->findChild<QLineEdit*>(u"assessServices"_s)->setText(known.services);
    m_assess->findChild<QLineEdit*>(u"assessRate"_s)->setText(known.errorRate);
    open(m_assess);
}

void IncidentActions::addTask() {
    if (!m_services.current.isOpen()) return;
    for (const QString& field : {u"taskText"_s, u"taskOwner"_s})
        m_task->findChild<QLineEdit*>(field)->clear();
    open(m_task);
}

void IncidentActions::answerTask(int number) {
    const auto& incident = m_services.current.incident();
    if (!incident || !incident->isOpen()) return;
    for (const incidents::Task& task : incident->tasks) {
        if (task.number != number || !task.isOpen()) continue;
        m_answered = number;
        const QString whom = task.owner.isEmpty() ? tr("Task %1").arg(number) : task.owner;
        m_answer->setSentence(u"%1: %2"_s.arg(whom, task.text));
        m_answer->findChild<QLineEdit*>(u"answerText"_s)->clear();
        return open(m_answer);
    }
}

void IncidentActions::reopen() {
    const auto& incident = m_services.current.incident();
    if (incident && !incident->isOpen()) open(m_reopen);
}

void IncidentActions::merge() {
    if (!m_services.current.isOpen()) return;
    auto* into = m_merge->findChild<QComboBox*>(u"mergeInto"_s);
    into->clear();
    for (const Incident& each : m_services.journal.open())
        if (each.id != m_services.current.id())
            into->addItem(u"%1 %2"_s.arg(each.id, each.title.left(60)), each.id);
    if (into->count() == 0)
        return complain({ErrorCode::NotFound, tr("No other incident is open."), {}});
    m_merge->setSentence(tr("End %1 and go on in").arg(m_services.current.id()));
    open(m_merge);
}

}  // namespace tocsin::ui

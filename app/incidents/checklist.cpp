#include "incidents/checklist.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

/// Gathers the items of one phase.
class Items {
public:
    Items(const Incident& incident, Phase phase) : m_incident(incident), m_phase(nameOf(phase)) {}

    Items& byHand(const QString& id, const QString& text) {
        m_items.append({id, text, m_incident.checked.contains(m_phase + u'/' + id), false});
        return *this;
    }
    Items& byItself(const QString& id, const QString& text, bool done) {
        m_items.append({id, text, done, true});
        return *this;
    }
    const QVector<ChecklistItem>& all() const { return m_items; }

private:
    const Incident& m_incident;
    QString m_phase;
    QVector<ChecklistItem> m_items;
};

bool everyTaskHasAnOwner(const Incident& incident) {
    return !incident.tasks.isEmpty() &&
           std::all_of(incident.tasks.begin(), incident.tasks.end(), [](const Task& task) {
               return !task.isOpen() || (!task.owner.isEmpty() && task.checkBackAt.isValid());
           });
}

bool noTaskIsOpen(const Incident& incident) {
    return std::none_of(incident.tasks.begin(), incident.tasks.end(),
                        [](const Task& task) { return task.isOpen(); });
}

bool isAcknowledged(const Incident& incident) {
    return incident.acknowledgedAt.isValid() && incident.phase != Phase::Acknowledge;
}

}  // namespace

QVector<ChecklistItem> checklist(const Incident& incident, Phase phase) {
    Items items(incident, phase);
    switch (phase) {
        case Phase::Acknowledge:
            return items.byItself(u"acknowledged"_s, u"somebody has it"_s, isAcknowledged(incident))
                .byItself(u"commander"_s, u"one person commands"_s, !incident.commander.isEmpty())
                .byHand(u"duplicate"_s, u"no other incident covers it"_s)
                .all();
        case Phase::Assess:
            return items.byItself(u"impact"_s, u"impact known"_s, !incident.assessment.isEmpty())
                .byHand(u"severity"_s, u"severity is right"_s)
                .byItself(u"roles"_s, u"roles given"_s, !incident.roles.isEmpty())
                .byItself(u"told"_s, u"first update posted"_s, incident.lastUpdateAt.isValid())
                .all();
        case Phase::Investigate:
            return items.byHand(u"changes"_s, u"recent changes looked at"_s)
                .byHand(u"vendors"_s, u"vendors looked at"_s)
                .byHand(u"runbook"_s, u"runbook followed"_s)
                .byItself(u"tasks"_s, u"tasks have owner and check-back"_s,
                          everyTaskHasAnOwner(incident))
                .all();
        case Phase::Resolve:
            return items.byHand(u"effect"_s, u"the fix shows in the numbers"_s)
                .byHand(u"undone"_s, u"emergency changes undone or noted"_s)
                .byItself(u"tasks"_s, u"no task is open"_s, noTaskIsOpen(incident))
                .all();
        case Phase::PostMortem:
            break;
    }
    return items
        .byItself(u"clear"_s, u"alerts stayed clear"_s, incident.verification.verifiedAt.isValid())
        .byHand(u"review"_s, u"review has a date and an owner"_s)
        .byHand(u"runbook"_s, u"runbook improved"_s)
        .all();
}

}  // namespace tocsin::incidents

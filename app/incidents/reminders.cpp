#include "incidents/reminders.h"

#include <algorithm>

#include "incidents/commanderclock.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

using std::chrono::milliseconds;

// A wall clock that crept is noticed within a minute.
constexpr milliseconds kLongestWait{60 * 1000};

QString identity(const DueItem& item) {
    return u"%1/%2/%3/%4"_s.arg(item.incident)
        .arg(static_cast<int>(item.kind))
        .arg(item.task)
        .arg(item.at.toMSecsSinceEpoch());
}

}  // namespace

QVector<DueItem> dueItems(const Incident& incident, const QDateTime& now,
                          const UpdateRhythm& rhythm) {
    QVector<DueItem> items;
    if (!incident.isOpen()) return items;
    items.append({DueKind::Update, incident.id, 0, {}, nextUpdateDue(incident, now, rhythm)});
    for (const Task& task : incident.tasks) {
        if (!task.isOpen()) continue;
        if (task.checkBackAt.isValid())
            items.append(
                {DueKind::CheckBack, incident.id, task.number, task.text, task.checkBackAt});
        if (task.boxEndsAt.isValid() && task.boxEndsAt != task.checkBackAt)
            items.append({DueKind::TimeBox, incident.id, task.number, task.text, task.boxEndsAt});
    }
    std::stable_sort(items.begin(), items.end(),
                     [](const DueItem& a, const DueItem& b) { return a.at < b.at; });
    return items;
}

Reminders::Reminders(Journal& journal, Practice practice, Clock& clock, QObject* parent)
    : QObject(parent), m_journal(journal), m_practice(std::move(practice)), m_clock(clock) {
    connect(&m_journal, &Journal::incidentChanged, this, &Reminders::look);
    connect(&m_clock, &Clock::jumped, this, &Reminders::look);
}

void Reminders::start() {
    m_started = true;
    look();
}

void Reminders::look() {
    if (!m_started) return;
    const QDateTime now = m_clock.now();
    QDateTime next;
    const QVector<Incident> open = m_journal.open();  // a listener may change the journal
    for (const Incident& incident : open)
        for (const DueItem& item : dueItems(incident, now, m_practice.rhythm(incident.priority))) {
            if (item.at <= now)
                say(incident, item);
            else if (!next.isValid() || item.at < next)
                next = item.at;
        }
    if (!next.isValid()) return;
    const milliseconds left(now.msecsTo(next));
    m_clock.callAfter(std::min(left, kLongestWait), this, [this, alarm = ++m_armed] {
        if (alarm == m_armed) look();
    });
}

void Reminders::say(const Incident& incident, const DueItem& item) {
    const QString what = identity(item);
    if (m_said.contains(what)) return;
    m_said.insert(what);
    if (item.kind == DueKind::Update) return emit updateDue(incident.id, item.at);
    const Task task = incident.tasks.value(item.task - 1);
    if (item.kind == DueKind::CheckBack)
        emit checkBackDue(incident.id, task);
    else
        emit timeBoxOver(incident.id, task);
}

}  // namespace tocsin::incidents

#include "incidents/lessons.h"

#include <QJsonArray>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

class LessonList {
public:
    void add(Lesson::Kind kind, const QString& runbook, const QString& step, const QString& text) {
        const QString once = u"%1\n%2\n%3"_s.arg(int(kind)).arg(runbook, step);
        if (step.isEmpty() || m_known.contains(once)) return;
        m_known.insert(once);
        m_lessons.append({kind, runbook, step, text});
    }
    QVector<Lesson> take() { return m_lessons; }

private:
    QVector<Lesson> m_lessons;
    QSet<QString> m_known;
};

void learnFromRun(LessonList& lessons, const Event& event) {
    const QJsonObject step = event.detail[u"step"_s].toObject();
    const QString runbook = step[u"runbook"_s].toString(), title = step[u"title"_s].toString();
    if (step[u"edited"_s].toBool())
        lessons.add(
            Lesson::Kind::Edited, runbook, title,
            u"“%1” was edited before it ran. Does the runbook say it as it should?"_s.arg(title));
    if (step[u"state"_s].toString() == u"failed")
        lessons.add(Lesson::Kind::Failed, runbook, title,
                    u"“%1” failed: %2"_s.arg(title, event.text.section(u": "_s, 1).simplified()));
}

/// Steps behind the last one that was touched were not reached, which says nothing about them.
void learnFromWalk(LessonList& lessons, const Event& event) {
    const QString runbook = event.detail[u"runbook"_s].toString();
    const QJsonArray steps = event.detail[u"steps"_s].toArray();
    qsizetype reached = -1;
    for (qsizetype i = 0; i < steps.size(); ++i)
        if (steps.at(i).toObject()[u"state"_s].toString() != u"open") reached = i;
    for (qsizetype i = 0; i <= reached; ++i) {
        const QJsonObject step = steps.at(i).toObject();
        const QString state = step[u"state"_s].toString(), title = step[u"title"_s].toString();
        if (state == u"open" || state == u"skipped")
            lessons.add(Lesson::Kind::Skipped, runbook, title,
                        u"“%1” was passed over. Is it needed, and in that place?"_s.arg(title));
        else if (state == u"failed")
            lessons.add(
                Lesson::Kind::Failed, runbook, title,
                u"“%1” failed: %2"_s.arg(title, step[u"outcome"_s].toString().simplified()));
    }
}

}  // namespace

QVector<Lesson> lessonsOf(const QVector<Event>& events) {
    LessonList lessons;
    for (const Event& event : events)
        if (event.kind == u"walked")
            learnFromWalk(lessons, event);
        else if (event.detail.contains(u"step"_s))
            learnFromRun(lessons, event);
    return lessons.take();
}

}  // namespace tocsin::incidents

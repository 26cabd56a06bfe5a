#pragma once
#include <QObject>
#include <QSet>

#include "incidents/journal.h"
#include "incidents/practice.h"

namespace tocsin::incidents {

/// What comes due within this is worth a colour.
inline constexpr std::chrono::minutes kDueSoon{2};

enum class DueKind { Update, CheckBack, TimeBox };

/// Something the commander owes, or will owe.
struct DueItem {
    DueKind kind = DueKind::Update;
    QString incident;
    int task = 0;  ///< number; 0 for an update
    QString text;  ///< the task's words; empty for an update
    QDateTime at;  ///< UTC

    bool operator==(const DueItem&) const = default;
};

/// What is owed in an incident, what comes first, first; a time box that ends with its check-back
/// is only the check-back. Nothing once it is resolved. Pure.
QVector<DueItem> dueItems(const Incident& incident, const QDateTime& now,
                          const UpdateRhythm& rhythm);

/// Says once when something falls due, in any open incident. What was overdue when the program
/// began is said too. GUI thread; must die before the journal and the clock.
class Reminders : public QObject {
    Q_OBJECT
public:
    Reminders(Journal& journal, Practice practice, Clock& clock, QObject* parent = nullptr);

    /// From now on; call it when the journal is loaded, and again whenever it is loaded anew.
    void start();
    const Practice& practice() const { return m_practice; }

signals:
    void checkBackDue(const QString& incident, const tocsin::incidents::Task& task);
    void timeBoxOver(const QString& incident, const tocsin::incidents::Task& task);
    /// The commander owes an update since `at`.
    void updateDue(const QString& incident, const QDateTime& at);

private:
    void look();
    void say(const Incident& incident, const DueItem& item);

    Journal& m_journal;
    Practice m_practice;
    Clock& m_clock;
    QSet<QString> m_said;
    bool m_started = false;
    int m_armed = 0;  // which alarm is the present one; older ones are ignored
};

}  // namespace tocsin::incidents

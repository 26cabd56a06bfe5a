#pragma once
#include <QDateTime>
#include <QString>

#include "sdk/error.h"

namespace tocsin::incidents {

/// Who does what in an incident. One person each, except specialists, of whom there may be many.
enum class Role { Commander, Deputy, Scribe, Communications, Specialist };
QString nameOf(Role role);  ///< "commander", "deputy", "scribe", "communications", "specialist"
Result<Role> roleFromText(const QString& text);  ///< the words of nameOf(); else Parse

/// A role somebody has. The commander is Incident::commander and never one of these.
struct Assignment {
    Role role = Role::Specialist;
    QString person;
    QDateTime since;  ///< UTC

    bool operator==(const Assignment&) const = default;
};

/// Something that was handed to somebody. All times are UTC; invalid when there is none.
struct Task {
    int number = 0;  ///< within its incident, from 1
    QString text;
    QString owner;
    QDateTime createdAt;
    QDateTime boxEndsAt;    ///< when its time is used up
    QDateTime checkBackAt;  ///< when the commander asks how it goes
    QDateTime doneAt;       ///< also when it was dropped
    QString outcome;        ///< what came of it, or why it was dropped
    bool dropped = false;

    bool isOpen() const { return !doneAt.isValid(); }
    bool operator==(const Task&) const = default;
};

}  // namespace tocsin::incidents

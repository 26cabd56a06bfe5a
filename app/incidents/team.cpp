#include "incidents/team.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {

QString nameOf(Role role) {
    switch (role) {
        case Role::Commander:
            return u"commander"_s;
        case Role::Deputy:
            return u"deputy"_s;
        case Role::Scribe:
            return u"scribe"_s;
        case Role::Communications:
            return u"communications"_s;
        case Role::Specialist:
            break;
    }
    return u"specialist"_s;
}

Result<Role> roleFromText(const QString& text) {
    for (const Role role :
         {Role::Commander, Role::Deputy, Role::Scribe, Role::Communications, Role::Specialist})
        if (text.compare(nameOf(role), Qt::CaseInsensitive) == 0) return role;
    return fail(
        ErrorCode::Parse,
        u"“%1” is not a role. Use commander, deputy, scribe, communications or specialist."_s.arg(
            text));
}

}  // namespace tocsin::incidents

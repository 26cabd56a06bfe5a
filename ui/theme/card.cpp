#include "ui/theme/card.h"

#include "ui/theme/roles.h"

namespace tocsin::theme {

using namespace Qt::StringLiterals;

Card::Card(QWidget* parent) : QFrame(parent) {
    setRole(this, u"card"_s);
}

void Card::setLook(Look look) {
    m_look = look;
    setRole(this, look == Look::Quiet    ? u"card"_s
                  : look == Look::Active ? u"activeCard"_s
                                         : u"productionCard"_s);
}

}  // namespace tocsin::theme

#include "ui/shell/ownerchip.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {

using theme::Mark;
using theme::Tone;

OwnerWords ownerWords(const store::Owner& owner, bool self, std::chrono::milliseconds silence,
                      bool serveLives) {
    const QString who = store::spoken(owner);
    if (self)
        return {Mark::Check,
                {},
                OwnerChip::tr("pages from here"),
                Tone::Muted,
                serveLives ? OwnerChip::tr("This window escalates and delivers. When it closes, "
                                           "“tocsin serve” takes over.")
                           : OwnerChip::tr("This window escalates and delivers. When it closes, "
                                           "nobody pages: run “tocsin serve” to page without a "
                                           "window.")};
    if (owner.isNobody())
        return {Mark::Question, OwnerChip::tr("nobody"), OwnerChip::tr("escalates"), Tone::Warning,
                OwnerChip::tr("Nobody escalates and delivers at the moment. This window takes over "
                              "within seconds.")};
    if (silence.count() > 0)
        return {Mark::Question, OwnerChip::tr("nobody"), OwnerChip::tr("escalates"), Tone::Warning,
                OwnerChip::tr("%1 has shown no sign of life for %2 s. This window takes over "
                              "within ten seconds.")
                    .arg(who)
                    .arg(silence.count() / 1000)};
    return {Mark::Dot,
            {},
            OwnerChip::tr("%1 pages").arg(who),
            Tone::Info,
            OwnerChip::tr("%1 escalates and delivers, since %2 UTC. This window shows the same and "
                          "takes over when it ends.")
                .arg(who, owner.since.toUTC().toString(u"HH:mm:ss"_s))};
}

OwnerChip::OwnerChip(theme::Theme& theme, theme::Ticker& ticker, console::Console& console,
                     QWidget* parent)
    : Chip(theme, parent), m_console(console) {
    setObjectName(u"ownerChip"_s);
    setFocusPolicy(Qt::NoFocus);
    connect(&console.ownership(), &store::Ownership::ownerChanged, this, &OwnerChip::refresh);
    connect(&console, &console::Console::ownershipChanged, this, &OwnerChip::refresh);
    connect(&ticker, &theme::Ticker::ticked, this, [this] {
        if (m_console.ownership().silence().count() > 0) refresh();
    });
    refresh();
}

void OwnerChip::refresh() {
    const store::Ownership& ownership = m_console.ownership();
    const OwnerWords words = ownerWords(ownership.owner(), ownership.isHeld(), ownership.silence(),
                                        ownership.serveLives());
    setParts(words.mark, words.strong, words.text, words.tone);
    setToolTip(words.sentence);
    setAccessibleName(words.sentence);
    // Before the first look there is nothing to say.
    setVisible(ownership.isHeld() || ownership.owner().token > 0);
}

}  // namespace tocsin::ui

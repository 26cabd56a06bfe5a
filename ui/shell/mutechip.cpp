#include "ui/shell/mutechip.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {

MuteChip::MuteChip(theme::Theme& theme, theme::Ticker& ticker, Mute& mute, QWidget* parent)
    : Chip(theme, parent), m_mute(mute) {
    setObjectName(u"muteChip"_s);
    setFocusPolicy(Qt::TabFocus);
    connect(this, &QAbstractButton::clicked, &mute, &Mute::end);
    connect(&mute, &Mute::changed, this, &MuteChip::refresh);
    connect(&ticker, &theme::Ticker::ticked, this, [this] {
        if (m_mute.isOn()) refresh();
    });
    refresh();
}

void MuteChip::refresh() {
    setVisible(m_mute.isOn());
    if (!m_mute.isOn()) return;
    const qint64 seconds = (m_mute.remaining().count() + 999) / 1000;
    const QString left = u"%1:%2"_s.arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    setParts(theme::Mark::Ring, left, tr("muted"), theme::Tone::Warning);
    setToolTip(tr("No pop-ups and no bell for %1 more. Board, tray and strip show everything. "
                  "Press to end it.")
                   .arg(left));
    setAccessibleName(tr("Muted for %1 more; press to end it").arg(left));
}

}  // namespace tocsin::ui

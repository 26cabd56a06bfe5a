#include "ui/shell/statusstrip.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/shell/sourcechips.h"
#include "ui/theme/chip.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::Chip;
using theme::Mark;
using theme::setRole;
using theme::Tone;

StatusStrip::StatusStrip(theme::Theme& theme, theme::Ticker& ticker, alerts::Board& board,
                         const QString& workspace, QWidget* parent)
    : QFrame(parent), m_board(board), m_sources(new SourceChips(theme, board)) {
    setObjectName(u"statusStrip"_s);
    setRole(this, u"strip"_s);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 7, 16, 7);
    row->setSpacing(6);
    auto* name = new QLabel(u"◆ "_s + workspace);
    name->setObjectName(u"workspaceName"_s);
    name->setAccessibleName(tr("Workspace %1").arg(workspace));
    setRole(name, u"heading"_s);
    buildCounts(theme);
    m_clock = new QLabel;
    m_clock->setObjectName(u"utcClock"_s);
    m_clock->setAccessibleName(tr("Time, UTC"));
    setRole(m_clock, u"mono"_s);
    auto* zone = new QLabel(u"UTC"_s);
    setRole(zone, u"muted"_s);

    row->addWidget(name);
    row->addSpacing(6);
    row->addWidget(m_sources);
    row->addStretch(1);
    for (Chip* chip : {m_critical, m_warning, m_silenced})
        row->addWidget(chip);
    row->addStretch(1);
    m_chips = new QHBoxLayout;
    m_chips->setSpacing(6);
    row->addLayout(m_chips);
    row->addWidget(buildField(), 4);
    row->addSpacing(10);
    row->addWidget(m_clock);
    row->addWidget(zone);

    connect(m_sources, &SourceChips::sourceChosen, this,
            [this](const QString& source) { emit filterChosen(u"source="_s + source); });
    connect(&board, &alerts::Board::changed, this, &StatusStrip::countSoon);
    connect(&board, &alerts::Board::sourceChanged, this, &StatusStrip::countSoon);
    connect(&ticker, &theme::Ticker::ticked, this, &StatusStrip::tick);
    recount();
}

void StatusStrip::buildCounts(theme::Theme& theme) {
    const auto make = [&](const QString& name, const QString& filter) {
        auto* chip = new Chip(theme);
        chip->setObjectName(name);
        chip->setFocusPolicy(Qt::TabFocus);
        connect(chip, &Chip::clicked, this, [this, filter] { emit filterChosen(filter); });
        return chip;
    };
    m_critical = make(u"countCritical"_s, u"severity=critical"_s);
    m_warning = make(u"countWarning"_s, u"severity=warning"_s);
    m_silenced = make(u"countSilenced"_s, u"state=silenced"_s);
}

QPushButton* StatusStrip::buildField() {
    auto* field = new QPushButton;
    field->setObjectName(u"commandField"_s);
    field->setAccessibleName(tr("Search or run anything"));
    // It gives way when there is much to say.
    field->setMinimumWidth(190);
    field->setMaximumWidth(230);
    setRole(field, u"field"_s);
    auto* row = new QHBoxLayout(field);
    row->setContentsMargins(11, 0, 8, 0);
    auto* hint = new theme::ElidedLabel(tr("Search or run anything…"));
    setRole(hint, u"muted"_s);
    auto* key = new QLabel(u"Ctrl K"_s);
    setRole(key, u"key"_s);
    for (QLabel* label : {static_cast<QLabel*>(hint), key})
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
    row->addWidget(hint, 1);
    row->addWidget(key, 0, Qt::AlignVCenter);
    connect(field, &QPushButton::clicked, this, &StatusStrip::paletteRequested);
    return field;
}

void StatusStrip::addChip(QWidget* chip) {
    m_chips->addWidget(chip);
}

void StatusStrip::tick(const QDateTime& now) {
    m_clock->setText(now.toUTC().toString(u"HH:mm:ss"_s));
    m_sources->setNow(now);
}

void StatusStrip::countSoon() {
    // A storm changes the board many times a second; one count a turn of the loop is enough.
    if (m_dirty) return;
    m_dirty = true;
    QMetaObject::invokeMethod(this, &StatusStrip::recount, Qt::QueuedConnection);
}

void StatusStrip::recount() {
    m_dirty = false;
    int critical = 0;
    int warning = 0;
    int silenced = 0;
    for (const Alert& alert : m_board.alerts()) {
        if (alert.state == AlertState::Silenced || alert.state == AlertState::Inhibited)
            ++silenced;
        else if (alert.state == AlertState::Firing && alert.severity == Severity::Critical)
            ++critical;
        else if (alert.state == AlertState::Firing && alert.severity == Severity::Warning)
            ++warning;
    }
    // Where nobody answers, nothing counted is not the same as none.
    const auto sources = m_board.sources();
    const bool blind =
        std::none_of(sources.begin(), sources.end(),
                     [](const alerts::SourceHealth& source) { return source.known; });
    const auto counted = [blind](int count) {
        return blind && count == 0 ? u"?"_s : QString::number(count);
    };
    m_critical->setParts(Mark::Triangle, counted(critical), tr("critical"),
                         critical ? Tone::Critical : Tone::Muted);
    m_warning->setParts(Mark::Diamond, counted(warning), tr("warning"),
                        warning ? Tone::Warning : Tone::Muted);
    m_silenced->setParts(Mark::Ring, counted(silenced), tr("silenced"), Tone::Muted);
}

}  // namespace tocsin::ui

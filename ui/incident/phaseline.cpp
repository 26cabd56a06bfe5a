#include "ui/incident/phaseline.h"

#include <QCoreApplication>

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Phase;

namespace {
constexpr std::array kPhases = {Phase::Acknowledge, Phase::Assess, Phase::Investigate,
                                Phase::Resolve, Phase::PostMortem};

QString span(const QString& text, const QColor& color, bool bold = false) {
    const QString weight = bold ? u";font-weight:600"_s : QString();
    return u"<span style=\"color:%1%2\">%3</span>"_s.arg(color.name(), weight,
                                                         text.toHtmlEscaped());
}
}  // namespace

QString phaseTitle(Phase phase) {
    switch (phase) {
        case Phase::Acknowledge:
            return QCoreApplication::translate("Phase", "Acknowledge");
        case Phase::Assess:
            return QCoreApplication::translate("Phase", "Assess");
        case Phase::Investigate:
            return QCoreApplication::translate("Phase", "Investigate");
        case Phase::Resolve:
            return QCoreApplication::translate("Phase", "Resolve");
        case Phase::PostMortem:
            return QCoreApplication::translate("Phase", "Post-mortem");
    }
    return {};
}

PhaseLine::PhaseLine(theme::Theme& theme, QWidget* parent) : QLabel(parent), m_theme(theme) {
    setObjectName(u"phaseLine"_s);
    setTextFormat(Qt::RichText);
    connect(&theme, &theme::Theme::changed, this, &PhaseLine::draw);
    draw();
}

void PhaseLine::setPhase(Phase phase) {
    m_phase = phase;
    draw();
}

void PhaseLine::draw() {
    const auto& colors = m_theme.colors();
    QStringList parts;
    for (const Phase each : kPhases) {
        const QString title = phaseTitle(each);
        if (each < m_phase)
            parts << span(u"✓ "_s + title, colors.ok);
        else if (each == m_phase)
            parts << span(u"● "_s + title, colors.text, true);
        else
            parts << span(title, colors.muted);
    }
    setText(parts.join(u"&nbsp;&nbsp; "_s));
    setAccessibleName(tr("Phase: %1").arg(phaseTitle(m_phase)));
}

}  // namespace tocsin::ui

#include "ui/board/boarddetail.h"

#include <QPainter>

#include "ui/board/sparkline.h"

namespace tocsin::ui {
namespace {

constexpr int kDetailMargin = 12;
constexpr int kCurveHeight = 40;

QString spanText(const Measurement& measurement) {
    if (measurement.trend.size() < 2) return {};
    const qint64 minutes =
        (measurement.trend.last().first - measurement.trend.first().first + 59999) / 60000;
    return QStringLiteral("last %1 min").arg(minutes);
}

}  // namespace

BoardDetail::BoardDetail(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setObjectName(QStringLiteral("boardDetail"));
    setVisible(false);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void BoardDetail::show(const std::optional<Alert>& alert) {
    const bool hasNumber = alert && alert->measurement;
    m_alert = hasNumber ? alert : std::nullopt;
    if (hasNumber) {
        const Measurement& number = *alert->measurement;
        setAccessibleName(QStringLiteral("%1 is %2, limit %3")
                              .arg(alert->key, quantityText(number.value, number.unit),
                                   quantityText(number.threshold, number.unit)));
        setToolTip(accessibleName());
    }
    setVisible(hasNumber);
    update();
}

QSize BoardDetail::sizeHint() const {
    return {200, QFontMetrics(m_theme.textFont()).height() + kCurveHeight + 3 * kDetailMargin};
}

void BoardDetail::paintEvent(QPaintEvent*) {
    if (!m_alert) return;
    const theme::Palette& colors = m_theme.colors();
    const Measurement& number = *m_alert->measurement;
    QPainter painter(this);
    painter.fillRect(rect(), colors.panel);
    painter.setPen(colors.line);
    painter.drawLine(rect().topLeft(), rect().topRight());

    const QColor ink = m_theme.severityColor(m_alert->severity, m_alert->state);
    const QFontMetrics metrics(m_theme.textFont(0, true));
    QRect line(kDetailMargin, kDetailMargin, width() - 2 * kDetailMargin, metrics.height());
    painter.setFont(m_theme.textFont(-1));
    painter.setPen(colors.faint);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, spanText(number));
    painter.setFont(m_theme.textFont(0, true));
    painter.setPen(ink);
    const QString value = quantityText(number.value, number.unit);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, value);
    painter.setFont(m_theme.textFont(-1));
    painter.setPen(colors.muted);
    painter.drawText(line.adjusted(metrics.horizontalAdvance(value) + 8, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     QStringLiteral("limit %1").arg(quantityText(number.threshold, number.unit)));
    paintSparkline(painter,
                   QRectF(kDetailMargin, line.bottom() + kDetailMargin, width() - 2 * kDetailMargin,
                          kCurveHeight),
                   number, colors, ink);
}

}  // namespace tocsin::ui

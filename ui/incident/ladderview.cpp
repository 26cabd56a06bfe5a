#include "ui/incident/ladderview.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "escalation/wording.h"
#include "ui/theme/durations.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using escalation::Rung;
using escalation::RungState;
using theme::between;
using theme::countdownText;

namespace {
constexpr int kGap = 9;
constexpr int kWidest = 236;
constexpr int kNarrowest = 118;
constexpr int kPad = 10;

QString utc(const QDateTime& at) {
    return at.toUTC().toString(u"HH:mm:ss"_s);
}
}  // namespace

LadderView::LadderView(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setObjectName(u"ladder"_s);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

int LadderView::cardAt(const QPoint& place) const {
    for (int i = 0; i < m_ladder.rungs.size(); ++i)
        if (cardRect(i).contains(place)) return i;
    return -1;
}

void LadderView::setCurrent(int index) {
    m_current = std::clamp(index, 0, std::max(0, int(m_ladder.rungs.size()) - 1));
    describe();
    update();
}

void LadderView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    if (event->reason() != Qt::MouseFocusReason) setCurrent(std::max(0, next()));
}

void LadderView::mousePressEvent(QMouseEvent* event) {
    const int card = cardAt(event->pos());
    if (card < 0 || event->button() != Qt::LeftButton || m_ladder.closed)
        return QWidget::mousePressEvent(event);
    setCurrent(card);
    emit levelChosen(m_ladder.rungs[card].level);
}

void LadderView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        return setCurrent(m_current + (event->key() == Qt::Key_Right ? 1 : -1));
    const bool chosen = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!chosen || m_current >= m_ladder.rungs.size() || m_ladder.closed)
        return QWidget::keyPressEvent(event);
    emit levelChosen(m_ladder.rungs[m_current].level);
}

void LadderView::setLadder(const escalation::Ladder& ladder, const QDateTime& declaredAt) {
    const bool resized = ladder.rungs.size() != m_ladder.rungs.size();
    m_ladder = ladder;
    m_declaredAt = declaredAt;
    if (resized) updateGeometry();
    describe();
    update();
}

void LadderView::setNow(const QDateTime& now) {
    m_now = now;
    update();
}

int LadderView::next() const {
    for (int i = 0; i < m_ladder.rungs.size(); ++i) {
        const RungState state = m_ladder.rungs[i].state;
        if (state == RungState::Waiting || state == RungState::Held) return i;
    }
    return -1;
}

QString LadderView::lineOf(const Rung& rung) const {
    switch (rung.state) {
        case RungState::Skipped:
            return rung.note.isEmpty() ? tr("skipped") : rung.note;
        case RungState::Cancelled:
            return rung.note.isEmpty() ? tr("not needed") : rung.note;
        case RungState::Failed:
            return tr("not delivered: %1").arg(rung.note);
        case RungState::Delivered:
            return tr("✓ delivered %1").arg(utc(rung.pagedAt));
        case RungState::Paged:
            return tr("paged %1, on its way").arg(utc(rung.pagedAt));
        case RungState::Held:
            return m_ladder.heldUntil.isValid() ? tr("held until %1").arg(utc(m_ladder.heldUntil))
                                                : tr("held");
        case RungState::Waiting:
            break;
    }
    if (m_ladder.held && m_ladder.heldUntil.isValid())
        return tr("held until %1").arg(utc(m_ladder.heldUntil));
    if (!rung.dueAt.isValid() || !m_now.isValid()) return tr("waiting");
    const auto left = between(m_now, rung.dueAt);
    if (rung.quietUntil.isValid() && left.count() > 0)
        return tr("quiet hours, in %1").arg(countdownText(left));
    return left.count() > 0 ? tr("in %1").arg(countdownText(left))
                            : tr("due since %1").arg(countdownText(left));
}

double LadderView::progressOf(const Rung& rung) const {
    if (rung.state != RungState::Waiting && rung.state != RungState::Held) return 1;
    if (!rung.dueAt.isValid() || !m_declaredAt.isValid() || !m_now.isValid()) return 0;
    const auto whole = double(m_declaredAt.msecsTo(rung.dueAt));
    if (whole <= 0) return 1;
    return std::clamp(double(m_declaredAt.msecsTo(m_now)) / whole, 0.0, 1.0);
}

QColor LadderView::inkOf(const Rung& rung, bool next) const {
    const auto& colors = m_theme.colors();
    switch (rung.state) {
        case RungState::Delivered:
            return colors.ok;
        case RungState::Failed:
            return colors.critical;
        case RungState::Paged:
            return colors.info;
        case RungState::Waiting:
        case RungState::Held:
            return next ? colors.warning : colors.muted;
        case RungState::Skipped:
        case RungState::Cancelled:
            break;
    }
    return colors.faint;
}

QSize LadderView::sizeHint() const {
    const int count = std::max(1, int(m_ladder.rungs.size()));
    const int lines = QFontMetrics(m_theme.textFont()).height() * 2;
    return {count * kWidest + (count - 1) * kGap, lines + 2 * kPad + 14};
}

QSize LadderView::minimumSizeHint() const {
    const int count = std::max(1, int(m_ladder.rungs.size()));
    return {count * kNarrowest + (count - 1) * kGap, sizeHint().height()};
}

QRectF LadderView::cardRect(int index) const {
    const auto count = double(m_ladder.rungs.size());
    const double room = std::min<double>(width(), sizeHint().width());
    const double each = (room - (count - 1) * kGap) / count;
    return QRectF(index * (each + kGap), 0, each, height()).adjusted(1, 1, -1, -1);
}

void LadderView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int framed = next();
    for (int i = 0; i < m_ladder.rungs.size(); ++i)
        paintCard(painter, cardRect(i), m_ladder.rungs[i], i == framed);
    if (!hasFocus() || m_current >= m_ladder.rungs.size()) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.colors().focus, 2));
    painter.drawRoundedRect(cardRect(m_current), 7, 7);
}

void LadderView::paintCard(QPainter& painter, const QRectF& card, const Rung& rung,
                           bool next) const {
    const auto& colors = m_theme.colors();
    const QColor ink = inkOf(rung, next);
    painter.setBrush(colors.raised);
    painter.setPen(next ? QPen(colors.warning, 1.4) : QPen(Qt::NoPen));
    painter.drawRoundedRect(card, 7, 7);

    const QRectF inner = card.adjusted(kPad, kPad - 2, -kPad, -kPad);
    const QFont bold = m_theme.textFont(0, true);
    const bool over = rung.state == RungState::Skipped || rung.state == RungState::Cancelled;
    painter.setFont(bold);
    painter.setPen(over ? colors.muted : colors.text);
    const QFontMetrics metrics(bold);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop,
                     metrics.elidedText(u"%1 %2"_s.arg(rung.level).arg(rung.name), Qt::ElideRight,
                                        int(inner.width())));
    const QFont plain = m_theme.textFont();
    painter.setFont(plain);
    painter.setPen(ink);
    const QRectF second = inner.adjusted(0, metrics.height() + 1, 0, 0);
    QString line = lineOf(rung);
    // Where the words do not fit beside the time, the tick says them; why is in the tool tip.
    if (rung.state == RungState::Delivered) line += QChar(0x9c) + tr("✓ %1").arg(utc(rung.pagedAt));
    if (over) line += QChar(0x9c) + line.section(u':', 0, 0);
    painter.drawText(second, Qt::AlignLeft | Qt::AlignTop,
                     QFontMetrics(plain).elidedText(line, Qt::ElideRight, int(inner.width())));

    const QRectF track(inner.left(), card.bottom() - 9, inner.width(), 3.5);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.outline);
    painter.drawRoundedRect(track, 1.7, 1.7);
    painter.setBrush(ink);
    if (!over)
        painter.drawRoundedRect(
            QRectF(track.topLeft(), QSizeF(track.width() * progressOf(rung), 3.5)), 1.7, 1.7);
}

bool LadderView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int i = 0; i < m_ladder.rungs.size(); ++i) {
        const Rung& rung = m_ladder.rungs[i];
        if (!cardRect(i).contains(help->pos())) continue;
        QStringList lines{rung.name, lineOf(rung)};
        if (!rung.mention.isEmpty()) lines << tr("pages @%1").arg(rung.mention);
        if (rung.dueAt.isValid()) lines << tr("due %1 UTC").arg(utc(rung.dueAt));
        if (rung.until == escalation::Until::Resolved) lines << tr("until resolved");
        if (rung.repeat) lines << tr("again every %1").arg(escalation::spoken(*rung.repeat));
        if (rung.quiet) lines << tr("rests %1").arg(escalation::spoken(*rung.quiet));
        if (rung.repeatAt.isValid()) lines << tr("pages again %1 UTC").arg(utc(rung.repeatAt));
        if (!rung.note.isEmpty()) lines << rung.note;
        if (!m_ladder.closed) lines << tr("click to page this level now");
        lines.removeDuplicates();
        QToolTip::showText(help->globalPos(), lines.join(u'\n'), this);
        return true;
    }
    return QWidget::event(event);
}

void LadderView::describe() {
    QStringList lines;
    for (const Rung& rung : m_ladder.rungs)
        lines << u"%1 %2: %3"_s.arg(rung.level).arg(rung.name, lineOf(rung));
    const bool chosen = hasFocus() && m_current < m_ladder.rungs.size();
    setAccessibleName(chosen ? tr("Escalation ladder, %1").arg(lines.value(m_current))
                             : tr("Escalation ladder"));
    setAccessibleDescription(lines.join(u"; "_s));
}

}  // namespace tocsin::ui

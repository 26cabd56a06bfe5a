#include "ui/desktop/trayicon.h"

#include <QPainter>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tocsin::ui {
namespace {

using theme::Mark;

QColor inkOf(const theme::Palette& colors, Mark mark) {
    switch (mark) {
        case Mark::Triangle:
            return colors.critical;
        case Mark::Diamond:
            return colors.warning;
        case Mark::Dot:
            return colors.ok;
        default:
            return colors.unknown;
    }
}

QPixmap painted(const theme::Palette& colors, Mark mark, bool muted, int size) {
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const double edge = size / 22.0;
    const QRectF all(edge / 2, edge / 2, size - edge, size - edge);
    painter.setBrush(colors.window);
    painter.setPen(QPen(inkOf(colors, mark), edge));
    painter.drawEllipse(all);
    const double inset = mark == Mark::Dot ? size * 0.30 : size * 0.22;
    theme::paintMark(painter, all.adjusted(inset, inset, -inset, -inset), mark,
                     inkOf(colors, mark));
    if (muted) {
        const QLineF slash(all.topLeft() + QPointF(size, size) * 0.16,
                           all.bottomRight() - QPointF(size, size) * 0.16);
        painter.setPen(QPen(colors.window, edge * 2.6, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(slash);
        painter.setPen(QPen(colors.text, edge * 1.2, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(slash);
    }
    return pixmap;
}

}  // namespace

TrayState trayState(const QHash<alerts::AlertId, Alert>& alerts,
                    const QVector<alerts::SourceHealth>& sources) {
    int critical = 0, warning = 0, doubtful = 0;
    for (const Alert& alert : alerts) {
        const bool unknown = alert.state == AlertState::Unknown;
        if (!unknown && alert.state != AlertState::Firing) continue;
        critical += alert.severity == Severity::Critical;
        warning += alert.severity == Severity::Warning;
        doubtful += alert.severity == Severity::Unknown;
    }
    QStringList silent;
    for (const alerts::SourceHealth& source : sources)
        if (!source.known) silent << source.name;
    QStringList parts;
    if (critical) parts << TrayIcon::tr("%1 critical").arg(critical);
    if (warning) parts << TrayIcon::tr("%1 warning").arg(warning);
    if (doubtful) parts << TrayIcon::tr("%1 of unknown severity").arg(doubtful);
    if (!silent.isEmpty()) parts << TrayIcon::tr("%1 unknown").arg(silent.join(u", "_s));
    if (sources.isEmpty()) parts << TrayIcon::tr("no source to look at");
    if (parts.isEmpty()) parts << TrayIcon::tr("nothing fires");
    const Mark mark = critical                                             ? Mark::Triangle
                      : warning                                            ? Mark::Diamond
                      : doubtful || !silent.isEmpty() || sources.isEmpty() ? Mark::Question
                                                                           : Mark::Dot;
    return {mark, parts.join(u", "_s)};
}

QIcon trayPicture(const theme::Theme& theme, Mark mark, bool muted) {
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48, 64})
        icon.addPixmap(painted(theme.colors(), mark, muted, size));
    return icon;
}

TrayIcon::TrayIcon(theme::Theme& theme, alerts::Board& board, Mute& mute, QObject* parent)
    : QObject(parent), m_theme(theme), m_board(board), m_mute(mute) {
    m_icon.setObjectName(u"trayIcon"_s);
    buildMenu();
    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason != QSystemTrayIcon::Context) emit openRequested();
            });
    connect(&board, &alerts::Board::changed, this, &TrayIcon::refreshSoon);
    connect(&board, &alerts::Board::sourceChanged, this, &TrayIcon::refreshSoon);
    connect(&mute, &Mute::changed, this, &TrayIcon::refreshSoon);
    connect(&theme, &theme::Theme::changed, this, &TrayIcon::refreshSoon);
    refresh();
    if (QSystemTrayIcon::isSystemTrayAvailable()) m_icon.show();
}

TrayIcon::~TrayIcon() {
    m_icon.hide();
}

void TrayIcon::buildMenu() {
    m_menu.setObjectName(u"trayMenu"_s);
    connect(m_menu.addAction(tr("Open Tocsin")), &QAction::triggered, this,
            &TrayIcon::openRequested);
    m_menu.addSeparator();
    for (const auto length : {15min, 30min, 60min})
        connect(m_menu.addAction(tr("Mute for %1 minutes").arg(length.count())),
                &QAction::triggered, this, [this, length] { m_mute.muteFor(length); });
    QAction* end = m_menu.addAction(tr("End the mute"));
    end->setObjectName(u"trayUnmute"_s);
    connect(end, &QAction::triggered, &m_mute, &Mute::end);
    connect(&m_mute, &Mute::changed, end, [this, end] { end->setEnabled(m_mute.isOn()); });
    end->setEnabled(false);
}

void TrayIcon::refreshSoon() {
    // A storm changes the board many times a second.
    if (std::exchange(m_dirty, true)) return;
    QMetaObject::invokeMethod(this, &TrayIcon::refresh, Qt::QueuedConnection);
}

void TrayIcon::refresh() {
    m_dirty = false;
    m_state = trayState(m_board.alerts(), m_board.sources());
    m_icon.setIcon(trayPicture(m_theme, m_state.mark, m_mute.isOn()));
    m_icon.setToolTip(tr("Tocsin: %1").arg(m_state.sentence) +
                      (m_mute.isOn() ? tr(" (muted)") : QString()));
}

}  // namespace tocsin::ui

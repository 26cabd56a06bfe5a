// Who the main window hears of the desktop, and what it tells a person who does not look at it.
#include <algorithm>

#include "ui/board/boardpane.h"
#include "ui/desktop/desktop.h"
#include "ui/incident/posting.h"
#include "ui/shell/channelchip.h"
#include "ui/shell/channelnotice.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/mutechip.h"
#include "ui/shell/ownerchip.h"
#include "ui/shell/statusstrip.h"

namespace tocsin::ui {

using namespace std::chrono_literals;

namespace {

QString whose(const QString& incident, const incidents::Task& task) {
    return task.owner.isEmpty() ? incident : MainWindow::tr("%1, %2").arg(incident, task.owner);
}

}  // namespace

void MainWindow::wireDesktop() {
    m_desktop = new Desktop(m_theme, m_console.board(), m_console.clock(),
                            QDBusConnection::sessionBus(), this);
    connect(m_desktop, &Desktop::openRequested, this, &MainWindow::present);
    connect(m_desktop, &Desktop::acknowledgeRequested, this, &MainWindow::acknowledge);
    wireReminders();
    wireStoppedChannels();
    m_strip->addChip(new OwnerChip(m_theme, *m_ticker, m_console, m_strip));
    m_strip->addChip(new MuteChip(m_theme, *m_ticker, m_desktop->mute(), m_strip));
    for (const auto length : {15min, 30min, 60min})
        addCommand(tr("Mute pop-ups and bell for %1 minutes").arg(length.count()), {},
                   [this, length] { m_desktop->mute().muteFor(length); });
    addCommand(tr("End the mute"), {}, [this] { m_desktop->mute().end(); });
}

void MainWindow::wireReminders() {
    using incidents::Reminders, incidents::Task;
    const Reminders& reminders = m_console.reminders();
    connect(&reminders, &Reminders::checkBackDue, m_desktop,
            [this](const QString& incident, const Task& task) {
                m_desktop->tellDue(tr("Check back: %1").arg(task.text), whose(incident, task));
            });
    connect(&reminders, &Reminders::timeBoxOver, m_desktop,
            [this](const QString& incident, const Task& task) {
                m_desktop->tellDue(tr("Time is up: %1").arg(task.text), whose(incident, task));
            });
    connect(&reminders, &Reminders::updateDue, m_desktop,
            [this](const QString& incident, const QDateTime& at) {
                m_desktop->tellDue(tr("%1 owes an update").arg(incident),
                                   tr("since %1 UTC").arg(at.toUTC().toString(u"HH:mm")));
            });
}

void MainWindow::wireStoppedChannels() {
    using console::StoppedChannel, console::StoppedChannels;
    StoppedChannels& stopped = m_console.stoppedChannels();
    auto* chip = new ChannelChip(m_theme, stopped, m_strip);
    m_strip->addChip(chip);
    const auto tell = [this](const StoppedChannel& one) {
        m_desktop->tellStopped(one.channel, stoppedSentence(one));
    };
    connect(&stopped, &StoppedChannels::channelStopped, m_desktop, tell);
    connect(&stopped, &StoppedChannels::channelRecovered, m_desktop, &Desktop::channelRecovered);
    connect(chip, &ChannelChip::messagesRequested, this, &MainWindow::showMessages);
    connect(m_channelNotice, &ChannelNotice::messagesRequested, this, &MainWindow::showMessages);
    connect(m_desktop, &Desktop::messagesRequested, this, [this](const QString& channel) {
        present({});
        showMessages(channel);
    });
    // What was stopped before this window was there is not less true.
    for (const StoppedChannel& one : stopped.all())
        if (one.isLoud()) tell(one);
}

void MainWindow::present(const alerts::AlertId& alert) {
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
    if (!alert.isEmpty()) m_board->selectAlert(alert);
}

void MainWindow::acknowledge(const QVector<Alert>& alerts) {
    // From a pop-up: every incident that has one of them; without any, the form to declare it.
    bool any = false;
    const QVector<incidents::Incident> open = m_console.journal().open();
    for (const incidents::Incident& incident : open) {
        const bool covers = std::any_of(alerts.begin(), alerts.end(), [&](const Alert& alert) {
            return incident.alerts.contains(alerts::alertId(alert));
        });
        if (!covers) continue;
        m_console.engine().acknowledge(incident.id, m_console.person());
        any = true;
    }
    if (any) return;
    present(alerts::alertId(alerts.first()));
    declare(alerts);
}

void MainWindow::tellIfUnattended() {
    const store::Ownership& ownership = m_console.ownership();
    if (!m_console.ownsEngine() || ownership.serveLives()) return;
    QStringList open;
    for (const incidents::Incident& incident : m_console.journal().open())
        open << incident.id;
    if (!open.isEmpty()) m_desktop->tellUnattended(open);
}

}  // namespace tocsin::ui

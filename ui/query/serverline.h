#pragma once
#include <QComboBox>
#include <QPointer>
#include <QPushButton>
#include <QWidget>

#include "inspection/connection.h"
#include "ui/query/setupbutton.h"
#include "ui/theme/badge.h"
#include "ui/theme/chip.h"
#include "ui/theme/labels.h"

namespace tocsin::ui {

/// The line that says where the statements go: environment, connection, who we are there, and
/// whether it is read-only. GUI thread.
class ServerLine : public QWidget {
    Q_OBJECT
public:
    ServerLine(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);

    void setConnections(const QVector<inspection::Connection*>& connections);
    inspection::Connection* current() const;
    inspection::Connection* find(const QString& name) const;
    /// Whether it answers; stands where the pane has room for it.
    QPushButton* testButton() const { return m_test; }
    /// Where connections are made and changed; stands beside it.
    SetUpButton* setUpButton() const { return m_setUp; }
    /// False when there is no connection of that name.
    bool choose(const QString& name);

signals:
    /// Does it answer, and as whom?
    void testPressed();
    /// The guard was pressed: unlock, or lock again.
    void guardPressed();
    void chosen(tocsin::inspection::Connection* connection);
    /// See SetUpButton::requested().
    void setUpRequested(const QString& name);

private:
    void showCurrent();
    void showGuard(const inspection::Connection& connection);
    void countDown(const Unlock& unlock);

    Clock& m_clock;
    QVector<QPointer<inspection::Connection>> m_connections;
    theme::EnvironmentBadge* m_badge;
    QComboBox* m_choice;
    theme::ElidedLabel* m_place;
    QPushButton* m_test;
    theme::Chip* m_guard;
    SetUpButton* m_setUp;
};

}  // namespace tocsin::ui

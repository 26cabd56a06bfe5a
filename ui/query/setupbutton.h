#pragma once
#include <QToolButton>

namespace tocsin::ui {

/// Where a pane's connections are made and changed: "⋮" with both ways beside a connection, the
/// words themselves where there is none.
class SetUpButton : public QToolButton {
    Q_OBJECT
public:
    /// Its actions are called `prefix`ChangeConnection and `prefix`NewConnection.
    explicit SetUpButton(const QString& prefix, QWidget* parent = nullptr);

    /// The connection that is shown; empty: there is none.
    void setConnection(const QString& name);

signals:
    /// Change the one of that name; empty: make a new one.
    void requested(const QString& name);

private:
    QString m_name;
    QAction* m_change;
};

}  // namespace tocsin::ui

#pragma once
#include <QFrame>
#include <functional>

#include "escalation/engine.h"
#include "incidents/practice.h"
#include "sdk/alert.h"

class QButtonGroup;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tocsin::ui {

class ChannelBox;

/// Declaring, inline: everything is proposed from the alerts, so that Ctrl+D, Enter is enough.
class DeclarePanel : public QFrame {
    Q_OBJECT
public:
    DeclarePanel(escalation::Engine& engine, const escalation::Policy& policy,
                 const QString& person, QWidget* parent = nullptr);

    /// What proposes the severity.
    void setRules(const QVector<incidents::SeverityRule>& rules) { m_rules = rules; }
    /// What adds the runbook that answers the alerts.
    using FindRunbook =
        std::function<void(incidents::Declaration& declaration, const QVector<Alert>& alerts)>;
    void setRunbooks(FindRunbook find) { m_findRunbook = std::move(find); }
    /// The incident these alerts could join instead; empty: none is open.
    void setJoinable(const QString& incident);
    void setChannels(const QStringList& channels, const QString& proposed);
    /// Opens with the title and priority the alerts suggest; without alerts the title is asked for.
    void propose(const QVector<Alert>& alerts);
    void close();

signals:
    void declared(const QString& incident);
    /// The alerts belong to an incident that is open already.
    void joinRequested(const QString& incident, const QStringList& alerts, const QStringList& keys);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* buildFields();
    QWidget* buildPriorities();
    void refreshEffect();
    void declare();
    incidents::Priority priority() const;

    escalation::Engine& m_engine;
    escalation::Policy m_policy;
    QString m_person;
    QVector<incidents::SeverityRule> m_rules;
    FindRunbook m_findRunbook;
    QString m_joinable;
    incidents::Declaration m_proposal;
    QLineEdit *m_title, *m_commander;
    QButtonGroup* m_priorities;
    ChannelBox* m_channel;
    QLabel *m_effect, *m_error;
    QPushButton *m_confirm, *m_join, *m_cancel;
};

}  // namespace tocsin::ui

#pragma once
#include <QWidget>

#include "escalation/engine.h"
#include "ui/incident/currentincident.h"

class QComboBox;
class QLineEdit;
class QVBoxLayout;

namespace tocsin::ui {

class InlineForm;

/// What a commander can do to the ladder of the current incident: page a level, hold it,
/// acknowledge for as long as work goes on, change the severity. Asked inline, one question at a
/// time; each says what it will do before it does it. GUI thread.
class LadderActions : public QWidget {
    Q_OBJECT
public:
    LadderActions(CurrentIncident& current, escalation::Engine& engine, Clock& clock,
                  const QString& person, QWidget* parent = nullptr);

    /// Asks whether to page that level now; 0: proposes the next.
    void escalate(int level = 0);
    /// Asks for a reason and an end; when it is held, lets it run again.
    void hold();
    void acknowledge();
    void changePriority();
    void close();

signals:
    void opened();
    /// The question is gone; the keyboard may return where it was.
    void closed();
    void failed(const tocsin::Error& error);

private:
    InlineForm* add(InlineForm* form);
    void open(InlineForm* form);
    void buildEscalate();
    void buildHold();
    void buildAcknowledge();
    void buildPriority();
    void fillLevels(const escalation::Ladder& ladder);
    void tellEscalation();
    void tellPriority();
    /// The end that was asked for; invalid when what was typed is no time.
    QDateTime holdEnd() const;
    void follow(const QFuture<Result<void>>& answer, InlineForm* form);
    escalation::Ladder ladder() const { return m_engine.ladder(m_current.id()); }

    CurrentIncident& m_current;
    escalation::Engine& m_engine;
    Clock& m_clock;
    QString m_person;
    QVBoxLayout* m_column;
    InlineForm *m_escalate = nullptr, *m_hold = nullptr, *m_acknowledge = nullptr,
               *m_priority = nullptr;
    QComboBox *m_level = nullptr, *m_span = nullptr, *m_silence = nullptr, *m_severity = nullptr;
    QLineEdit *m_until = nullptr, *m_reason = nullptr;
    InlineForm* m_open = nullptr;
};

}  // namespace tocsin::ui

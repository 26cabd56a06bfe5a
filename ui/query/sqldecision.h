#pragma once
#include "sdk/clock.h"
#include "ui/theme/card.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace tocsin::ui {

/// A change that was made in a transaction still open: what it did, and the choice to keep it or
/// to take it back before its time is over. GUI thread.
class SqlDecision : public theme::Card {
    Q_OBJECT
public:
    explicit SqlDecision(Clock& clock, QWidget* parent = nullptr);

    /// `effect` is the server's own word ("UPDATE 3"); after `until` it is rolled back by itself.
    void ask(const QString& connection, const QString& effect, const QDateTime& until);

signals:
    void decided(bool commit);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void tick();

    Clock& m_clock;
    QDateTime m_until;
    quint64 m_turn = 0;  // of the newest countdown
    QLabel* m_headline;
    QLabel* m_time;
    QPushButton* m_commit;
    QPushButton* m_rollBack;
};

}  // namespace tocsin::ui

#pragma once
#include <QHash>
#include <QSet>
#include <QWidget>

#include "alerts/board.h"
#include "alerts/flood.h"
#include "ui/board/boardrow.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace tocsin::theme {
class Theme;
}

namespace tocsin::ui {

class BoardArranger;
class BoardDelegate;
class BoardDetail;
class BoardList;
class BoardModel;

/// The left column: what fires, what is silenced by whom, what is unknown. Filtering, grouping and
/// sorting happen on a pool thread; here only rows are exchanged. Rows stay where they are while
/// the pointer or the arrow keys are at work in the list. GUI thread.
class BoardPane : public QWidget {
    Q_OBJECT
public:
    /// All three must outlive the pane.
    BoardPane(theme::Theme& theme, alerts::Board& board, Clock& clock, QWidget* parent = nullptr);

    /// The alerts behind the selected rows (all members of a selected group), worst first.
    QVector<Alert> selectedAlerts() const;

public slots:
    /// Shows `incident` ("INC-42") on that alert's row; an empty text takes it away.
    void setIncidentOf(const tocsin::alerts::AlertId& alert, const QString& incident);
    /// The open incident that what is selected can be attached to or detached from; empty: none.
    void setOpenIncident(const QString& incident);
    /// Selects the row that holds the alert, or nothing when it is not on the board.
    void selectAlert(const tocsin::alerts::AlertId& alert);
    /// Puts the caret into the filter field.
    void focusFilter();
    /// Emits declareRequested for what is selected; nothing when nothing is.
    void declareSelected();

signals:
    /// A row was selected by the person; for a group its worst, oldest member.
    void alertSelected(const tocsin::Alert& alert);
    void declareRequested(const QVector<tocsin::Alert>& alerts);
    /// What is selected shall belong to the open incident, or not any more.
    void attachRequested(bool attach);

private:
    void build();
    void tick();
    void rowsArranged(const BoardRows& rows, const alerts::Flood& flood);
    void applyRows(const BoardRows& rows);
    void keepChosen();
    void release();
    void showFlood(const alerts::Flood& flood);
    void showEmptiness();
    void currentChanged(int row);
    void toggle(int row);
    void showMenu(const QPoint& at);
    QWidget* buildBelonging();
    void refreshBelonging();
    void refreshBelongingSoon();
    bool isAllAttached() const;

    theme::Theme& m_theme;
    alerts::Board& m_board;
    Clock& m_clock;
    BoardModel* m_model;
    BoardArranger* m_arranger;
    QLineEdit* m_filter = nullptr;
    BoardList* m_list = nullptr;
    BoardDelegate* m_delegate = nullptr;
    BoardDetail* m_detail = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLabel* m_flood = nullptr;
    QLabel* m_waiting = nullptr;
    QLabel* m_emptyTitle = nullptr;
    QLabel* m_emptyText = nullptr;
    std::optional<BoardRows> m_heldRows;  ///< arranged while the list was held
    int m_ticks = 0;
    QDateTime m_toldAt;        ///< when the ages were last looked at
    QString m_chosenRow;       ///< BoardRow::id of the current row
    alerts::AlertId m_chosen;  ///< the alert whose runbook is open, wherever its row goes
    bool m_isApplying = false;
    QWidget* m_belonging = nullptr;  ///< attach or detach what is selected
    QLabel* m_belongingText = nullptr;
    QPushButton* m_belongingButton = nullptr;
    QString m_openIncident;
    QHash<alerts::AlertId, QString> m_incidents;  ///< of each alert that has one
    bool m_isBelongingDirty = false;
};

}  // namespace tocsin::ui

#pragma once
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

#include "ui/query/activityview.h"
#include "ui/query/historyview.h"
#include "ui/query/listenview.h"
#include "ui/query/planview.h"
#include "ui/query/receiptview.h"
#include "ui/query/resultview.h"
#include "ui/query/serverline.h"
#include "ui/query/sqlconfirm.h"
#include "ui/query/sqldecision.h"
#include "ui/query/sqleditor.h"
#include "ui/query/sqlholes.h"
#include "ui/theme/labels.h"

namespace tocsin::ui {

/// The Postgres pane's widgets and where they stand; what they do is in sqlpane.cpp. The widgets
/// belong to the pane.
struct SqlParts {
    ServerLine* line = nullptr;
    SqlEditor* editor = nullptr;
    QPushButton* run = nullptr;
    QPushButton* cancel = nullptr;
    QPushButton* explain = nullptr;
    QPushButton* activity = nullptr;
    theme::ElidedLabel* status = nullptr;
    QFrame* notice = nullptr;
    QLabel* noticeText = nullptr;
    QPushButton* rehearse = nullptr;
    SqlHoles* holes = nullptr;
    SqlConfirm* confirm = nullptr;
    SqlDecision* decision = nullptr;
    QTabWidget* tabs = nullptr;
    ResultView* view = nullptr;
    ResultGrid* grid = nullptr;  ///< of the view
    ReceiptView* receipt = nullptr;
    ActivityView* activityView = nullptr;
    PlanView* plan = nullptr;
    QueryHistory* history = nullptr;
    HistoryView* historyView = nullptr;
    ListenView* listenView = nullptr;
    theme::ElidedLabel* footer = nullptr;

    void build(theme::Theme& theme, Clock& clock, QWidget* pane);

private:
    void buildButtons(QWidget* pane);
    void buildNotice(QWidget* pane);
    void arrange(QWidget* pane);
};

}  // namespace tocsin::ui

#pragma once
#include <QPointer>
#include <QWidget>
#include <memory>

#include "sdk/clock.h"
#include "sdk/error.h"
#include "ui/theme/theme.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace tocsin::inspection {
class Connection;
class QueueWatch;
}  // namespace tocsin::inspection

namespace tocsin::ui {

class QueueDetails;
class QueuesModel;

/// All BullMQ and Bull queues of a Redis: delayed, or stuck? Looks only while it is visible. GUI
/// thread.
class QueuesView : public QWidget {
    Q_OBJECT
public:
    QueuesView(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);
    ~QueuesView() override;

    /// Not owned; null shows nothing.
    void setConnection(inspection::Connection* connection);

signals:
    void queuesFound(bool any);
    void valuePicked(const QString& value, const QString& origin);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildTable();
    void find();
    void showQueues();
    void fitColumns();
    void showHowMany();
    void showFailure(const Error& error);
    void boundState();
    void showChosen();
    void showProgress();

    theme::Theme& m_theme;
    Clock& m_clock;
    QPointer<inspection::Connection> m_connection;
    std::unique_ptr<inspection::QueueWatch> m_watch;
    QueuesModel* m_model;
    QSortFilterProxyModel* m_sorted;
    QTableView* m_table;
    QLineEdit* m_filter;
    QCheckBox* m_follow;
    QPushButton* m_find;
    QLabel* m_status;
    QueueDetails* m_details;
};

}  // namespace tocsin::ui

#pragma once
#include <QWidget>

#include "sdk/clock.h"
#include "ui/query/queryhistory.h"
#include "ui/theme/theme.h"

class QLineEdit;
class QListWidget;

namespace tocsin::ui {

/// Earlier statements of a connection and its saved queries, found by words. GUI thread.
class HistoryView : public QWidget {
    Q_OBJECT
public:
    /// `history` outlives the view.
    HistoryView(theme::Theme& theme, QueryHistory& history, QWidget* parent = nullptr);

    void follow(const QString& connection);

signals:
    void chosen(const QString& sql);
    /// What is in the editor shall be kept under this name.
    void saveWanted(const QString& name);

private:
    void fill();

    QueryHistory& m_history;
    QString m_connection;
    QLineEdit* m_search;
    QLineEdit* m_name;
    QListWidget* m_list;
};

}  // namespace tocsin::ui

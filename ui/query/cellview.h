#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QTabBar;
class QTreeView;

namespace tocsin::ui {

/// One whole cell: as text, as a JSON tree where it is JSON, as bytes. GUI thread.
class CellView : public QWidget {
    Q_OBJECT
public:
    explicit CellView(theme::Theme& theme, QWidget* parent = nullptr);

    void show(const QString& column, const QByteArray& cell, bool isNull);
    using QWidget::show;

signals:
    void closed();

private:
    void fillJson(const QByteArray& cell);

    quint64 m_turn = 0;  ///< of the cell that is shown; JSON of an older one comes too late
    QLabel* m_title;
    QTabBar* m_ways;
    QStackedWidget* m_pages;
    QPlainTextEdit* m_text;
    QPlainTextEdit* m_hex;
    QTreeView* m_tree;
};

/// "000000: dead beef …  ....": sixteen bytes a line, as xxd has them, of at most `most` bytes. A
/// cell that PostgreSQL wrote as \x… is shown as the bytes that it means.
QString hexText(const QByteArray& cell, qsizetype most);

}  // namespace tocsin::ui

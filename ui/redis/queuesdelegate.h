#pragma once
#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace tocsin::ui {

/// Rows of the queue list: a mark for the state, words in its colour, a line for the trend.
class QueuesDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit QueuesDelegate(theme::Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    QColor stateColor(int state) const;
    void paintTrend(QPainter& painter, const QRect& box, const QVector<qint64>& values) const;

    theme::Theme& m_theme;
};

}  // namespace tocsin::ui

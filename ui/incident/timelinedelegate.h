#pragma once
#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace tocsin::ui {

/// One line of the timeline: when (UTC), who, what.
class TimelineDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    /// `person` is written as "you".
    TimelineDelegate(theme::Theme& theme, const QString& person, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintWords(QPainter& painter, QRect row, const QModelIndex& index) const;
    QColor actorInk(const QString& actor) const;
    theme::Theme& m_theme;
    QString m_person;
};

}  // namespace tocsin::ui

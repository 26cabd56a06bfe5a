#pragma once
#include <QWidget>

#include "incidents/timeline.h"

class QComboBox;
class QLineEdit;

namespace tocsin::ui {

/// Which events of the timeline are shown: what sort, by whom, with which words. Says so as one
/// types.
class TimelineFilterBar : public QWidget {
    Q_OBJECT
public:
    explicit TimelineFilterBar(QWidget* parent = nullptr);

    incidents::TimelineFilter filter() const;
    /// The people to choose from; the chosen one stays.
    void setActors(const QStringList& actors);
    void clear();
    void focusSearch();

signals:
    void changed();

private:
    QComboBox* combo(const QString& name, const QString& accessible);

    QComboBox *m_sort, *m_actor;
    QLineEdit* m_text;
};

}  // namespace tocsin::ui

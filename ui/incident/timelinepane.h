#pragma once
#include <QWidget>

#include "ui/incident/currentincident.h"
#include "ui/theme/theme.h"

class QLabel;
class QLineEdit;
class QListView;
class QPlainTextEdit;
class QPushButton;
class QSortFilterProxyModel;

namespace tocsin::ui {

class TimelineModel;

/// What happened and who did it, newest first; a note is one key (N) and one line away. Enter on a
/// line shows the evidence that was kept with it.
class TimelinePane : public QWidget {
    Q_OBJECT
public:
    TimelinePane(theme::Theme& theme, CurrentIncident& current, incidents::Journal& journal,
                 const QString& person, QWidget* parent = nullptr);

    TimelineModel& model() { return *m_model; }
    void focusNote();

private:
    QWidget* buildHeader();
    void reload();
    void refreshCaption();
    void writeNote();
    void showEvidence(const QModelIndex& index);

    CurrentIncident& m_current;
    incidents::Journal& m_journal;
    QString m_person;
    TimelineModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QLabel* m_caption;
    QLineEdit *m_filter, *m_note;
    QListView* m_list;
    QPlainTextEdit* m_evidence;
    QLabel* m_error;
};

}  // namespace tocsin::ui

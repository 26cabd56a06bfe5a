#pragma once
#include <QWidget>

#include "incidents/journal.h"
#include "ui/theme/theme.h"

class QAbstractItemModel;
class QComboBox;
class QLabel;
class QTableView;

namespace tocsin::ui {

class FiguresModel;
class InlineForm;
class PastModel;
class StatisticsChart;

/// Past incidents: how often and how fast, as a chart and by severity and key, and the incidents
/// themselves; also where one of another machine is imported. Reads when it is shown and when an
/// incident changes while it is. GUI thread.
class PastPane : public QWidget {
    Q_OBJECT
public:
    PastPane(theme::Theme& theme, store::Database& database, incidents::Journal& journal,
             Clock& clock, const QString& person, QWidget* parent = nullptr);

    /// Asks for the file to import.
    void askImport();

signals:
    /// An incident was chosen, to be looked at.
    void chosen(const tocsin::incidents::Incident& incident);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildHeader();
    QTableView* table(const QString& name, const QString& label, QAbstractItemModel* model);
    void read();
    void show(const QVector<incidents::Incident>& all);
    using QWidget::show;
    void importFile();
    void choose(const QModelIndex& row);

    store::Database& m_database;
    incidents::Journal& m_journal;
    Clock& m_clock;
    QString m_person;
    FiguresModel* m_figuresModel;
    PastModel* m_pastModel;
    QVector<incidents::Incident> m_incidents;
    QComboBox* m_span = nullptr;
    QLabel* m_summary = nullptr;
    StatisticsChart* m_chart = nullptr;
    QTableView *m_figures = nullptr, *m_past = nullptr;
    InlineForm* m_import = nullptr;
    bool m_reading = false, m_readAgain = false;
};

}  // namespace tocsin::ui

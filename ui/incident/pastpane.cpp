#include "ui/incident/pastpane.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>

#include "incidents/projection.h"
#include "incidents/statistics.h"
#include "sdk/async.h"
#include "ui/incident/figuresmodel.h"
#include "ui/incident/inlineform.h"
#include "ui/incident/pastmodel.h"
#include "ui/incident/statisticschart.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Incident;

namespace {

constexpr int kDays[] = {30, 90, 365};
constexpr int kMostRead = 100000;

}  // namespace

PastPane::PastPane(theme::Theme& theme, store::Database& database, incidents::Journal& journal,
                   Clock& clock, const QString& person, QWidget* parent)
    : QWidget(parent),
      m_database(database),
      m_journal(journal),
      m_clock(clock),
      m_person(person),
      m_figuresModel(new FiguresModel(this)),
      m_pastModel(new PastModel(this)) {
    setObjectName(u"pastPane"_s);
    setAccessibleName(tr("Past incidents"));
    setMinimumHeight(150);  // the window decides how high it is
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(8);
    column->addWidget(buildHeader());
    m_import = new InlineForm(u"importForm"_s, tr("Import a copy to read from"));
    m_import->addField(u"importPath"_s, tr("File"), tr("path of an exported .json file"));
    m_import->setConfirm(u"importConfirm"_s, tr("Import"), u"primary"_s);
    column->addWidget(m_import);
    m_chart = new StatisticsChart(theme);
    column->addWidget(m_chart, 2);
    m_figures = table(u"figuresTable"_s, tr("Figures by severity and key"), m_figuresModel);
    m_figures->horizontalHeader()->setStretchLastSection(false);
    m_figures->horizontalHeader()->setSectionResizeMode(FiguresModel::Name, QHeaderView::Stretch);
    column->addWidget(m_figures, 2);
    m_past = table(u"pastTable"_s, tr("Past incidents"), m_pastModel);
    column->addWidget(m_past, 3);
    connect(m_import, &InlineForm::confirmed, this, &PastPane::importFile);
    connect(m_import, &InlineForm::cancelled, m_import, &QWidget::hide);
    connect(m_past, &QTableView::activated, this, &PastPane::choose);
    connect(&journal, &incidents::Journal::incidentChanged, this, [this] {
        if (isVisible()) read();
    });
}

QWidget* PastPane::buildHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_span = new QComboBox;
    m_span->setObjectName(u"pastSpan"_s);
    m_span->setAccessibleName(tr("Time to look back"));
    for (const int days : kDays)
        m_span->addItem(tr("last %1 days").arg(days), days);
    m_span->setCurrentIndex(1);
    m_summary = new QLabel;
    m_summary->setObjectName(u"pastSummary"_s);
    m_summary->setWordWrap(true);
    theme::setRole(m_summary, u"muted"_s);
    auto* import = new QPushButton(tr("Import…"));
    import->setObjectName(u"pastImport"_s);
    import->setAccessibleName(tr("Import an incident of another machine"));
    theme::setRole(import, u"ghost"_s);
    row->addWidget(m_span);
    row->addWidget(m_summary, 1);
    row->addWidget(import);
    connect(m_span, &QComboBox::currentIndexChanged, this, [this] { show(m_incidents); });
    connect(import, &QPushButton::clicked, this, &PastPane::askImport);
    return header;
}

QTableView* PastPane::table(const QString& name, const QString& label, QAbstractItemModel* model) {
    auto* made = new QTableView;
    made->setObjectName(name);
    made->setAccessibleName(label);
    made->setModel(model);
    made->setSelectionBehavior(QAbstractItemView::SelectRows);
    made->setEditTriggers(QAbstractItemView::NoEditTriggers);
    made->setShowGrid(false);
    made->setWordWrap(false);
    made->setMinimumHeight(56);
    made->verticalHeader()->hide();
    made->horizontalHeader()->setStretchLastSection(true);
    made->horizontalHeader()->setHighlightSections(false);
    made->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return made;
}

void PastPane::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    read();
}

void PastPane::read() {
    if (std::exchange(m_reading, true)) {
        m_readAgain = true;
        return;
    }
    whenDone(m_database.read<QVector<Incident>>(
                 [](store::Transaction& tx) { return incidents::Projection::list(tx, kMostRead); }),
             this, [this](const Result<QVector<Incident>>& found) {
                 m_reading = false;
                 if (std::exchange(m_readAgain, false)) return read();
                 if (found) return show(*found);
                 theme::setRole(m_summary, u"critical"_s);
                 m_summary->setText(found.error().message);
             });
}

void PastPane::show(const QVector<Incident>& all) {
    m_incidents = all;
    const QDate today = m_clock.now().toUTC().date();
    const auto found =
        incidents::statisticsOf(all, today.addDays(1 - m_span->currentData().toInt()), today);
    m_chart->setPeriods(found.periods);
    m_figuresModel->setStatistics(found);
    m_pastModel->setIncidents(all);
    for (QTableView* each : {m_figures, m_past})
        each->resizeColumnsToContents();
    theme::setRole(m_summary, u"muted"_s);
    const QString count =
        found.all.count == 1 ? tr("1 incident") : tr("%1 incidents").arg(found.all.count);
    m_summary->setText(found.all.count == 0 ? tr("No incident was declared in this time.")
                                            : tr("%1, %2 open").arg(count).arg(found.all.open));
}

void PastPane::askImport() {
    m_import->ask();
}

void PastPane::importFile() {
    const QString path = m_import->findChild<QLineEdit*>(u"importPath"_s)->text().trimmed();
    if (path.isEmpty()) return m_import->showError(tr("Name the file to import."));
    m_import->setBusy(true);
    whenDone(m_journal.import(path, m_person), this,
             [this](const Result<incidents::Record>& record) {
                 if (!record) return m_import->showError(record.error().message);
                 m_import->setBusy(false);
                 m_import->hide();
                 read();
             });
}

void PastPane::choose(const QModelIndex& row) {
    const QString id = row.data(PastModel::IdRole).toString();
    for (const Incident& incident : std::as_const(m_incidents))
        if (incident.id == id) return emit chosen(incident);
}

}  // namespace tocsin::ui

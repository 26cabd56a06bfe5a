#include "ui/query/resultview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTabBar>
#include <algorithm>

#include "sdk/async.h"
#include "ui/query/cellview.h"
#include "ui/query/chartview.h"
#include "ui/query/sqloutcome.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kAnnouncedAtOnce = 20'000;
constexpr qsizetype kMostPins = 8;  // each keeps its rows in memory

Result<qint64> writtenFile(const std::shared_ptr<const ResultSet>& set,
                           const QVector<qsizetype>& rows, const QString& path) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::Disk,
                    QStringLiteral("%1 cannot be written: %2.").arg(path, file.errorString()));
    const bool all = inspection::write(
        *set, inspection::formatOfFile(path), rows,
        [&file](const QByteArray& piece) { return file.write(piece) == piece.size(); });
    const qint64 size = file.size();
    if (!all || !file.commit())
        return fail(ErrorCode::Disk, QStringLiteral("%1 could not be written to its end: %2. "
                                                    "Nothing was left behind.")
                                         .arg(path, file.errorString()));
    return size;
}

QString homeExpanded(const QString& path) {
    QString file = path.trimmed();
    if (file.startsWith(u"~/"_s)) file.replace(0, 1, QDir::homePath());
    return file;
}

}  // namespace

struct ResultView::Parts {
    QLineEdit* filter = nullptr;
    QPushButton* pin = nullptr;
    QPushButton* compare = nullptr;
    QComboBox* key = nullptr;  ///< by which column rows are the same
    QPushButton* chart = nullptr;
    QPushButton* exporting = nullptr;
    QWidget* exportRow = nullptr;
    QLineEdit* path = nullptr;
    QPushButton* exportAll = nullptr;
    QLabel* caption = nullptr;
    QStackedWidget* pages = nullptr;
    QSplitter* sides = nullptr;
    ResultGrid* grid = nullptr;
    QWidget* pinnedSide = nullptr;
    QTabBar* pinTabs = nullptr;
    ResultGrid* pinnedGrid = nullptr;
    ResultGrid* difference = nullptr;
    ChartView* chartView = nullptr;
    CellView* cell = nullptr;
    QVector<std::shared_ptr<const ResultSet>> pins;  ///< one for each tab
    std::shared_ptr<const ResultSet> pinned;         ///< the one that is shown
    int pinsMade = 0;
    QString replaced;  ///< a file that is there, and may be written over when asked for again
};

ResultView::ResultView(theme::Theme& theme, QWidget* parent, const QString& names)
    : QWidget(parent), m_theme(theme), m_names(names), m_parts(std::make_unique<Parts>()) {
    Parts& p = *m_parts;
    buildBar();
    buildBody();
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 4, 12, 2);
    bar->addWidget(p.filter, 1);
    for (QWidget* each :
         std::initializer_list<QWidget*>{p.pin, p.compare, p.key, p.chart, p.exporting})
        bar->addWidget(each);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(2);
    all->addLayout(bar);
    all->addWidget(p.exportRow);
    all->addWidget(p.caption);
    auto* split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(p.pages);
    split->addWidget(p.cell);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    all->addWidget(split, 1);
}

ResultView::~ResultView() = default;

ResultGrid* ResultView::grid() const {
    return m_parts->grid;
}

void ResultView::buildBar() {
    Parts& p = *m_parts;
    const auto button = [this](const QString& text, const QString& name, const QString& tip) {
        auto* made = new QPushButton(text, this);
        made->setObjectName(name);
        made->setAccessibleName(tip);
        made->setToolTip(tip);
        theme::setRole(made, u"ghost"_s);
        return made;
    };
    p.filter = new QLineEdit(this);
    p.filter->setObjectName(m_names + u"Filter"_s);
    p.filter->setAccessibleName(tr("Show only rows that contain"));
    p.filter->setPlaceholderText(tr("Filter rows"));
    p.filter->setClearButtonEnabled(true);
    p.pin = button(tr("Pin"), m_names + u"Pin"_s, tr("Keep this result beside the next ones"));
    p.compare = button(tr("Compare"), m_names + u"Compare"_s,
                       tr("What changed against the pinned result, by the key column"));
    p.compare->setCheckable(true);
    p.compare->setEnabled(false);
    p.key = new QComboBox(this);
    p.key->setObjectName(m_names + u"CompareKey"_s);
    p.key->setAccessibleName(tr("The column by which rows of both results are the same"));
    p.key->setToolTip(p.key->accessibleName());
    p.key->hide();
    connect(p.key, &QComboBox::activated, this, [this] { compare(); });
    p.chart =
        button(tr("Chart"), m_names + u"ChartToggle"_s, tr("Draw a numeric column over time"));
    p.chart->setCheckable(true);
    p.exporting = button(tr("Export"), m_names + u"Export"_s, tr("Write what is shown to a file"));
    p.exporting->setCheckable(true);
    p.exportRow = new QWidget(this);
    p.path = new QLineEdit(p.exportRow);
    p.path->setObjectName(m_names + u"ExportPath"_s);
    p.path->setAccessibleName(tr("File to write: .csv, .tsv, .json, .md or .sql"));
    p.path->setPlaceholderText(tr("file: .csv, .tsv, .json, .md or .sql says the format"));
    auto* save = new QPushButton(tr("Write"), p.exportRow);
    save->setObjectName(m_names + u"ExportWrite"_s);
    save->setAccessibleName(tr("Write the file"));
    auto* row = new QHBoxLayout(p.exportRow);
    row->setContentsMargins(12, 0, 12, 2);
    row->addWidget(p.path, 1);
    row->addWidget(save);
    p.exportAll = new QPushButton(tr("Run again, write all"), p.exportRow);
    p.exportAll->setObjectName(m_names + u"ExportAll"_s);
    p.exportAll->setAccessibleName(
        tr("Run the statement again and write every row to the file, without the limit"));
    p.exportAll->setToolTip(p.exportAll->accessibleName());
    p.exportAll->hide();
    row->addWidget(p.exportAll);
    connect(p.exportAll, &QPushButton::clicked, this, &ResultView::exportAll);
    p.exportRow->hide();
    connect(p.filter, &QLineEdit::textChanged, this, &ResultView::filter);
    connect(p.pin, &QPushButton::clicked, this, &ResultView::pin);
    connect(p.compare, &QPushButton::clicked, this, &ResultView::compare);
    connect(p.chart, &QPushButton::toggled, this, [this](bool on) {
        Parts& parts = *m_parts;
        if (on) parts.compare->setChecked(false);
        if (on) parts.key->hide();
        if (on) parts.chartView->show(parts.grid->set());
        parts.pages->setCurrentWidget(on ? static_cast<QWidget*>(parts.chartView) : parts.sides);
        parts.caption->hide();
    });
    connect(p.exporting, &QPushButton::toggled, this, [this](bool on) {
        Parts& parts = *m_parts;
        parts.exportRow->setVisible(on);
        if (parts.path->text().isEmpty())
            parts.path->setText(QStandardPaths::writableLocation(QStandardPaths::DownloadLocation) +
                                u"/result.csv"_s);
        if (on) parts.path->setFocus();
    });
    connect(save, &QPushButton::clicked, this, [this] { exportTo(m_parts->path->text()); });
    connect(p.path, &QLineEdit::returnPressed, save, &QPushButton::click);
}

void ResultView::buildBody() {
    Parts& p = *m_parts;
    p.pages = new QStackedWidget(this);
    p.grid = new ResultGrid(m_theme, this);
    p.grid->setObjectName(m_names + u"Grid"_s);
    p.pinnedGrid = new ResultGrid(m_theme, this);
    p.pinnedGrid->setObjectName(m_names + u"Pinned"_s);
    p.pinnedGrid->setAccessibleName(tr("Pinned result"));
    buildPins();
    p.difference = new ResultGrid(m_theme, this);
    p.difference->setObjectName(m_names + u"Difference"_s);
    p.difference->setAccessibleName(tr("What changed"));
    p.chartView = new ChartView(m_theme, this, m_names);
    p.cell = new CellView(m_theme, this);
    p.cell->hide();
    p.sides = new QSplitter(Qt::Horizontal, this);
    p.sides->setChildrenCollapsible(false);
    p.sides->addWidget(p.grid);
    p.sides->addWidget(p.pinnedSide);
    p.caption = new QLabel(this);
    p.caption->setObjectName(m_names + u"ResultCaption"_s);
    p.caption->setTextFormat(Qt::PlainText);
    p.caption->setContentsMargins(12, 0, 12, 2);
    theme::setRole(p.caption, u"muted"_s);
    p.caption->hide();
    for (QWidget* page : std::initializer_list<QWidget*>{p.sides, p.chartView, p.difference})
        p.pages->addWidget(page);
    for (ResultGrid* each : {p.grid, p.pinnedGrid, p.difference})
        connect(each, &ResultGrid::cellOpened, this, &ResultView::openCell);
    connect(p.cell, &CellView::closed, this, [this] {
        m_parts->cell->hide();
        m_parts->grid->setFocus();
    });
    connect(p.grid, &ResultGrid::arranged, this, [this](int rows) {
        if (m_parts->grid->set())
            emit said(tr("%1 of %2 rows shown").arg(rows).arg(m_parts->grid->set()->rowCount()));
    });
}

void ResultView::show(std::shared_ptr<const ResultSet> set) {
    m_parts->replaced.clear();  // what was allowed was allowed for other rows
    if (set != m_parts->grid->set()) {
        m_parts->cell->hide();  // what stands there is of other rows, too
        m_parts->caption->hide();
    }
    m_parts->grid->show(std::move(set));
}

void ResultView::grow(const std::shared_ptr<const ResultSet>& set) {
    const qsizetype shown = m_parts->grid->model()->rowCount();
    const bool large = set == m_parts->grid->set() && shown > kAnnouncedAtOnce;
    if (!large || set->rowCount() >= 2 * shown) show(set);
}

void ResultView::finish() {
    Parts& p = *m_parts;
    p.grid->widenColumns();
    // What arrived after it was sorted or filtered is part of the result as well.
    if (!p.filter->text().isEmpty() || !p.grid->arrangement().isPlain()) filter();
    if (p.chart->isChecked()) p.chartView->show(p.grid->set());
    if (p.compare->isChecked()) compare();
}

void ResultView::filter() {
    inspection::Arrangement wanted = m_parts->grid->arrangement();
    wanted.filter = m_parts->filter->text();
    m_parts->grid->arrange(wanted);
}

void ResultView::buildPins() {
    Parts& p = *m_parts;
    p.pinnedSide = new QWidget(this);
    p.pinTabs = new QTabBar(p.pinnedSide);
    p.pinTabs->setObjectName(m_names + u"Pins"_s);
    p.pinTabs->setAccessibleName(tr("Pinned results"));
    p.pinTabs->setDrawBase(false);
    p.pinTabs->setExpanding(false);
    auto* column = new QVBoxLayout(p.pinnedSide);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(p.pinTabs);
    column->addWidget(p.pinnedGrid, 1);
    p.pinnedSide->hide();
    connect(p.pinTabs, &QTabBar::currentChanged, this, &ResultView::showPin);
    connect(p.pinTabs, &QTabBar::tabCloseRequested, this, [this](int index) {
        m_parts->pins.removeAt(index);
        m_parts->pinTabs->removeTab(index);
        showPin();
    });
}

void ResultView::pin() {
    Parts& p = *m_parts;
    if (!p.grid->set()) return emit said(tr("There is nothing to pin yet."));
    if (p.pins.size() == kMostPins) {
        p.pins.removeFirst();
        p.pinTabs->removeTab(0);
    }
    p.pins << p.grid->set();
    const qsizetype rows = p.grid->set()->rowCount();
    const int at = p.pinTabs->addTab(tr("#%1 · %2").arg(++p.pinsMade).arg(rows));
    p.pinTabs->setTabToolTip(at, tr("Pinned result %1: %2 rows").arg(p.pinsMade).arg(rows));
    auto* close = new QPushButton(u"×"_s, p.pinTabs);
    close->setObjectName(u"sqlUnpin%1"_s.arg(p.pinsMade));
    close->setAccessibleName(tr("Let go of pinned result %1").arg(p.pinsMade));
    close->setToolTip(close->accessibleName());
    theme::setRole(close, u"ghost"_s);
    close->setFixedSize(22, 22);
    connect(close, &QPushButton::clicked, this, [this, close] {
        for (int i = 0; i < m_parts->pinTabs->count(); ++i)
            if (m_parts->pinTabs->tabButton(i, QTabBar::RightSide) == close)
                return emit m_parts->pinTabs->tabCloseRequested(i);
    });
    p.pinTabs->setTabButton(at, QTabBar::RightSide, close);
    p.pinTabs->setCurrentIndex(static_cast<int>(p.pins.size()) - 1);
    showPin();
}

void ResultView::showPin() {
    Parts& p = *m_parts;
    p.pinned = p.pins.value(p.pinTabs->currentIndex());
    p.pinnedGrid->show(p.pinned);
    p.pinnedSide->setVisible(p.pinned != nullptr);
    p.compare->setEnabled(p.pinned != nullptr);
    p.key->clear();
    if (p.pinned)
        for (const Column& column : p.pinned->columns())
            p.key->addItem(tr("by %1").arg(column.name));
    else
        p.compare->setChecked(false);
    compare();
}

void ResultView::compare() {
    Parts& p = *m_parts;
    p.caption->hide();
    p.key->setVisible(p.compare->isChecked() && p.pinned);
    if (!p.compare->isChecked() || !p.pinned || !p.grid->set()) {
        p.pages->setCurrentWidget(p.sides);
        return;
    }
    p.chart->setChecked(false);
    runOnPool(
        this,
        [before = p.pinned, after = p.grid->set(), key = std::max(0, p.key->currentIndex())] {
            return inspection::compared(*before, *after, key);
        },
        [this](const Result<inspection::Difference>& difference) { showDifference(difference); });
}

void ResultView::showDifference(const Result<inspection::Difference>& difference) {
    Parts& p = *m_parts;
    if (!p.compare->isChecked()) return;
    p.caption->show();
    if (!difference) {
        p.caption->setText(difference.error().message);
        p.compare->setChecked(false);
        return;
    }
    p.caption->setText(
        tr("%1 changed, %2 added, %3 gone, %4 the same, by %5")
            .arg(difference->changed)
            .arg(difference->added)
            .arg(difference->gone)
            .arg(difference->same)
            .arg(p.pinned->columns().value(std::max(0, p.key->currentIndex())).name));
    p.difference->show(difference->rows);
    p.pages->setCurrentWidget(p.difference);
}

void ResultView::openCell(const QModelIndex& index) {
    if (!index.isValid()) return;
    const QString column =
        index.model()->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString();
    m_parts->cell->show(column, index.data(ResultModel::BytesRole).toByteArray(),
                        index.data(ResultModel::NullRole).toBool());
}

void ResultView::setCut(bool cut) {
    m_parts->exportAll->setVisible(cut);
}

void ResultView::exportAll() {
    const QString file = homeExpanded(m_parts->path->text());
    if (file.isEmpty()) return emit said(tr("Name the file first."));
    if (inspection::formatOfFile(file) == inspection::Format::Table)
        return emit said(
            tr("A table waits for its widest value: name the file .csv, .tsv, .json, "
               ".md or .sql."));
    if (mayReplace(file)) emit exportAllWanted(file);
}

void ResultView::exportTo(const QString& path) {
    const auto set = m_parts->grid->set();
    if (!set || path.trimmed().isEmpty()) return emit said(tr("There is nothing to write yet."));
    const QString file = homeExpanded(path);
    if (!mayReplace(file)) return;
    // What is chosen is for copying; a file has all that is shown.
    const QVector<qsizetype> rows = m_parts->grid->shownRows();
    // No rows would mean all of them to the writer.
    if (rows.isEmpty() && m_parts->grid->model()->rowCount() == 0 && set->rowCount() > 0)
        return emit said(tr("No row is shown, so nothing was written; clear the filter first."));
    const qsizetype count = rows.isEmpty() ? set->rowCount() : rows.size();
    runOnPool(
        this, [set, rows, file] { return writtenFile(set, rows, file); },
        [this, file, count](const Result<qint64>& size) {
            if (size) m_parts->exporting->setChecked(false);
            const QString text =
                size ? tr("%1 written, %2 rows, %3").arg(file).arg(count).arg(bytesText(*size))
                     : size.error().message;
            emit said(text);
            emit exported(text, size.has_value());
        });
}

/// A file that is there already is evidence of before: replaced when it is asked for twice.
bool ResultView::mayReplace(const QString& file) {
    if (!QFileInfo::exists(file) || std::exchange(m_parts->replaced, {}) == file) return true;
    m_parts->replaced = file;
    const QString text =
        tr("%1 exists. Press again to replace it, or choose another name.").arg(file);
    emit said(text);
    emit exported(text, false);
    return false;
}

}  // namespace tocsin::ui

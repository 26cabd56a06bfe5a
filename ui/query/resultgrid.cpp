#include "ui/query/resultgrid.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <algorithm>

#include "sdk/async.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using inspection::Format;

namespace {

constexpr int kNarrowest = 56;
constexpr int kWidest = 420;
constexpr int kMeasuredRows = 60;
constexpr int kPad = 9;
constexpr int kAround = 2 * kPad + 4;

/// NULL faint, a non-empty list of blockers red, an emphasized row on a red ground.
class ResultCellDelegate : public QStyledItemDelegate {
public:
    ResultCellDelegate(theme::Theme& theme, ResultGrid* grid)
        : QStyledItemDelegate(grid), m_theme(theme), m_grid(*grid) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const theme::Palette& colors = m_theme.colors();
        const bool selected = option.state & QStyle::State_Selected;
        if (selected)
            painter->fillRect(option.rect, colors.selection);
        else if (m_grid.emphasized().contains(m_grid.sourceRow(index)))
            painter->fillRect(option.rect, colors.criticalFill);
        painter->setPen(colors.line);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(colors.focus);
            painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
        }
        painter->setFont(m_theme.monoFont(-1));
        painter->setPen(ink(index));
        const QRect box = option.rect.adjusted(kPad, 0, -kPad, 0);
        const QString text = painter->fontMetrics().elidedText(
            index.data(Qt::DisplayRole).toString(), Qt::ElideRight, box.width());
        painter->drawText(box, index.data(Qt::TextAlignmentRole).toInt(), text);
    }

private:
    QColor ink(const QModelIndex& index) const {
        const theme::Palette& colors = m_theme.colors();
        if (index.data(ResultModel::NullRole).toBool()) return colors.faint;
        const QString text = index.data(Qt::DisplayRole).toString();
        const QString column =
            index.model()->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString();
        if (column == u"blocked_by") return text == u"{}" ? colors.faint : colors.critical;
        return colors.text;
    }

    theme::Theme& m_theme;
    ResultGrid& m_grid;
};

}  // namespace

ResultGrid::ResultGrid(theme::Theme& theme, QWidget* parent)
    : QTableView(parent), m_theme(theme), m_model(new ResultModel(this)) {
    setObjectName(u"sqlGrid"_s);
    setAccessibleName(tr("Result rows"));
    setModel(m_model);
    setItemDelegate(new ResultCellDelegate(theme, this));
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollMode(ScrollPerPixel);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(QFontMetrics(theme.monoFont(-1)).height() + 10);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    connect(this, &QTableView::clicked, this, &ResultGrid::pick);
    connect(this, &QTableView::activated, this, &ResultGrid::pick);
    connect(this, &QTableView::activated, this, &ResultGrid::cellOpened);
    connect(this, &QTableView::doubleClicked, this, &ResultGrid::cellOpened);
    horizontalHeader()->setSectionsClickable(true);
    horizontalHeader()->setSortIndicatorShown(true);
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, &ResultGrid::sortBy);
    connect(&theme, &theme::Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void ResultGrid::show(std::shared_ptr<const ResultSet> set) {
    const bool isNew = set != m_model->set();
    m_model->show(std::move(set));
    if (!isNew) return m_measured < kMeasuredRows ? widenColumns() : void();
    m_measured = 0;
    scrollToTop();
    horizontalScrollBar()->setValue(0);
    m_emphasized.clear();
    ++m_turn;
    m_arrangement = {};
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    fitColumns();
}

void ResultGrid::showAgain(std::shared_ptr<const ResultSet> set) {
    const auto titles = [](const std::shared_ptr<const ResultSet>& of) {
        QStringList names;
        if (of)
            for (const Column& column : of->columns())
                names << column.name;
        return names;
    };
    if (titles(set) != titles(m_model->set())) return show(std::move(set));
    const int x = horizontalScrollBar()->value();
    const int y = verticalScrollBar()->value();
    m_emphasized.clear();
    m_model->show(std::move(set));
    if (!m_arrangement.isPlain()) arrange(m_arrangement);
    horizontalScrollBar()->setValue(x);
    verticalScrollBar()->setValue(y);
}

void ResultGrid::emphasize(const QSet<int>& rows) {
    m_emphasized = rows;
    viewport()->update();
}

void ResultGrid::fitColumns() {
    const QFontMetrics heads(m_theme.textFont(0, true));
    for (int c = 0; c < m_model->columnCount(); ++c)
        setColumnWidth(
            c, std::clamp(heads.horizontalAdvance(
                              m_model->headerData(c, Qt::Horizontal, Qt::DisplayRole).toString()) +
                              kAround,
                          kNarrowest, kWidest));
    widenColumns();
}

/// By the first rows and the last ones, as numbers grow; never narrower, so that nothing moves back
/// and forth while rows arrive.
void ResultGrid::widenColumns() {
    const QFontMetrics cells(m_theme.monoFont(-1));
    const int rows = m_model->rowCount();
    const int first = std::min(rows, kMeasuredRows);
    for (int c = 0; c < m_model->columnCount(); ++c) {
        int wide = columnWidth(c);
        const auto measure = [&](int from, int to) {
            for (int r = from; r < to && wide < kWidest; ++r)
                wide = std::max(wide, cells.horizontalAdvance(
                                          m_model->index(r, c).data(Qt::DisplayRole).toString()) +
                                          kAround);
        };
        measure(m_measured, first);
        measure(std::max(first, rows - kMeasuredRows), rows);
        if (wide > columnWidth(c)) setColumnWidth(c, std::min(wide, kWidest));
    }
    m_measured = first;
}

void ResultGrid::pick(const QModelIndex& index) {
    if (!index.isValid() || index.data(ResultModel::NullRole).toBool()) return;
    emit cellPicked(m_model->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(),
                    index.data(ResultModel::TextRole).toString(), index.row());
}

QString ResultGrid::textOf(Format format) const {
    if (!m_model->set()) return {};
    const QVector<qsizetype> rows = chosenRows();
    if (rows.isEmpty() && m_model->order()) return {};
    return QString::fromUtf8(inspection::toText(*m_model->set(), format, rows));
}

QVector<qsizetype> ResultGrid::chosenRows() const {
    QVector<int> places;
    for (const QModelIndex& index : selectionModel()->selectedRows())
        places << index.row();
    std::sort(places.begin(), places.end());
    QVector<qsizetype> rows;
    for (const int place : std::as_const(places))
        rows << m_model->sourceRow(place);
    return rows.isEmpty() ? shownRows() : rows;
}

QVector<qsizetype> ResultGrid::shownRows() const {
    if (!m_model->order()) return {};
    return {m_model->order()->begin(), m_model->order()->end()};
}

void ResultGrid::arrange(const inspection::Arrangement& wanted) {
    m_arrangement = wanted;
    const quint64 turn = ++m_turn;
    horizontalHeader()->setSortIndicator(
        wanted.sortColumn, wanted.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    const auto set = m_model->set();
    if (!set || wanted.isPlain()) {
        m_model->setOrder({});
        emit arranged(m_model->rowCount());
        return;
    }
    runOnPool(
        this, [set, wanted] { return inspection::arranged(*set, set->rowCount(), wanted); },
        [this, set, turn](inspection::RowOrder order) {
            if (turn != m_turn || set != m_model->set()) return;
            m_model->setOrder(std::move(order));
            emit arranged(m_model->rowCount());
        });
}

/// Up, down, and back to the server's order.
void ResultGrid::sortBy(int column) {
    inspection::Arrangement wanted = m_arrangement;
    if (wanted.sortColumn != column)
        wanted.descending = false;
    else if (wanted.descending)
        column = -1;
    else
        wanted.descending = true;
    wanted.sortColumn = column;
    arrange(wanted);
}

void ResultGrid::copy(Format format) {
    QApplication::clipboard()->setText(textOf(format));
}

void ResultGrid::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) return copy(Format::Tsv);
    QTableView::keyPressEvent(event);
}

void ResultGrid::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QModelIndex under = indexAt(event->pos());
    if (under.isValid())
        menu->addAction(tr("Copy cell"), this,
                        [text = under.data(ResultModel::TextRole).toString()] {
                            QApplication::clipboard()->setText(text);
                        });
    const std::pair<QString, Format> choices[] = {{tr("Copy rows as TSV"), Format::Tsv},
                                                  {tr("Copy rows as CSV"), Format::Csv},
                                                  {tr("Copy rows as JSON"), Format::Json},
                                                  {tr("Copy rows as Markdown"), Format::Markdown},
                                                  {tr("Copy rows as INSERT"), Format::Insert}};
    for (const auto& [title, format] : choices)
        menu->addAction(title, this, [this, chosen = format] { copy(chosen); });
    menu->popup(event->globalPos());
}

}  // namespace tocsin::ui

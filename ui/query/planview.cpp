#include "ui/query/planview.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTreeView>
#include <algorithm>

#include "ui/query/activitydelegate.h"
#include "ui/query/sessionmodels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDeepest = 500;
constexpr double kMisjudged = 10;

QString titleOf(const QJsonObject& node) {
    QString title = node[u"Node Type"].toString();
    if (const QString operation = node[u"Operation"].toString(); !operation.isEmpty())
        title = operation;
    if (const QString join = node[u"Join Type"].toString(); !join.isEmpty() && join != u"Inner")
        title += u" · "_s + join;
    if (const QString index = node[u"Index Name"].toString(); !index.isEmpty())
        title += u" using "_s + index;
    if (const QString relation = node[u"Relation Name"].toString(); !relation.isEmpty()) {
        const QString schema = node[u"Schema"].toString();
        const bool isPlain = schema.isEmpty() || schema == u"public";
        title += u" on "_s + (isPlain ? relation : schema + u'.' + relation);
    }
    return title;
}

QString detailOf(const QJsonObject& node) {
    QStringList parts;
    for (const char* key : {"Index Cond", "Hash Cond", "Merge Cond", "Join Filter", "Filter",
                            "Recheck Cond", "One-Time Filter"})
        if (const QString text = node[QLatin1String(key)].toString(); !text.isEmpty())
            parts << text;
    const auto list = [&node](const char* key) {
        QStringList texts;
        for (const QJsonValue& each : node[QLatin1String(key)].toArray())
            texts << each.toString();
        return texts.join(u", "_s);
    };
    for (const char* key : {"Sort Key", "Group Key"})
        if (const QString text = list(key); !text.isEmpty())
            parts << QString::fromLatin1(key) + u": "_s + text;
    return parts.join(u" · "_s);
}

/// Whether what is below `node` is stopped early when a LIMIT is above. These read to the end.
bool passesStopOn(const QJsonObject& node) {
    static const QStringList untilTheEnd{u"Sort"_s, u"Hash"_s, u"Aggregate"_s, u"Materialize"_s,
                                         u"WindowAgg"_s};
    return !untilTheEnd.contains(node[u"Node Type"_s].toString());
}

PlanNode readPlanNode(const QJsonObject& json, double whole, bool ran, int depth,
                      bool isCutShort = false) {
    PlanNode node;
    node.isCutShort = isCutShort && json[u"Node Type"_s] != u"Hash"_s;
    const bool cutsBelow = json[u"Node Type"_s] == u"Limit"_s || (isCutShort && passesStopOn(json));
    node.title = titleOf(json);
    node.detail = detailOf(json);
    node.cost = json[u"Total Cost"].toDouble();
    node.rows = json[u"Plan Rows"].toDouble();
    const double loops = std::max(1.0, json[u"Actual Loops"].toDouble(1));
    if (ran) {
        // The planner's estimate is of one loop, as is each of the figures measured.
        node.rows *= loops;
        node.actualRows = json[u"Actual Rows"].toDouble() * loops;
        node.actualMs = json[u"Actual Total Time"].toDouble() * loops;
    }
    double below = 0;
    if (depth < kDeepest)
        for (const QJsonValue& child : json[u"Plans"].toArray()) {
            node.children << readPlanNode(child.toObject(), whole, ran, depth + 1, cutsBelow);
            below += ran ? node.children.last().actualMs : node.children.last().cost;
        }
    const double own = (ran ? node.actualMs : node.cost) - below;
    node.ownShare = whole > 0 ? std::clamp(own / whole, 0.0, 1.0) : 0;
    return node;
}

void appendPlanNode(QStandardItem* parent, const PlanNode& node) {
    const QLocale c(QLocale::English);
    const auto number = [&c](double value) { return c.toString(value, 'f', 0); };
    const QString texts[] = {
        node.title,
        QString::number(node.ownShare * 100, 'f', 0) + u" %"_s,
        node.actualMs < 0 ? c.toString(node.cost, 'f', 1) : c.toString(node.actualMs, 'f', 2),
        number(node.rows),
        node.actualRows < 0 ? QString() : number(node.actualRows),
        node.detail};
    QList<QStandardItem*> row;
    for (const QString& text : texts) {
        row << new QStandardItem(text);
        row.last()->setData(node.isCostly() || node.isMisjudged(), SessionModel::AlarmRole);
        row.last()->setToolTip(text);
    }
    parent->appendRow(row);
    for (const PlanNode& child : node.children)
        appendPlanNode(row.first(), child);
}

}  // namespace

bool PlanNode::isMisjudged() const {
    if (actualRows < 0 || (isCutShort && actualRows < rows)) return false;
    const double more = std::max(actualRows, rows);
    const double less = std::max(1.0, std::min(actualRows, rows));
    return more / less >= kMisjudged && more >= 100;
}

QVector<PlanNode> planIn(const QByteArray& json) {
    const QJsonObject top = QJsonDocument::fromJson(json).array().first()[u"Plan"].toObject();
    if (top.isEmpty()) return {};
    const bool ran = top.contains(u"Actual Total Time");
    const double whole =
        ran ? top[u"Actual Total Time"].toDouble() * std::max(1.0, top[u"Actual Loops"].toDouble(1))
            : top[u"Total Cost"].toDouble();
    return {readPlanNode(top, whole, ran, 0)};
}

PlanView::PlanView(theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_summary(new theme::ElidedLabel(
          tr("Explain shows here how the server would run the statement."), this)),
      m_analyze(new QPushButton(tr("Run and measure"), this)),
      m_tree(new QTreeView(this)) {
    setAccessibleName(tr("Plan of the statement"));
    m_summary->setObjectName(u"sqlPlanSummary"_s);
    theme::setRole(m_summary, u"muted"_s);
    m_analyze->setObjectName(u"sqlAnalyze"_s);
    m_analyze->setAccessibleName(tr("EXPLAIN ANALYZE: run the statement and measure each step"));
    m_tree->setObjectName(u"sqlPlan"_s);
    m_tree->setAccessibleName(tr("Steps of the plan"));
    m_tree->setModel(new QStandardItemModel(m_tree));
    m_tree->setItemDelegate(new ActivityDelegate(m_theme, m_tree));
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setUniformRowHeights(true);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 4, 12, 2);
    head->addWidget(m_summary, 1);
    head->addWidget(m_analyze);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(2);
    all->addLayout(head);
    all->addWidget(m_tree, 1);
    connect(m_analyze, &QPushButton::clicked, this, &PlanView::analyzeRequested);
    setUnlocked(false);
}

void PlanView::setUnlocked(bool unlocked) {
    m_analyze->setEnabled(unlocked);
    m_analyze->setToolTip(unlocked ? tr("EXPLAIN ANALYZE runs the statement")
                                   : tr("EXPLAIN ANALYZE runs the statement: unlock first"));
}

/// The figures beside a step must not be pushed out of a narrow pane by its name.
void PlanView::fitSteps() {
    const int last = m_tree->model()->columnCount() - 1;
    int figures = 0;
    for (int column = 0; column < last; ++column) {
        m_tree->resizeColumnToContents(column);
        if (column > 0) figures += m_tree->columnWidth(column);
    }
    const int room = std::max(160, m_tree->viewport()->width() - figures);
    if (last > 0) m_tree->setColumnWidth(0, std::min(m_steps, room));
}

int PlanView::widthOf(const PlanNode& node, int depth) const {
    constexpr int pad = 24;
    int wide = QFontMetrics(m_theme.monoFont(-1)).horizontalAdvance(node.title) +
               (depth + 1) * m_tree->indentation() + pad;
    for (const PlanNode& child : node.children)
        wide = std::max(wide, widthOf(child, depth + 1));
    return wide;
}

void PlanView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layout()->activate();
    fitSteps();
}

bool PlanView::show(const QByteArray& json) {
    const QVector<PlanNode> plan = planIn(json);
    if (plan.isEmpty()) return false;
    auto* model = static_cast<QStandardItemModel*>(m_tree->model());
    model->clear();
    const bool ran = plan[0].actualMs >= 0;
    model->setHorizontalHeaderLabels({tr("step"), tr("share"), ran ? tr("ms") : tr("cost"),
                                      tr("planned"), tr("seen"), tr("detail")});
    const QString tips[] = {{},
                            tr("Of the whole, by this step itself"),
                            {},
                            tr("Rows that the planner expected"),
                            tr("Rows that there were")};
    for (int column = 1; column < 5; ++column)
        model->horizontalHeaderItem(column)->setToolTip(tips[column]);
    appendPlanNode(model->invisibleRootItem(), plan[0]);
    m_tree->expandAll();
    m_steps = widthOf(plan[0], 0);
    fitSteps();
    m_summary->setText(ran ? tr("Ran in %1 ms. Red does a quarter of the work, or was misjudged "
                                "tenfold.")
                                 .arg(plan[0].actualMs, 0, 'f', 2)
                           : tr("Cost %1, about %2 rows; not run. Red does a quarter of the work.")
                                 .arg(plan[0].cost, 0, 'f', 1)
                                 .arg(plan[0].rows, 0, 'f', 0));
    return true;
}

}  // namespace tocsin::ui

#pragma once
#include <QJsonObject>
#include <QVector>
#include <QWidget>

#include "ui/theme/labels.h"
#include "ui/theme/theme.h"

class QPushButton;
class QTreeView;

namespace tocsin::ui {

/// One step of a plan, as EXPLAIN (FORMAT JSON) tells it.
struct PlanNode {
    QString title;        ///< "Index Scan using content_pkey on public.content"
    QString detail;       ///< its conditions
    double cost = 0;      ///< of it and all below
    double ownShare = 0;  ///< of the whole plan's cost (or time, when it ran): its own part, 0…1
    double rows = 0;      ///< the planner's estimate
    double actualRows = -1, actualMs = -1;  ///< < 0: it did not run
    bool isCutShort = false;                ///< a LIMIT above took what it needed and stopped it
    QVector<PlanNode> children;

    /// It does most of the work: a quarter or more of the whole by itself.
    bool isCostly() const { return ownShare >= 0.25; }
    /// The estimate was wrong by ten times or more.
    bool isMisjudged() const;
};

/// Nothing for a text that is no such plan; nesting past 500 levels is left out.
QVector<PlanNode> planIn(const QByteArray& json);

/// A plan as a tree, with what is costly in red. GUI thread.
class PlanView : public QWidget {
    Q_OBJECT
public:
    explicit PlanView(theme::Theme& theme, QWidget* parent = nullptr);

    /// False when `json` is no plan.
    bool show(const QByteArray& json);
    using QWidget::show;
    /// EXPLAIN ANALYZE runs the statement: only offered while the connection is unlocked.
    void setUnlocked(bool unlocked);

signals:
    void analyzeRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitSteps();
    int widthOf(const PlanNode& node, int depth) const;

    theme::Theme& m_theme;
    int m_steps = 0;  ///< what the widest step would like
    theme::ElidedLabel* m_summary;
    QPushButton* m_analyze;
    QTreeView* m_tree;
};

}  // namespace tocsin::ui

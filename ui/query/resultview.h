#pragma once
#include <QWidget>
#include <memory>

#include "inspection/difference.h"
#include "ui/query/resultgrid.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// A result with what one does to it: filter and sort, look into a cell, pin several and put the
/// next one beside them, compare two, draw a column, write it to a file. GUI thread; the work is
/// done off it.
class ResultView : public QWidget {
    Q_OBJECT
public:
    /// `names` begins those of its parts, "sqlGrid" …: there may be several in a window.
    explicit ResultView(theme::Theme& theme, QWidget* parent = nullptr,
                        const QString& names = QStringLiteral("sql"));
    ~ResultView() override;

    ResultGrid* grid() const;
    /// As ResultGrid::show(): the same set again has grown.
    void show(std::shared_ptr<const ResultSet> set);
    using QWidget::show;
    /// While it still arrives: a large table is announced each time it has doubled, since the
    /// view's headers cost as much as there are rows.
    void grow(const std::shared_ptr<const ResultSet>& set);
    /// The set is whole: filter, chart and comparison follow it.
    void finish();
    /// Writes what is shown to `path`, in the format of its ending, without holding it twice.
    void exportTo(const QString& path);
    /// The result was cut at its limit: all of it can be asked for again, into a file.
    void setCut(bool cut);

signals:
    /// All of the statement's rows into this file, which is one that rows can be added to.
    void exportAllWanted(const QString& path);
    void said(const QString& text);
    /// What became of a file, which is worth more room than a line's end.
    void exported(const QString& text, bool written);

private:
    struct Parts;
    void buildBar();
    void buildBody();
    void exportAll();
    bool mayReplace(const QString& file);
    void filter();
    void buildPins();
    void pin();
    void showPin();
    void compare();
    void showDifference(const Result<inspection::Difference>& difference);
    void openCell(const QModelIndex& index);

    theme::Theme& m_theme;
    const QString m_names;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace tocsin::ui

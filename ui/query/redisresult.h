#pragma once
#include <QWidget>

#include "inspection/keyreading.h"
#include "sdk/queryengine.h"
#include "ui/theme/theme.h"

class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace tocsin::ui {

class ReplyModel;
class ResultView;

/// The lower part of the Redis pane: one reply as a tree, as a table, and as
/// redis-cli writes it. GUI thread.
class RedisResult : public QWidget {
    Q_OBJECT
public:
    explicit RedisResult(theme::Theme& theme, QWidget* parent = nullptr);

    /// Large replies are written to the raw view on a pool thread.
    void show(const QueryResult& result);
    using QWidget::show;
    void clear();
    bool isShowing(const std::shared_ptr<const Reply>& reply) const { return m_reply == reply; }
    /// Type and expiry of the keys that the reply names, beside them.
    void showLives(const QVector<inspection::KeyFacts>& lives);
    /// The rows of a sample while they come, one line each.
    void follow(const ResultSet& rows);

    /// Writes the whole reply to `path`, on a pool thread: as JSON where it ends so, else as
    /// redis-cli writes it. said() follows.
    void exportTo(const QString& path);

signals:
    void valuePicked(const QString& value);
    /// What became of an export.
    void said(const QString& text);

private:
    void buildTree(theme::Theme& theme);
    QWidget* buildExport();
    void buildRaw(theme::Theme& theme);
    void buildTable(theme::Theme& theme);
    void showTable();
    void choose(int page);
    void chooseText(bool asJson);
    void fillRaw();
    void copy();

    ReplyModel* m_model;
    QTreeView* m_tree;
    QPlainTextEdit* m_raw;
    ResultView* m_table = nullptr;
    QStackedWidget* m_pages;
    QToolButton* m_treeButton;
    QToolButton* m_tableButton;
    QToolButton* m_rawButton;
    QToolButton* m_jsonButton;
    QToolButton* m_copy;
    QToolButton* m_export;
    QLineEdit* m_path = nullptr;
    QWidget* m_exportRow = nullptr;
    std::shared_ptr<const Reply> m_reply;
    qint64 m_bytes = 0;
    bool m_asJson = false;
    bool m_isTabled = false;  ///< m_table has it
    int m_generation = 0;
    qsizetype m_followed = 0;
};

}  // namespace tocsin::ui

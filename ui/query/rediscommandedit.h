#pragma once
#include <QLineEdit>
#include <QStringList>

#include "inspection/commanddocs.h"

class QStringListModel;

namespace tocsin::ui {

/// A line for commands that completes and explains what the server knows, and remembers: ↑ and ↓
/// walk through what was typed before. GUI thread.
class RedisCommandEdit : public QLineEdit {
    Q_OBJECT
public:
    explicit RedisCommandEdit(QWidget* parent = nullptr);

    /// What can be completed and explained; empty takes it away.
    void setDocs(const QMap<QString, inspection::CommandDoc>& docs);
    /// Remembers `command` as the newest.
    void remember(const QString& command);

signals:
    /// While somebody types: the syntax and meaning of the command so far; empty when it is none.
    void hinted(const QString& hint);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void hint(const QString& text);

    QMap<QString, inspection::CommandDoc> m_docs;
    QStringListModel* m_names;
    QStringList m_commands;  ///< newest last
    qsizetype m_at = 0;
};

}  // namespace tocsin::ui

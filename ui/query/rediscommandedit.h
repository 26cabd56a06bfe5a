#pragma once
#include <QLineEdit>
#include <QStringList>

namespace tocsin::ui {

/// A line for commands that remembers them: ↑ and ↓ walk through what was typed before. GUI thread.
class RedisCommandEdit : public QLineEdit {
    Q_OBJECT
public:
    using QLineEdit::QLineEdit;
    /// Remembers `command` as the newest.
    void remember(const QString& command);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QStringList m_commands;  ///< newest last
    qsizetype m_at = 0;
};

}  // namespace tocsin::ui

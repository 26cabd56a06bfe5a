#include "ui/query/rediscommandedit.h"

#include <QKeyEvent>

namespace tocsin::ui {

constexpr qsizetype kRemembered = 200;

void RedisCommandEdit::remember(const QString& command) {
    m_commands.removeAll(command);
    m_commands << command;
    if (m_commands.size() > kRemembered) m_commands.removeFirst();
    m_at = m_commands.size();
}

void RedisCommandEdit::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Up) {
        if (m_at > 0) setText(m_commands[--m_at]);
    } else if (event->key() == Qt::Key_Down) {
        if (m_at < m_commands.size()) ++m_at;
        setText(m_commands.value(m_at));
    } else {
        QLineEdit::keyPressEvent(event);
    }
}

}  // namespace tocsin::ui

#include "ui/query/rediscommandedit.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QStringListModel>

namespace tocsin::ui {

constexpr qsizetype kRemembered = 200;

RedisCommandEdit::RedisCommandEdit(QWidget* parent)
    : QLineEdit(parent), m_names(new QStringListModel(this)) {
    auto* completer = new QCompleter(m_names, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setCompletionMode(QCompleter::PopupCompletion);
    completer->popup()->setObjectName(QStringLiteral("redisCompletions"));
    completer->popup()->setAccessibleName(tr("Commands that begin like this"));
    setCompleter(completer);
    connect(this, &QLineEdit::textEdited, this, &RedisCommandEdit::hint);
    connect(completer, qOverload<const QString&>(&QCompleter::activated), this,
            &RedisCommandEdit::hint);
}

void RedisCommandEdit::setDocs(const QMap<QString, inspection::CommandDoc>& docs) {
    m_docs = docs;
    m_names->setStringList(docs.keys());
}

void RedisCommandEdit::hint(const QString& text) {
    const QString name = inspection::commandOf(text, m_docs);
    const auto doc = m_docs.value(name);
    emit hinted(doc.summary.isEmpty()
                    ? QString()
                    : QStringLiteral("%1 %2 · %3").arg(name, doc.syntax, doc.summary).simplified());
}

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

#include "ui/query/rediscommandedit.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QStringListModel>
#include <QTextBlock>
#include <algorithm>

namespace tocsin::ui {

constexpr int kMostLines = 6;

RedisCommandEdit::RedisCommandEdit(QWidget* parent)
    : QPlainTextEdit(parent),
      m_names(new QStringListModel(this)),
      m_completer(new QCompleter(m_names, this)) {
    setTabChangesFocus(true);
    setLineWrapMode(NoWrap);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_completer->setWidget(this);
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_completer->setCompletionMode(QCompleter::PopupCompletion);
    m_completer->popup()->setObjectName(QStringLiteral("redisCompletions"));
    m_completer->popup()->setAccessibleName(tr("Commands that begin like this"));
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this,
            &RedisCommandEdit::complete);
    connect(this, &QPlainTextEdit::textChanged, this, &RedisCommandEdit::onTextChanged);
    fitHeight();
}

void RedisCommandEdit::setText(const QString& text) {
    const QScopedValueRollback<bool> setting(m_isSetting, true);
    setPlainText(text);
    moveCursor(QTextCursor::End);
}

void RedisCommandEdit::setCursorPosition(int position) {
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::clamp(position, 0, document()->characterCount() - 1));
    setTextCursor(cursor);
}

void RedisCommandEdit::setDocs(const QMap<QString, inspection::CommandDoc>& docs) {
    m_docs = docs;
    m_names->setStringList(docs.keys());
}

void RedisCommandEdit::setHistory(const QStringList& commands) {
    m_commands = commands;
    m_at = m_commands.size();
}

void RedisCommandEdit::onTextChanged() {
    fitHeight();
    if (m_isSetting) return;
    emit textEdited();
    hint();
    const QString begun = lineBeforeCursor();
    m_completer->setCompletionPrefix(begun);
    const bool isDone = begun.trimmed().isEmpty() || !textCursor().atBlockEnd() ||
                        m_completer->completionCount() == 0 ||
                        m_completer->currentCompletion().compare(begun, Qt::CaseInsensitive) == 0;
    if (isDone || !hasFocus()) return m_completer->popup()->hide();
    m_completer->complete();
}

/// As high as its lines, the margins around them (Qt counts the last one twice) and the style's
/// frame.
void RedisCommandEdit::fitHeight() {
    const int lines = std::clamp(document()->blockCount(), 1, kMostLines);
    setVerticalScrollBarPolicy(document()->blockCount() > kMostLines ? Qt::ScrollBarAsNeeded
                                                                     : Qt::ScrollBarAlwaysOff);
    const int around = height() - viewport()->height();
    const int wanted = lines * fontMetrics().lineSpacing() +
                       static_cast<int>(3 * document()->documentMargin()) + around;
    if (wanted != height()) setFixedHeight(wanted);
}

void RedisCommandEdit::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fitHeight();
}

/// What the style puts around the text is only known when it was laid out.
void RedisCommandEdit::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

QString RedisCommandEdit::lineBeforeCursor() const {
    return textCursor().block().text().left(textCursor().positionInBlock());
}

void RedisCommandEdit::complete(const QString& command) {
    QTextCursor cursor = textCursor();
    cursor.movePosition(QTextCursor::StartOfBlock, QTextCursor::KeepAnchor);
    cursor.insertText(command);
    setTextCursor(cursor);
}

void RedisCommandEdit::hint() {
    const QString name = inspection::commandOf(textCursor().block().text(), m_docs);
    const auto doc = m_docs.value(name);
    emit hinted(doc.summary.isEmpty()
                    ? QString()
                    : QStringLiteral("%1 %2 · %3").arg(name, doc.syntax, doc.summary).simplified());
}

bool RedisCommandEdit::walkHistory(int key) {
    const int block = textCursor().blockNumber();
    if (key == Qt::Key_Up && block == 0) {
        if (m_at > 0) setText(m_commands[--m_at]);
        return true;
    }
    if (key != Qt::Key_Down || block != document()->blockCount() - 1) return false;
    if (m_at < m_commands.size()) setText(m_commands.value(++m_at));
    return true;
}

void RedisCommandEdit::keyPressEvent(QKeyEvent* event) {
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const bool isListed = m_completer->popup()->isVisible();
    // The list takes what it has a line chosen for; else the keys are those of the text.
    if (isListed && isEnter && m_completer->popup()->currentIndex().isValid())
        return event->ignore();
    if (isEnter && !(event->modifiers() & Qt::ShiftModifier)) {
        m_completer->popup()->hide();
        emit returnPressed();
        return;
    }
    // Qt's own answer would be a separator within the line.
    if (isEnter) return textCursor().insertBlock();
    if (!isListed && event->modifiers() == Qt::NoModifier && walkHistory(event->key())) return;
    QPlainTextEdit::keyPressEvent(event);
}

}  // namespace tocsin::ui

#pragma once
#include <QPlainTextEdit>
#include <QStringList>

#include "inspection/commanddocs.h"

class QCompleter;
class QStringListModel;

namespace tocsin::ui {

/// One to six lines for commands: Enter runs them, Shift+Enter begins another line. Completes and
/// explains what the server knows, and remembers: ↑ on the first line and ↓ on the last walk
/// through what was typed before. GUI thread.
class RedisCommandEdit : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit RedisCommandEdit(QWidget* parent = nullptr);

    QString text() const { return toPlainText(); }
    void setText(const QString& text);
    void setCursorPosition(int position);
    QCompleter* completer() const { return m_completer; }
    /// What can be completed and explained; empty takes it away.
    void setDocs(const QMap<QString, inspection::CommandDoc>& docs);
    /// What was typed before, newest last.
    void setHistory(const QStringList& commands);

signals:
    void returnPressed();
    /// Somebody typed.
    void textEdited();
    /// While somebody types: the syntax and meaning of the command so far; empty when it is none.
    void hinted(const QString& hint);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void onTextChanged();
    void fitHeight();
    QString lineBeforeCursor() const;
    void complete(const QString& command);
    bool walkHistory(int key);
    void hint();

    QMap<QString, inspection::CommandDoc> m_docs;
    QStringListModel* m_names;
    QCompleter* m_completer;
    QStringList m_commands;  ///< newest last
    qsizetype m_at = 0;
    bool m_isSetting = false;
};

}  // namespace tocsin::ui

#pragma once
#include <Qsci/qsciscintilla.h>

#include <optional>

#include "ui/query/sqlcatalog.h"
#include "ui/theme/theme.h"

class QAction;
class QsciLexerSQL;

namespace tocsin::ui {

class SqlWords;

/// Where SQL is written: highlighted in the theme's colours, with a mark under what the server
/// complained about. Ctrl+Enter asks to run, Esc to cancel. GUI thread.
class SqlEditor : public QsciScintilla {
    Q_OBJECT
public:
    explicit SqlEditor(theme::Theme& theme, QWidget* parent = nullptr);

    /// Marks the word at the zero-based UTF-16 offset and moves the cursor there.
    void markError(int position);
    void clearError();
    /// Lays out what is selected, or everything; one step to undo. The cursor stays at its token.
    void format();
    /// What is completed, beside PostgreSQL's own words; read off the GUI thread. Behind "table."
    /// and "alias." it is that table's columns.
    void setNames(const CatalogNames& names);
    const QStringList& words() const { return m_names.words; }
    /// The zero-based UTF-16 offset of the cursor.
    int cursorOffset() const;
    /// The selection's offset and length; length 0 without one.
    std::pair<int, int> selection() const;
    /// The offset that is marked.
    std::optional<int> markedError() const { return m_marked; }

signals:
    void runRequested();
    void cancelRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void paintColors();
    bool isOnScreen() const;
    bool offerColumns();
    void typeKey(QKeyEvent* event);

    theme::Theme& m_theme;
    QAction* m_format;
    QsciLexerSQL* m_lexer;
    SqlWords* m_words = nullptr;
    CatalogNames m_names;
    int m_errorIndicator;
    std::optional<int> m_marked;
};

}  // namespace tocsin::ui

#pragma once
#include <Qsci/qsciscintilla.h>

#include <optional>

#include "ui/theme/theme.h"

class QsciLexerSQL;

namespace tocsin::ui {

/// Where SQL is written: highlighted in the theme's colours, with a mark under what the server
/// complained about. Ctrl+Enter asks to run, Esc to cancel. GUI thread.
class SqlEditor : public QsciScintilla {
    Q_OBJECT
public:
    explicit SqlEditor(theme::Theme& theme, QWidget* parent = nullptr);

    /// Marks the word at the zero-based UTF-16 offset and moves the cursor there.
    void markError(int position);
    void clearError();
    /// The offset that is marked.
    std::optional<int> markedError() const { return m_marked; }

signals:
    void runRequested();
    void cancelRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void paintColors();

    theme::Theme& m_theme;
    QsciLexerSQL* m_lexer;
    int m_errorIndicator;
    std::optional<int> m_marked;
};

}  // namespace tocsin::ui

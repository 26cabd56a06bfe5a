#pragma once
#include <Qsci/qsciabstractapis.h>

#include <QStringList>

namespace tocsin::ui {

/// The words the SQL editor completes, whatever case they are typed in. QScintilla's own list is
/// prepared on a thread that asks the lexer, which may be gone by then; this one is sorted at once.
class SqlWords : public QsciAbstractAPIs {
    Q_OBJECT
public:
    /// Belongs to `lexer`.
    explicit SqlWords(QsciLexer* lexer) : QsciAbstractAPIs(lexer) {}

    void setWords(QStringList words);

    void updateAutoCompletionList(const QStringList& context, QStringList& list) override;
    QStringList callTips(const QStringList&, int, QsciScintilla::CallTipsStyle,
                         QList<int>&) override {
        return {};
    }

private:
    QStringList m_words;  // sorted without regard to case
};

}  // namespace tocsin::ui

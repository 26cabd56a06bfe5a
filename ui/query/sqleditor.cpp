#include "ui/query/sqleditor.h"

#include <Qsci/qscilexersql.h>

#include <QAction>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QScreen>
#include <algorithm>

#include "ui/query/sqlformat.h"
#include "ui/query/sqlwords.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

/// PostgreSQL's words beside the ones every SQL lexer knows.
class PostgresLexer : public QsciLexerSQL {
public:
    /// Of what is completed: "sel" is the beginning of SELECT.
    bool caseSensitive() const override { return false; }
    using QsciLexerSQL::QsciLexerSQL;
    const char* keywords(int set) const override {
        if (set != 1) return QsciLexerSQL::keywords(set);
        return "all analyse analyze and any array as asc between both by case cast cluster "
               "coalesce "
               "collate column commit constraint copy create cross cube current_date "
               "current_timestamp current_user declare default delete desc distinct do drop else "
               "end except exists explain extract false fetch filter first following for from full "
               "function grant group grouping having ilike in index inner insert intersect "
               "interval "
               "into is isnull join last lateral leading left like limit listen lock merge natural "
               "not notify notnull null nulls offset on only or order outer over partition "
               "preceding prepare primary range recursive reindex returning revoke right rollback "
               "rollup row rows savepoint select session_user set show similar some table "
               "tablesample then to trailing true truncate unbounded union unique update using "
               "vacuum values verbose view when where window with within";
    }
};

}  // namespace

SqlEditor::SqlEditor(theme::Theme& theme, QWidget* parent)
    : QsciScintilla(parent),
      m_theme(theme),
      m_format(new QAction(tr("Lay out the SQL anew"), this)),
      m_lexer(new PostgresLexer(this)) {
    setObjectName(u"sqlEditor"_s);
    setAccessibleName(tr("SQL statement"));
    setUtf8(true);
    setLexer(m_lexer);
    setFrameShape(QFrame::NoFrame);
    setWrapMode(WrapWord);
    setMarginType(0, NumberMargin);
    setMarginWidth(0, u"000"_s);
    setMarginWidth(1, 0);
    setBraceMatching(SloppyBraceMatch);
    setIndentationsUseTabs(false);
    setTabWidth(4);
    setAutoIndent(true);
    setScrollWidth(1);
    setScrollWidthTracking(true);
    setExtraAscent(2);
    setExtraDescent(2);
    SendScintilla(SCI_SETMARGINLEFT, 0, 10);
    m_errorIndicator = indicatorDefine(SquiggleIndicator);
    setAutoCompletionSource(AcsAPIs);
    setAutoCompletionThreshold(3);
    setAutoCompletionCaseSensitivity(false);
    setAutoCompletionReplaceWord(true);
    setNames({});
    m_format->setObjectName(u"sqlFormat"_s);
    m_format->setShortcut(QKeySequence(u"Ctrl+Shift+I"_s));
    m_format->setShortcutContext(Qt::WidgetShortcut);
    connect(m_format, &QAction::triggered, this, &SqlEditor::format);
    addAction(m_format);
    // Tab moves on, as everywhere in the window; the keyboard must not be caught here.
    setTabIndents(false);
    connect(this, &QsciScintilla::textChanged, this, &SqlEditor::clearError);
    connect(&theme, &theme::Theme::changed, this, &SqlEditor::paintColors);
    paintColors();
}

void SqlEditor::paintColors() {
    const theme::Palette& c = m_theme.colors();
    const QFont font = m_theme.monoFont();
    m_lexer->setDefaultFont(font);
    m_lexer->setFont(font);
    m_lexer->setDefaultPaper(c.field);
    m_lexer->setPaper(c.field);
    m_lexer->setDefaultColor(c.text);
    m_lexer->setColor(c.text);
    for (const int style : {QsciLexerSQL::Keyword, QsciLexerSQL::KeywordSet5,
                            QsciLexerSQL::KeywordSet6, QsciLexerSQL::PlusKeyword})
        m_lexer->setColor(c.codeKeyword, style);
    for (const int style : {QsciLexerSQL::SingleQuotedString, QsciLexerSQL::DoubleQuotedString,
                            QsciLexerSQL::QuotedIdentifier})
        m_lexer->setColor(c.codeString, style);
    for (const int style : {QsciLexerSQL::Comment, QsciLexerSQL::CommentLine,
                            QsciLexerSQL::CommentDoc, QsciLexerSQL::CommentLineHash})
        m_lexer->setColor(c.codeComment, style);
    m_lexer->setColor(c.codeNumber, QsciLexerSQL::Number);
    setPaper(c.field);
    setColor(c.text);
    setCaretForegroundColor(c.text);
    setCaretLineVisible(false);
    setSelectionBackgroundColor(c.selection);
    setSelectionForegroundColor(c.text);
    setMarginsBackgroundColor(c.field);
    setMarginsForegroundColor(c.faint);
    setMarginsFont(font);
    setMatchedBraceBackgroundColor(c.selection);
    setMatchedBraceForegroundColor(c.text);
    setUnmatchedBraceForegroundColor(c.critical);
    setUnmatchedBraceBackgroundColor(c.field);
    setIndicatorForegroundColor(c.critical, m_errorIndicator);
}

void SqlEditor::setNames(const CatalogNames& names) {
    if (m_words && names.words == m_names.words && names.columns == m_names.columns) return;
    m_names = names;
    if (!m_words) m_words = new SqlWords(m_lexer);
    const QString keywords = QString::fromLatin1(m_lexer->keywords(1)).toUpper();
    m_words->setWords(keywords.split(u' ', Qt::SkipEmptyParts) + names.words);
}

int SqlEditor::cursorOffset() const {
    const auto bytes = static_cast<int>(SendScintilla(SCI_GETCURRENTPOS));
    return static_cast<int>(QString::fromUtf8(text().toUtf8().left(bytes)).size());
}

std::pair<int, int> SqlEditor::selection() const {
    if (!hasSelectedText()) return {0, 0};
    const QByteArray all = text().toUtf8();
    const auto offset = [&all](long bytes) {
        return static_cast<int>(QString::fromUtf8(all.left(static_cast<int>(bytes))).size());
    };
    const int start = offset(SendScintilla(SCI_GETSELECTIONSTART));
    return {start, offset(SendScintilla(SCI_GETSELECTIONEND)) - start};
}

void SqlEditor::markError(int position) {
    const QString all = text();
    const auto bytesBefore = [&all](qsizetype at) { return int(all.left(at).toUtf8().size()); };
    qsizetype end = position;
    while (end < all.size() && (all[end].isLetterOrNumber() || all[end] == u'_'))
        ++end;
    if (end == position) end = std::min<qsizetype>(position + 1, all.size());
    // At the very end there is nothing to underline: mark the character before.
    const qsizetype from =
        position >= all.size() ? std::max<qsizetype>(0, all.size() - 1) : position;
    SendScintilla(SCI_SETINDICATORCURRENT, m_errorIndicator);
    SendScintilla(SCI_INDICATORFILLRANGE, bytesBefore(from), bytesBefore(end) - bytesBefore(from));
    SendScintilla(SCI_GOTOPOS, bytesBefore(position));
    m_marked = position;
}

void SqlEditor::clearError() {
    if (!m_marked) return;
    m_marked.reset();
    SendScintilla(SCI_SETINDICATORCURRENT, m_errorIndicator);
    SendScintilla(SCI_INDICATORCLEARRANGE, 0, length());
}

void SqlEditor::format() {
    const bool part = hasSelectedText();
    const QString before = part ? selectedText() : text();
    const QString after = formattedSql(before);
    if (after == before) return;
    const int cursor = cursorOffset();
    const QString whole = text();
    const auto isInk = [](QChar c) { return !c.isSpace(); };
    const auto ink = std::count_if(whole.begin(), whole.begin() + cursor, isInk);
    beginUndoAction();
    if (!part) selectAll();
    replaceSelectedText(after);
    endUndoAction();
    const QString now = text();
    const auto* at = now.begin();
    for (auto left = ink; at != now.end() && left > 0; ++at)
        left -= isInk(*at) ? 1 : 0;
    SendScintilla(SCI_GOTOPOS,
                  static_cast<unsigned long>(now.left(at - now.begin()).toUtf8().size()));
}

void SqlEditor::contextMenuEvent(QContextMenuEvent* event) {
    QMenu* menu = createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addSeparator();
    menu->addAction(m_format);
    menu->popup(event->globalPos());
}

/// QScintilla asks the screen at the caret where its list may be, and does not survive where there
/// is none: in a window that hangs over the edge.
bool SqlEditor::isOnScreen() const {
    const auto caret = static_cast<long>(SendScintilla(SCI_GETCURRENTPOS));
    const auto top = static_cast<int>(SendScintilla(SCI_POINTYFROMPOSITION, 0UL, caret));
    const int below = top + static_cast<int>(SendScintilla(SCI_TEXTHEIGHT, 0UL));
    const QRect room = viewport()->rect();
    for (const int x : {room.left(), room.right()})
        for (const int y : {top, below})
            if (!QGuiApplication::screenAt(viewport()->mapToGlobal(QPoint(x, y)))) return false;
    return true;
}

void SqlEditor::inputMethodEvent(QInputMethodEvent* event) {
    setAutoCompletionSource(isOnScreen() ? AcsAPIs : AcsNone);
    QsciScintilla::inputMethodEvent(event);
}

void SqlEditor::keyPressEvent(QKeyEvent* event) {
    setAutoCompletionSource(isOnScreen() ? AcsAPIs : AcsNone);
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers() & Qt::ControlModifier) return emit runRequested();
    // An open list of completions has the keys first.
    if (isListActive()) return typeKey(event);
    if (event->key() == Qt::Key_Space && event->modifiers() & Qt::ControlModifier) {
        ensureCursorVisible();
        if (isOnScreen() && !offerColumns()) autoCompleteFromAPIs();
        return;
    }
    if (event->key() == Qt::Key_Escape) return emit cancelRequested();
    if (event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab) {
        event->ignore();
        focusNextPrevChild(event->key() == Qt::Key_Tab);
        return;
    }
    typeKey(event);
}

void SqlEditor::typeKey(QKeyEvent* event) {
    QsciScintilla::keyPressEvent(event);
    const QString typed = event->text();
    const bool isName =
        !typed.isEmpty() && (typed[0].isLetterOrNumber() || typed[0] == u'_' || typed[0] == u'.');
    if (isName && isOnScreen()) offerColumns();
}

/// False where no table's columns are meant, or none begins like that.
bool SqlEditor::offerColumns() {
    if (m_names.columns.isEmpty()) return false;
    const ColumnPlace place = columnPlace(text(), cursorOffset(), m_names.columns);
    if (place.table.isEmpty()) return false;
    QStringList fitting;
    for (const QString& column : m_names.columns.value(place.table))
        if (column.startsWith(place.typed, Qt::CaseInsensitive) && column != place.typed)
            fitting << column;
    if (fitting.isEmpty()) return false;
    constexpr char separator = '\x03';  // as QScintilla's own lists
    SendScintilla(SCI_AUTOCSETSEPARATOR, separator);
    SendScintilla(SCI_AUTOCSETIGNORECASE, 1UL);
    SendScintilla(SCI_AUTOCSETORDER, SC_ORDER_PERFORMSORT);
    SendScintilla(SCI_AUTOCSHOW, static_cast<uintptr_t>(place.typed.toUtf8().size()),
                  fitting.join(QLatin1Char(separator)).toUtf8().constData());
    return true;
}

}  // namespace tocsin::ui

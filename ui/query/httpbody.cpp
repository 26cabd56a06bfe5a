#include "ui/query/httpbody.h"

#include <QRegularExpression>

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kLongestShown = 2LL * 1024 * 1024;
// Deeper indentation would fill memory without being read.
constexpr qsizetype kDeepestIndent = 40;

/// Sets out one JSON value, character by character.
class Indenter {
public:
    explicit Indenter(const QByteArray& body) : m_body(body) {}

    std::optional<QString> run() {
        m_out.reserve(m_body.size() + m_body.size() / 2);
        for (m_at = 0; m_at < m_body.size(); ++m_at)
            if (!take(m_body[m_at])) return std::nullopt;
        if (m_inString || !m_open.isEmpty() || !m_wasOpened) return std::nullopt;
        return QString::fromUtf8(m_out);
    }

private:
    bool take(char c) {
        if (m_inString) return takeInString(c);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return true;
        if (m_wasOpened && m_open.isEmpty()) return false;  // something after the end
        if (c == '{' || c == '[') return open(c);
        if (c == '}' || c == ']') return close(c);
        if (m_open.isEmpty()) return false;
        m_out += c;
        if (c == '"') m_inString = true;
        if (c == ':') m_out += ' ';
        if (c == ',') breakLine();
        return true;
    }

    bool takeInString(char c) {
        m_out += c;
        if (m_escaped)
            m_escaped = false;
        else if (c == '\\')
            m_escaped = true;
        else if (c == '"')
            m_inString = false;
        return true;
    }

    bool open(char c) {
        m_wasOpened = true;
        m_open += c;
        m_out += c;
        if (!nextCloses()) breakLine();
        return true;
    }

    bool close(char c) {
        if (m_open.isEmpty() || m_open.back() != (c == '}' ? '{' : '[')) return false;
        m_open.chop(1);
        if (!m_out.endsWith('{') && !m_out.endsWith('[')) breakLine();
        m_out += c;
        return true;
    }

    bool nextCloses() const {
        for (qsizetype i = m_at + 1; i < m_body.size(); ++i) {
            const char c = m_body[i];
            if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return c == '}' || c == ']';
        }
        return false;
    }

    void breakLine() {
        m_out += '\n' + QByteArray(2 * std::min(m_open.size(), kDeepestIndent), ' ');
    }

    const QByteArray& m_body;
    qsizetype m_at = 0;
    QByteArray m_out;
    QByteArray m_open;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_wasOpened = false;
};

bool isText(const QByteArray& body) {
    return !body.left(4096).contains('\0');
}

}  // namespace

std::optional<QString> indentedJson(const QByteArray& body) {
    return Indenter(body).run();
}

QString readableBody(const QByteArray& body, const QByteArray& contentType) {
    if (!isText(body))
        return JsonHighlighter::tr("%1 bytes of %2, not shown")
            .arg(body.size())
            .arg(contentType.isEmpty() ? u"data"_s : QString::fromLatin1(contentType));
    const auto json = indentedJson(body);
    QString text = json ? *json : QString::fromUtf8(body);
    if (text.size() <= kLongestShown) return text;
    text.truncate(kLongestShown);
    return text + JsonHighlighter::tr("\n… cut here for the window");
}

JsonHighlighter::JsonHighlighter(theme::Theme& theme, QTextDocument* document)
    : QSyntaxHighlighter(document), m_theme(theme) {
    connect(&theme, &theme::Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void JsonHighlighter::highlightBlock(const QString& text) {
    static const QRegularExpression token(
        uR"re(("(?:[^"\\]|\\.)*")(\s*:)?|(-?\b\d[\d.eE+-]*)|\b(true|false|null)\b)re"_s);
    const theme::Palette& colors = m_theme.colors();
    // A line of many kilobytes is not read for its colours.
    if (text.size() > 4000) return;
    for (auto it = token.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const auto paint = [&](int group, const QColor& color) {
            setFormat(static_cast<int>(match.capturedStart(group)),
                      static_cast<int>(match.capturedLength(group)), color);
        };
        if (match.capturedLength(1) > 0)
            paint(1, match.capturedLength(2) > 0 ? colors.codeKeyword : colors.codeString);
        if (match.capturedLength(3) > 0) paint(3, colors.codeNumber);
        if (match.capturedLength(4) > 0) paint(4, colors.codeNumber);
    }
}

}  // namespace tocsin::ui

#include "ui/query/httpbody.h"

#include <QRegularExpression>

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kLongestShown = 2LL * 1024 * 1024;
bool isText(const QByteArray& body) {
    return !body.left(4096).contains('\0');
}

}  // namespace

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

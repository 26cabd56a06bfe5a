#include <QRegularExpression>

#include "ui/incident/postrendering.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

QString chip(const QString& text, const PostLook& look) {
    return u"<span style='color:%1;background-color:%2'>&nbsp;%3&nbsp;</span>"_s.arg(
        look.colors.text.name(), look.colors.selection.name(), text.toHtmlEscaped());
}

QString spokenMoment(qint64 unix, QChar style, const QDateTime& now) {
    const QDateTime at = QDateTime::fromSecsSinceEpoch(unix, Qt::UTC);
    if (style != u'R') return at.toString(u"HH:mm 'UTC'"_s);
    const qint64 away = now.secsTo(at);
    const qint64 minutes = std::max<qint64>(1, std::abs(away) / 60);
    const QString much = minutes < 120 ? u"%1 min"_s.arg(minutes) : u"%1 hours"_s.arg(minutes / 60);
    return away < 0 ? much + u" ago"_s : u"in "_s + much;
}

/// One line's inline marks, read from left to right.
class InlineText {
public:
    InlineText(const QString& text, const PostLook& look) : m_text(text), m_look(look) {}

    QString html() {
        while (m_at < m_text.size())
            if (!takeEscape() && !takeCode() && !takeReference() && !takeLink() && !takeMark())
                m_out += QString(m_text[m_at++]).toHtmlEscaped();
        return m_out;
    }

private:
    bool takeEscape() {
        if (m_text[m_at] != u'\\' || m_at + 1 >= m_text.size()) return false;
        const QChar next = m_text[m_at + 1];
        if (next.isLetterOrNumber() || next.isSpace()) return false;
        m_out += QString(next).toHtmlEscaped();
        m_at += 2;
        return true;
    }

    bool takeCode() {
        if (m_text[m_at] != u'`') return false;
        const qsizetype end = m_text.indexOf(u'`', m_at + 1);
        if (end < 0) return false;
        m_out += u"<code style='background-color:%1'>%2</code>"_s.arg(
            m_look.colors.field.name(), m_text.mid(m_at + 1, end - m_at - 1).toHtmlEscaped());
        m_at = end + 1;
        return true;
    }

    /// `<@&ID>`, `<@ID>`, `<t:UNIX:STYLE>`.
    bool takeReference() {
        static const QRegularExpression form(u"\\G<(?:@(&?)(\\d+)|t:(-?\\d+)(?::(\\w))?)>"_s);
        if (m_text[m_at] != u'<') return false;
        const auto match = form.match(m_text, m_at);
        if (!match.hasMatch()) return false;
        const QString id = match.captured(2);
        if (id.isEmpty()) {
            const QString style = match.captured(4);
            m_out += chip(spokenMoment(match.captured(3).toLongLong(),
                                       style.isEmpty() ? u'f' : style[0], m_look.now),
                          m_look);
        } else {
            m_out += chip(u'@' + m_look.names.value(id, id), m_look);
        }
        m_at = match.capturedEnd();
        return true;
    }

    bool takeLink() {
        static const QRegularExpression form(
            u"\\G\\[((?:\\\\.|[^\\]\\\\])+)\\]\\((https?://[^)\\s]+)\\)"_s);
        if (m_text[m_at] != u'[') return false;
        const auto match = form.match(m_text, m_at);
        if (!match.hasMatch()) return false;
        m_out += u"<a href='%1' style='color:%2'>%3</a>"_s.arg(
            match.captured(2).toHtmlEscaped(), m_look.colors.accent.name(),
            InlineText(match.captured(1), m_look).html());
        m_at = match.capturedEnd();
        return true;
    }

    bool takeMark() {
        static const struct {
            const char16_t* mark;
            const char16_t* tag;
        } kMarks[] = {{u"**", u"b"}, {u"__", u"u"}, {u"~~", u"s"}, {u"*", u"i"}, {u"_", u"i"}};
        for (const auto& one : kMarks) {
            const QStringView mark(one.mark);
            if (!QStringView(m_text).mid(m_at).startsWith(mark)) continue;
            const QString tag = QString::fromUtf16(one.tag);
            const bool opens = !m_open.contains(tag);
            // A mark that nothing closes is text.
            if (opens && m_text.indexOf(mark, m_at + mark.size() + 1) < 0) return false;
            m_out += (opens ? u"<%1>"_s : u"</%1>"_s).arg(tag);
            if (opens)
                m_open.append(tag);
            else
                m_open.removeOne(tag);
            m_at += mark.size();
            return true;
        }
        return false;
    }

    const QString& m_text;
    const PostLook& m_look;
    qsizetype m_at = 0;
    QString m_out;
    QStringList m_open;
};

QString inlineHtml(const QString& text, const PostLook& look) {
    return InlineText(text, look).html();
}

QString lineHtml(const QString& line, const PostLook& look) {
    static const QRegularExpression heading(u"^(#{1,3}) (.+)"_s);
    if (const auto match = heading.match(line); match.hasMatch())
        return u"<div><b><big>%1</big></b></div>"_s.arg(inlineHtml(match.captured(2), look));
    if (line.startsWith(u"> "_s))
        return u"<div style='color:%1'>┃ %2</div>"_s.arg(look.colors.muted.name(),
                                                         inlineHtml(line.mid(2), look));
    if (line.startsWith(u"- "_s))
        return u"<div>&nbsp;• %1</div>"_s.arg(inlineHtml(line.mid(2), look));
    return u"<div>%1</div>"_s.arg(line.isEmpty() ? u"&nbsp;"_s : inlineHtml(line, look));
}

}  // namespace

QString markdownToHtml(const QString& text, const PostLook& look) {
    QString out;
    bool isCode = false;
    for (const QString& line : text.split(u'\n')) {
        if (line.startsWith(u"```"_s)) {
            isCode = !isCode;
            continue;
        }
        out += isCode ? u"<div style='background-color:%1'><code>%2</code></div>"_s.arg(
                            look.colors.field.name(), line.toHtmlEscaped())
                      : lineHtml(line, look);
    }
    return out;
}

}  // namespace tocsin::ui

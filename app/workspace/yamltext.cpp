#include "workspace/yamltext.h"

#include <QRegularExpression>
#include <algorithm>

namespace tocsin::workspace {

bool isPlainScalar(const QString& text) {
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9/][A-Za-z0-9_./-]*\\z"));
    return plain.match(text).hasMatch() && text.toLower() != QLatin1String("null");
}

QString scalarText(const QString& text) {
    if (isPlainScalar(text)) return text;
    QString quoted;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            quoted += u'\\' + QString(c);
        else if (c < u' ' || c == QChar(0x7f))
            quoted += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
        else
            quoted += c;
    }
    return u'"' + quoted + u'"';
}

std::ptrdiff_t placeToAdd(const YamlNode& entry) {
    const auto last = std::find_if(entry.items.rbegin(), entry.items.rend(),
                                   [](const YamlNode& item) { return item.isScalar(); });
    return entry.items.rend() - last;
}

YamlText::YamlText(const QByteArray& yaml) : m_text(QString::fromUtf8(yaml)) {
    m_starts << 0;
    for (qsizetype i = 0; i < m_text.size(); ++i)
        if (m_text[i] == u'\n') m_starts << i + 1;
    m_lineEnd =
        m_text.contains(QStringLiteral("\r\n")) ? QStringLiteral("\r\n") : QStringLiteral("\n");
}

qsizetype YamlText::at(const YamlNode& node) const {
    const qsizetype place = m_starts.value(node.line - 1, m_text.size()) + node.column - 1;
    return std::min(place, m_text.size());
}

QChar YamlText::charAt(qsizetype place) const {
    return place < m_text.size() ? m_text[place] : QChar(u'\n');
}

qsizetype YamlText::lineEnd(qsizetype place) const {
    qsizetype end = m_text.indexOf(u'\n', place);
    if (end < 0) end = m_text.size();
    return end > place && m_text[end - 1] == u'\r' ? end - 1 : end;
}

qsizetype YamlText::lineBegin(qsizetype place) const {
    return m_text.lastIndexOf(u'\n', place - 1) + 1;
}

qsizetype YamlText::scalarEnd(qsizetype from, bool isKey, bool inBraces) const {
    const QChar quote = charAt(from);
    if (quote == u'"' || quote == u'\'') {
        for (qsizetype i = from + 1; i < m_text.size(); ++i) {
            if (m_text[i] == u'\\' && quote == u'"')
                ++i;
            else if (m_text[i] == quote && charAt(i + 1) == quote && quote == u'\'')
                ++i;
            else if (m_text[i] == quote)
                return i + 1;
        }
        return m_text.size();
    }
    qsizetype end = from;
    for (; end < m_text.size() && m_text[end] != u'\n' && m_text[end] != u'\r'; ++end) {
        const QChar c = m_text[end];
        if (inBraces && (c == u',' || c == u'}' || c == u']')) break;
        if (isKey && c == u':') break;
        if (c == u'#' && end > from && m_text[end - 1].isSpace()) break;
    }
    while (end > from && m_text[end - 1].isSpace())
        --end;
    return end;
}

qsizetype YamlText::valueBegin(const YamlNode& key, bool inBraces) const {
    qsizetype place = scalarEnd(at(key), true, inBraces);
    while (charAt(place) == u' ')
        ++place;
    ++place;  // the colon
    while (charAt(place) == u' ')
        ++place;
    return std::min(place, m_text.size());
}

qsizetype YamlText::valueEnd(const YamlNode& key, const YamlNode& value, bool inBraces) const {
    const qsizetype begin = valueBegin(key, inBraces);
    return value.isNull() && charAt(begin) == u'#' ? begin : scalarEnd(begin, false, inBraces);
}

/// Keys are added and taken away, values replaced where they stand.
void YamlText::change(const YamlNode& entry, const KeyChange& change) {
    const bool inBraces = charAt(at(entry)) == u'{';
    for (size_t i = 0; i < entry.keys.size(); ++i) {
        if (entry.keys[i].text != change.key) continue;
        if (change.now.isEmpty()) return remove(entry, i);
        const qsizetype begin = valueBegin(entry.keys[i], inBraces);
        const qsizetype end = valueEnd(entry.keys[i], entry.items[i], inBraces);
        const QString before = m_text[begin - 1] == u':' ? QStringLiteral(" ") : QString();
        const QString behind = charAt(end) == u'#' ? QStringLiteral(" ") : QString();
        m_text.replace(begin, end - begin, before + scalarText(change.now) + behind);
        return;
    }
    if (!change.now.isEmpty()) add(entry, change);
}

void YamlText::add(const YamlNode& entry, const KeyChange& change) {
    const auto behind = size_t(placeToAdd(entry));
    if (behind == 0) return;
    const bool inBraces = charAt(at(entry)) == u'{';
    const QString pair = change.key + QStringLiteral(": ") + scalarText(change.now);
    const qsizetype end = valueEnd(entry.keys[behind - 1], entry.items[behind - 1], inBraces);
    if (inBraces)
        m_text.insert(end, QStringLiteral(", ") + pair);
    else
        m_text.insert(lineEnd(end), m_lineEnd + QString(entry.keys[0].column - 1, u' ') + pair);
}

void YamlText::remove(const YamlNode& entry, size_t place) {
    const bool inBraces = charAt(at(entry)) == u'{';
    qsizetype begin = at(entry.keys[place]);
    qsizetype end = valueEnd(entry.keys[place], entry.items[place], inBraces);
    if (inBraces) {
        while (begin > 0 && m_text[begin - 1].isSpace())
            --begin;
        if (begin > 0 && m_text[begin - 1] == u',')
            --begin;
        else if (charAt(end) == u',')
            ++end;
    } else if (place == 0 && entry.keys.size() > 1) {
        end = at(entry.keys[1]);  // the next one takes its place behind the dash
    } else {
        begin = lineBegin(begin);
        end = std::min(lineEnd(end) + m_lineEnd.size(), m_text.size());
    }
    m_text.remove(begin, end - begin);
}

/// Where the next section begins, before what is written above it.
qsizetype YamlText::sectionEnd(const YamlNode& root, const YamlNode& section) const {
    int next = int(m_starts.size()) + 1;
    for (const YamlNode& key : root.keys)
        if (key.line > section.line) next = std::min(next, key.line);
    qsizetype line = next - 1;
    while (line > section.line) {
        const qsizetype begin = m_starts[line - 1];
        const QString above = m_text.mid(begin, lineEnd(begin) - begin);
        if (!above.trimmed().isEmpty() && !above.startsWith(u'#')) break;
        --line;
    }
    return m_starts.value(line, m_text.size());
}

void YamlText::insertLine(qsizetype at, const QString& line) {
    const bool open = at > 0 && m_text[at - 1] != u'\n';
    m_text.insert(at, (open ? m_lineEnd : QString()) + line + m_lineEnd);
}

void YamlText::append(const YamlNode& root, const QString& section, const QString& line) {
    const YamlNode* list = root.isMap() ? root.find(section) : nullptr;
    if (!list) {
        insertLine(m_text.size(), section + u':');
        return insertLine(m_text.size(), QStringLiteral("  ") + line);
    }
    const auto key = std::find_if(root.keys.begin(), root.keys.end(),
                                  [&](const YamlNode& each) { return each.text == section; });
    QString indent = QStringLiteral("  ");
    if (!list->items.empty()) {
        const qsizetype begin = lineBegin(at(list->items.front()));
        indent = m_text.mid(begin, m_text.indexOf(u'-', begin) - begin);
    } else if (list->isSequence()) {
        const qsizetype begin = valueBegin(*key, false);
        m_text.remove(begin, m_text.indexOf(u']', begin) + 1 - begin);
        return insertLine(lineEnd(begin) + 1, indent + line);
    }
    insertLine(sectionEnd(root, *key), indent + line);
}

}  // namespace tocsin::workspace

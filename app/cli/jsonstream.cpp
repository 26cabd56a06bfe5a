#include "cli/jsonstream.h"

namespace tocsin::cli {
namespace {

bool needsEscape(char16_t c) {
    return c < 0x20 || c == u'"' || c == u'\\';
}

QByteArray escaped(char c) {
    switch (c) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\n':
            return "\\n";
        case '\t':
            return "\\t";
        case '\r':
            return "\\r";
        default:
            return "\\u00" + QByteArray::number(uchar(c), 16).rightJustified(2, '0');
    }
}

}  // namespace

JsonStream& JsonStream::newLine() {
    if (m_wantsComma) m_bytes += ',';
    m_wantsComma = false;
    m_bytes += '\n';
    return *this;
}

JsonStream& JsonStream::key(QLatin1StringView name) {
    separate();
    m_bytes += '"';
    m_bytes.append(name.data(), name.size());
    m_bytes += "\":";
    m_wantsComma = false;
    return *this;
}

JsonStream& JsonStream::value(const QString& text) {
    separate();
    quote(text);
    m_wantsComma = true;
    return *this;
}

JsonStream& JsonStream::value(double number) {
    separate();
    m_bytes += QByteArray::number(number, 'g', QLocale::FloatingPointShortest);
    m_wantsComma = true;
    return *this;
}

JsonStream& JsonStream::value(const QDateTime& time) {
    return time.isValid() ? value(time.toUTC().toString(Qt::ISODateWithMs)) : null();
}

JsonStream& JsonStream::value(const QMap<QString, QString>& map) {
    beginObject();
    for (auto it = map.begin(); it != map.end(); ++it) {
        separate();
        quote(it.key());
        m_bytes += ':';
        quote(it.value());
        m_wantsComma = true;
    }
    return endObject();
}

JsonStream& JsonStream::null() {
    separate();
    m_bytes += "null";
    m_wantsComma = true;
    return *this;
}

JsonStream& JsonStream::begin(char bracket) {
    separate();
    m_bytes += bracket;
    m_wantsComma = false;
    return *this;
}

JsonStream& JsonStream::end(char bracket) {
    m_bytes += bracket;
    m_wantsComma = true;
    return *this;
}

void JsonStream::separate() {
    if (m_wantsComma) m_bytes += ',';
}

void JsonStream::quote(const QString& text) {
    m_bytes += '"';
    const QByteArray utf8 = text.toUtf8();  // what is no valid UTF-16 becomes U+FFFD
    if (std::none_of(text.begin(), text.end(), [](QChar c) { return needsEscape(c.unicode()); }))
        m_bytes += utf8;
    else
        for (const char c : utf8)
            uchar(c) < 0x80 && needsEscape(uchar(c)) ? m_bytes += escaped(c) : m_bytes += c;
    m_bytes += '"';
}

}  // namespace tocsin::cli

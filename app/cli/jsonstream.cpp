#include "cli/jsonstream.h"

#include <QStringEncoder>

namespace tocsin::cli {
namespace {

bool needsEscape(char16_t c) {
    return c < 0x20 || c == u'"' || c == u'\\';
}

void append(QByteArray& bytes, int number, int digits) {
    for (int weight = digits == 4 ? 1000 : digits == 3 ? 100 : 10; weight > 0; weight /= 10)
        bytes += char('0' + number / weight % 10);
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
    if (!time.isValid()) return null();
    const QDateTime utc = time.toUTC();
    const QDate day = utc.date();
    const QTime clock = utc.time();
    if (day.year() < 0 || day.year() > 9999) return value(utc.toString(Qt::ISODateWithMs));
    separate();
    m_bytes += '"';
    append(m_bytes, day.year(), 4);
    append(m_bytes += '-', day.month(), 2);
    append(m_bytes += '-', day.day(), 2);
    append(m_bytes += 'T', clock.hour(), 2);
    append(m_bytes += ':', clock.minute(), 2);
    append(m_bytes += ':', clock.second(), 2);
    append(m_bytes += '.', clock.msec(), 3);
    m_bytes += "Z\"";
    m_wantsComma = true;
    return *this;
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
    const qsizetype start = m_bytes.size();
    QStringEncoder toUtf8(QStringEncoder::Utf8);  // what is no valid UTF-16 becomes U+FFFD
    m_bytes.resize(start + toUtf8.requiredSpace(text.size()));
    m_bytes.resize(toUtf8.appendToBuffer(m_bytes.data() + start, text) - m_bytes.constData());
    if (std::any_of(text.begin(), text.end(), [](QChar c) { return needsEscape(c.unicode()); }))
        escapeFrom(start);
    m_bytes += '"';
}

void JsonStream::escapeFrom(qsizetype start) {
    const QByteArray raw = m_bytes.mid(start);
    m_bytes.truncate(start);
    for (const char c : raw)
        uchar(c) < 0x80 && needsEscape(uchar(c)) ? m_bytes += escaped(c) : m_bytes += c;
}

}  // namespace tocsin::cli

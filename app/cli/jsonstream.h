#pragma once
#include <QByteArray>
#include <QDateTime>
#include <QMap>
#include <QString>

namespace tocsin::cli {

/// Writes JSON as it goes, compact, for output that is too long to be built as a tree first: ten
/// thousand alerts cost a fifth of what a QJsonDocument of them does. The caller keeps begin and
/// end in pairs; commas come by themselves.
class JsonStream {
public:
    JsonStream& beginObject() { return begin('{'); }
    JsonStream& endObject() { return end('}'); }
    JsonStream& beginArray() { return begin('['); }
    JsonStream& endArray() { return end(']'); }
    JsonStream& newLine();  ///< before the next value, for outputs that are read by the line
    JsonStream& key(QLatin1StringView name);  ///< plain ASCII that needs no escape
    JsonStream& value(const QString& text);
    JsonStream& value(double number);
    JsonStream& value(const QDateTime& time);  ///< UTC with milliseconds; null when invalid
    JsonStream& value(const QMap<QString, QString>& map);
    JsonStream& null();

    const QByteArray& bytes() const { return m_bytes; }

private:
    JsonStream& begin(char bracket);
    JsonStream& end(char bracket);
    void separate();
    void quote(const QString& text);
    void escapeFrom(qsizetype start);  ///< what was written since `start`

    QByteArray m_bytes;
    bool m_wantsComma = false;
};

}  // namespace tocsin::cli

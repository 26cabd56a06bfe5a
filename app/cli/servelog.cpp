#include "cli/servelog.h"

#include <QJsonDocument>

#include "cli/output.h"
#include "sdk/secret.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

constexpr qsizetype kLongest = 500;

QString wordFor(ServeLog::Level level) {
    switch (level) {
        case ServeLog::Level::Error:
            return u"error"_s;
        case ServeLog::Level::Warning:
            return u"warning"_s;
        case ServeLog::Level::Info:
            break;
    }
    return u"info"_s;
}

/// One line, without what a terminal would obey.
QString tamed(const QString& text) {
    QString line = redact(text).simplified();
    line.removeIf([](QChar c) { return c.category() == QChar::Other_Control; });
    return line.size() > kLongest ? line.left(kLongest) + u'…' : line;
}

}  // namespace

ServeLog::ServeLog(Clock& clock, bool json)
    : m_clock(clock), m_json(json), m_journal(qEnvironmentVariableIsSet("JOURNAL_STREAM")) {
}

void ServeLog::write(Level level, const QString& event, const QString& text,
                     const QJsonObject& fields) {
    const QString line = tamed(text);
    if (level != Level::Info && line == m_last) return;
    m_last = line;
    const QString at = m_clock.now().toUTC().toString(Qt::ISODateWithMs);
    if (m_json) {
        QJsonObject object = fields;
        object.insert(u"at"_s, at);
        object.insert(u"level"_s, wordFor(level));
        object.insert(u"event"_s, event);
        object.insert(u"text"_s, line);
        printBytes(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
    } else if (m_journal) {
        print(u"<%1>%2"_s.arg(static_cast<int>(level)).arg(line));
    } else {
        print(u"%1 %2 %3"_s.arg(at, wordFor(level).leftJustified(7), line));
    }
}

}  // namespace tocsin::cli

#include "plugins/sources/alertmanager/timestamp.h"

namespace tocsin::alertmanager {
namespace {

/// Reads digits one after the other; any surprise makes it fail for good.
class Reader {
public:
    explicit Reader(const QString& text) : m_text(text) {}

    int number(int digits) {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            const int digit = next().digitValue();
            if (digit < 0) m_failed = true;
            value = value * 10 + digit;
        }
        return m_failed ? 0 : value;
    }
    void expect(QLatin1Char sign) {
        if (next().toUpper() != sign) m_failed = true;
    }
    bool skip(QLatin1Char sign) {
        if (peek() != sign) return false;
        ++m_at;
        return true;
    }
    QChar peek() const { return m_at < m_text.size() ? m_text[m_at] : QChar(); }
    QChar next() { return m_at < m_text.size() ? m_text[m_at++] : QChar(); }
    bool isAtEnd() const { return m_at == m_text.size(); }
    bool hasFailed() const { return m_failed; }

    int milliseconds() {
        if (!skip(QLatin1Char('.'))) return 0;
        int value = 0, weight = 100;
        while (peek().digitValue() >= 0) {
            value += next().digitValue() * weight;
            weight /= 10;
        }
        return value;
    }
    int offsetSeconds() {
        if (skip(QLatin1Char('Z')) || skip(QLatin1Char('z'))) return 0;
        const QChar sign = next();
        if (sign != QLatin1Char('+') && sign != QLatin1Char('-')) m_failed = true;
        const int hours = number(2);
        expect(QLatin1Char(':'));
        const int seconds = hours * 3600 + number(2) * 60;
        return sign == QLatin1Char('-') ? -seconds : seconds;
    }

private:
    const QString& m_text;
    qsizetype m_at = 0;
    bool m_failed = false;
};

}  // namespace

QDateTime timeFromText(const QString& text) {
    Reader reader(text);
    const int year = reader.number(4);
    reader.expect(QLatin1Char('-'));
    const int month = reader.number(2);
    reader.expect(QLatin1Char('-'));
    const int day = reader.number(2);
    reader.expect(QLatin1Char('T'));
    const int hour = reader.number(2);
    reader.expect(QLatin1Char(':'));
    const int minute = reader.number(2);
    reader.expect(QLatin1Char(':'));
    const int second = reader.number(2);
    const int milliseconds = reader.milliseconds();
    const int offset = reader.offsetSeconds();
    const QDate date(year, month, day);
    const QTime time(hour, minute, second, milliseconds);
    if (reader.hasFailed() || !reader.isAtEnd() || !date.isValid() || !time.isValid() || year <= 1)
        return {};
    const QDateTime utc(date, time, Qt::UTC);
    return offset == 0 ? utc : utc.addSecs(-offset);
}

}  // namespace tocsin::alertmanager

#include "plugins/sources/metrics/prometheustext.h"

#include <cmath>
#include <limits>

namespace tocsin::metrics {
namespace {

constexpr qsizetype kMostSamples = 200000;

bool isNameByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ':';
}

/// A line being read from left to right. Every take…() either moves on or says that it cannot.
class Line {
public:
    explicit Line(QByteArrayView text) : m_text(text) {}

    void skipBlanks() {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t'))
            ++m_at;
    }
    bool take(char c) {
        skipBlanks();
        if (m_at >= m_text.size() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }
    bool isNext(char c) {
        skipBlanks();
        return m_at < m_text.size() && m_text[m_at] == c;
    }
    QString takeName() {
        skipBlanks();
        const qsizetype start = m_at;
        while (m_at < m_text.size() && isNameByte(m_text[m_at]))
            ++m_at;
        return QString::fromLatin1(m_text.sliced(start, m_at - start));
    }
    /// A text in double quotes; \\, \" and \n are the only escapes (exposition format 0.0.4).
    std::optional<QString> takeQuoted() {
        if (!take('"')) return std::nullopt;
        QByteArray bytes;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (c == '"') return QString::fromUtf8(bytes);
            if (c != '\\' || m_at >= m_text.size()) {
                bytes += c;
                continue;
            }
            const char escaped = m_text[m_at++];
            if (escaped == 'n')
                bytes += '\n';
            else if (escaped == '\\' || escaped == '"')
                bytes += escaped;
            else
                (bytes += '\\') += escaped;
        }
        return std::nullopt;
    }
    QByteArray takeWord() {
        skipBlanks();
        const qsizetype start = m_at;
        while (m_at < m_text.size() && m_text[m_at] != ' ' && m_text[m_at] != '\t')
            ++m_at;
        return m_text.sliced(start, m_at - start).toByteArray();
    }

private:
    QByteArrayView m_text;
    qsizetype m_at = 0;
};

std::optional<double> numberFrom(const QByteArray& word) {
    const QByteArray lower = word.toLower();
    if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (lower == "+inf" || lower == "inf") return std::numeric_limits<double>::infinity();
    if (lower == "-inf") return -std::numeric_limits<double>::infinity();
    bool isNumber = false;
    const double value = word.toDouble(&isNumber);
    if (!isNumber) return std::nullopt;
    return value;
}

/// What stands between the braces: label="value" pairs, and a quoted metric name on its own.
bool readLabels(Line& line, Sample& sample) {
    while (!line.take('}')) {
        if (line.isNext('"')) {
            const auto quoted = line.takeQuoted();
            if (!quoted) return false;
            if (line.take('=')) {
                const auto value = line.takeQuoted();
                if (!value) return false;
                sample.labels.insert(*quoted, *value);
            } else {
                sample.name = *quoted;
            }
        } else {
            const QString label = line.takeName();
            if (label.isEmpty() || !line.take('=')) return false;
            const auto value = line.takeQuoted();
            if (!value) return false;
            sample.labels.insert(label, *value);
        }
        if (!line.take(',') && !line.isNext('}')) return false;
    }
    return true;
}

}  // namespace

std::optional<Sample> sampleFromLine(QByteArrayView text) {
    Line line(text);
    Sample sample;
    sample.name = line.takeName();
    if (line.take('{') && !readLabels(line, sample)) return std::nullopt;
    if (sample.name.isEmpty()) return std::nullopt;
    const auto value = numberFrom(line.takeWord());
    if (!value) return std::nullopt;
    sample.value = *value;
    return sample;
}

Result<Samples> samplesFromPrometheusText(const QByteArray& text) {
    Samples samples;
    qsizetype number = 0, firstBad = 0;
    for (qsizetype start = 0; start < text.size() && samples.size() < kMostSamples; ++number) {
        qsizetype end = text.indexOf('\n', start);
        if (end < 0) end = text.size();
        const QByteArrayView line = QByteArrayView(text).sliced(start, end - start).trimmed();
        start = end + 1;
        if (line.isEmpty() || line.front() == '#') continue;
        if (auto sample = sampleFromLine(line))
            samples.append(std::move(*sample));
        else if (firstBad == 0)
            firstBad = number + 1;
    }
    if (!samples.isEmpty()) return samples;
    if (firstBad > 0)
        return fail(ErrorCode::Parse, QStringLiteral("line %1 is not “name value”").arg(firstBad));
    return fail(ErrorCode::Parse, QStringLiteral("no sample in it"));
}

}  // namespace tocsin::metrics

#include "cli/output.h"

#include <QDateTime>
#include <QJsonObject>
#include <cstdio>

#include "inspection/harmless.h"
#include "sdk/secret.h"

namespace tocsin::cli {

namespace {

constexpr QLatin1StringView kKept("\n\t");

}  // namespace

bool printBytes(const QByteArray& bytes) {
    const auto size = std::size_t(bytes.size());
    return std::fwrite(bytes.constData(), 1, size, stdout) == size && std::fflush(stdout) == 0;
}

void print(const QString& text) {
    const QByteArray bytes = inspection::harmless(text, kKept).toUtf8();
    printBytes(bytes.endsWith('\n') ? bytes : bytes + '\n');
}

void print(const QJsonDocument& document) {
    printBytes(document.toJson());
}

void complain(const QString& text) {
    const QByteArray line = inspection::harmless(redact(text), kKept).toUtf8() + '\n';
    std::fwrite(line.constData(), 1, std::size_t(line.size()), stderr);
}

void complain(const Error& error, bool json) {
    complain(error.message);
    if (!error.detail.isEmpty()) complain(QStringLiteral("  ") + error.detail);
    if (!json) return;
    const QJsonObject fields{{QStringLiteral("code"), nameOf(error.code)},
                             {QStringLiteral("message"), redact(error.message)},
                             {QStringLiteral("detail"), redact(error.detail)}};
    print(QJsonDocument(QJsonObject{{QStringLiteral("error"), fields}}));
}

QString table(const QVector<QStringList>& given) {
    QVector<QStringList> rows = given;
    QVector<qsizetype> widths;
    for (QStringList& row : rows) {
        for (QString& cell : row)
            cell = inspection::harmless(cell);
        for (qsizetype i = 0; i < row.size(); ++i) {
            if (i == widths.size()) widths.append(0);
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    QString text;
    for (const QStringList& row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += i + 1 < row.size() ? row[i].leftJustified(widths[i] + 2) : row[i];
        while (line.endsWith(QLatin1Char(' ')))
            line.chop(1);
        text += line + QLatin1Char('\n');
    }
    return text;
}

QString utc(const QDateTime& time) {
    if (!time.isValid()) return QStringLiteral("–");
    return time.toUTC().toString(QStringLiteral("yyyy-MM-dd hh:mm:ss'Z'"));
}

QString age(qint64 seconds) {
    if (seconds < 120) return QStringLiteral("%1 s").arg(seconds);
    if (seconds < 2 * 3600) return QStringLiteral("%1 min").arg(seconds / 60);
    if (seconds < 2 * 86400) return QStringLiteral("%1 h").arg(seconds / 3600);
    return QStringLiteral("%1 d").arg(seconds / 86400);
}

}  // namespace tocsin::cli

#include "ui/incident/postables.h"

#include <QBuffer>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr QSize kChart(800, 300);
constexpr QMarginsF kChartMargins(56, 40, 16, 30);

QString fileName(const QString& name) {
    QString out;
    for (const QChar c : name.toLower().left(60))
        if (c.isLetterOrNumber() || c == u'-' || c == u'_')
            out += c;
        else if (!out.isEmpty() && !out.endsWith(u'-'))
            out += u'-';
    while (out.endsWith(u'-'))
        out.chop(1);
    return out.isEmpty() ? u"result"_s : out;
}

QByteArray csvCell(const QJsonValue& cell) {
    if (cell.isNull() || cell.isUndefined()) return {};
    QByteArray text =
        cell.isString() ? cell.toString().toUtf8() : cell.toVariant().toString().toUtf8();
    const bool quoted = text.isEmpty() || text.contains('"') || text.contains(',') ||
                        text.contains('\n') || text.contains('\r');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
}

QByteArray csvLine(const QJsonArray& cells) {
    QByteArrayList out;
    for (const auto& cell : cells)
        out.append(csvCell(cell));
    return out.join(',') + "\r\n";
}

/// From the samples' own range, with the threshold inside, to the chart's pixels.
struct Scale {
    Scale(const Measurement& measurement, const QRectF& within) : area(within) {
        from = measurement.trend.first().first;
        to = std::max(measurement.trend.last().first, from + 1);
        low = high = measurement.threshold;
        for (const auto& sample : measurement.trend) {
            low = std::min(low, sample.second);
            high = std::max(high, sample.second);
        }
        const double room = std::max((high - low) * 0.1, 1e-9);
        low -= room;
        high += room;
    }
    QPointF at(qint64 ms, double value) const {
        return {area.left() + area.width() * double(ms - from) / double(to - from),
                area.bottom() - area.height() * (value - low) / (high - low)};
    }
    QRectF area;
    qint64 from, to;
    double low, high;
};

void paintTrend(QPainter& painter, const Measurement& measurement, const Scale& scale,
                const theme::Palette& colors, const QColor& line) {
    const qreal limit = scale.at(scale.from, measurement.threshold).y();
    painter.setPen(QPen(colors.muted, 1, Qt::DashLine));
    painter.drawLine(QPointF(scale.area.left(), limit), QPointF(scale.area.right(), limit));
    painter.drawText(QRectF(0, limit - 10, scale.area.left() - 6, 20),
                     Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(measurement.threshold) + measurement.unit);
    QPainterPath path;
    for (const auto& sample : measurement.trend) {
        const QPointF at = scale.at(sample.first, sample.second);
        path.elementCount() == 0 ? path.moveTo(at) : path.lineTo(at);
    }
    painter.setPen(QPen(line, 2));
    painter.drawPath(path);
}

}  // namespace

Attachment attachmentOf(const QString& name, const QJsonObject& evidence) {
    const QJsonObject result =
        evidence.contains(u"columns"_s) ? evidence : evidence[u"result"_s].toObject();
    if (!result.contains(u"columns"_s))
        return {fileName(name) + u".json"_s, u"application/json"_s,
                QJsonDocument(evidence).toJson()};
    QJsonArray heads;
    for (const auto& column : result[u"columns"_s].toArray())
        heads.append(column.isObject() ? column.toObject()[u"name"_s] : QJsonValue(column));
    QByteArray csv = csvLine(heads);
    for (const auto& row : result[u"rows"_s].toArray())
        csv += csvLine(row.toArray());
    const QString part = result.contains(u"rows_kept"_s)
                             ? u"-first-%1"_s.arg(result[u"rows_kept"_s].toInteger())
                             : QString();
    return {fileName(name) + part + u".csv"_s, u"text/csv"_s, csv};
}

QString captionOf(const QString& line, const QJsonObject& evidence) {
    const QString caption = line.section(u'·', 0, 0).trimmed();
    if (!evidence.contains(u"rows_kept"_s)) return caption;
    return QObject::tr("first %1 of %2 rows")
        .arg(evidence[u"rows_kept"_s].toInteger())
        .arg(evidence[u"receipt"_s][u"rows"_s].toInteger());
}

std::optional<Attachment> chartOf(const Alert& alert, const theme::Theme& theme) {
    if (!alert.measurement || alert.measurement->trend.size() < 2) return std::nullopt;
    const theme::Palette& colors = theme.colors();
    QImage image(kChart, QImage::Format_RGB32);
    image.fill(colors.panel);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = QRectF(QPointF(0, 0), QSizeF(kChart)).marginsRemoved(kChartMargins);
    const Scale scale(*alert.measurement, area);
    painter.setFont(theme.textFont(1, true));
    painter.setPen(colors.text);
    painter.drawText(QRectF(16, 8, kChart.width() - 32, 24), Qt::AlignLeft | Qt::AlignVCenter,
                     u"%1 · %2%3"_s.arg(alert.key.left(80))
                         .arg(alert.measurement->value)
                         .arg(alert.measurement->unit));
    painter.setFont(theme.textFont(-1));
    paintTrend(painter, *alert.measurement, scale, colors,
               theme.severityColor(alert.severity, alert.state));
    painter.setPen(colors.muted);
    const auto time = [](qint64 ms) {
        return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"HH:mm:ss 'UTC'"_s);
    };
    const QRectF below(area.left(), area.bottom() + 6, area.width(), 18);
    painter.drawText(below, Qt::AlignLeft, time(scale.from));
    painter.drawText(below, Qt::AlignRight, time(scale.to));
    painter.end();
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG")) return std::nullopt;
    return Attachment{fileName(alert.key) + u".png"_s, u"image/png"_s, png};
}

}  // namespace tocsin::ui

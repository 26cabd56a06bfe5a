#include "incidents/timelinedrawing.h"

#include <algorithm>

#include "incidents/evidence.h"
#include "incidents/projection.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

constexpr double kWidth = 1000, kLeft = 92, kRight = 20;
constexpr double kBarTop = 74, kBarHeight = 22, kLanesTop = 128, kLane = 30;
constexpr int kLabelRows = 3;
constexpr qsizetype kLongestLabel = 34;
const QString kInk = u"#1b2330"_s, kMuted = u"#5b6575"_s, kLine = u"#d5dae2"_s;

enum class Lane { People, Runs, Ladder, Messages };
constexpr int kLanes = 4;

struct Phaseband {
    Phase phase;
    QDateTime from, to;
};

QString laneName(int lane) {
    static const QStringList names{u"People"_s, u"Runs"_s, u"Ladder"_s, u"Messages"_s};
    return names.at(lane);
}

QString laneInk(int lane) {
    static const QStringList inks{u"#2563c9"_s, u"#0f766e"_s, u"#b45309"_s, u"#6d4bc4"_s};
    return inks.at(lane);
}

QString phaseFill(Phase phase) {
    switch (phase) {
        case Phase::Acknowledge:
            return u"#f3b6b1"_s;
        case Phase::Assess:
            return u"#f6d9a5"_s;
        case Phase::Investigate:
            return u"#bcd3f7"_s;
        case Phase::Resolve:
            return u"#bfe3cb"_s;
        case Phase::PostMortem:
            break;
    }
    return u"#e4e7ec"_s;
}

Lane laneFor(const Event& event) {
    static const QStringList messages{u"posted"_s, u"delivered"_s, u"failed"_s, u"doubted"_s};
    static const QStringList ladder{u"paged"_s, u"escalated"_s, u"held"_s, u"released"_s};
    if (messages.contains(event.kind)) return Lane::Messages;
    if (ladder.contains(event.kind)) return Lane::Ladder;
    return isEvidenceKind(event.kind) ? Lane::Runs : Lane::People;
}

bool isMilestone(const Event& event) {
    static const QStringList kinds{u"declared"_s, u"acknowledged"_s, u"priority"_s, u"commander"_s,
                                   u"resolved"_s, u"reopened"_s,     u"merged"_s,   u"verified"_s};
    return kinds.contains(event.kind);
}

QString milestoneName(const Event& event) {
    if (event.kind == u"priority") return event.detail[u"severity"_s].toString();
    if (event.kind == u"commander") return event.detail[u"name"_s].toString() + u" commands"_s;
    return event.kind;
}

QVector<Phaseband> bandsOf(const Record& record, const QDateTime& end) {
    QVector<Phaseband> bands;
    Incident incident;
    for (const Event& event : record.events) {
        fold(incident, event);
        if (!bands.isEmpty() && bands.last().phase == incident.phase) continue;
        if (!bands.isEmpty()) bands.last().to = event.at;
        bands.append({incident.phase, event.at, end});
    }
    return bands;
}

/// The picture as it grows.
class Sheet {
public:
    Sheet(const QDateTime& from, const QDateTime& to)
        : m_from(from), m_span(std::max<qint64>(1000, from.msecsTo(to))) {}

    double x(const QDateTime& at) const {
        const double part = double(m_from.msecsTo(at)) / double(m_span);
        return kLeft + std::clamp(part, 0.0, 1.0) * (kWidth - kLeft - kRight);
    }
    void rect(double left, double top, double width, double height, const QString& fill) {
        m_out += u"<rect x=\"%1\" y=\"%2\" width=\"%3\" height=\"%4\" fill=\"%5\"/>\n"_s.arg(
            figure(left), figure(top), figure(width), figure(height), fill);
    }
    void line(double x1, double y1, double x2, double y2, const QString& ink) {
        m_out +=
            u"<line x1=\"%1\" y1=\"%2\" x2=\"%3\" y2=\"%4\" stroke=\"%5\" stroke-width=\"1\"/>\n"_s
                .arg(figure(x1), figure(y1), figure(x2), figure(y2), ink);
    }
    void text(double left, double base, const QString& said, const QString& ink,
              const QString& anchor = u"start"_s, int size = 12) {
        m_out +=
            u"<text x=\"%1\" y=\"%2\" fill=\"%3\" font-size=\"%4\" text-anchor=\"%5\">%6</text>\n"_s
                .arg(figure(left), figure(base), ink)
                .arg(size)
                .arg(anchor, said.toHtmlEscaped());
    }
    QString done(double height, const QString& title) const {
        return u"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1 %2\" width=\"%1\" height=\"%2\" font-family=\"sans-serif\" role=\"img\">\n<title>%3</title>\n<rect width=\"%1\" height=\"%2\" fill=\"#ffffff\"/>\n%4</svg>\n"_s
            .arg(figure(kWidth), figure(height), title.toHtmlEscaped(), m_out);
    }

private:
    static QString figure(double value) { return QString::number(value, 'f', 1); }
    QDateTime m_from;
    qint64 m_span;
    QString m_out;
};

void drawAxis(Sheet& sheet, const QDateTime& from, const QDateTime& to, double bottom) {
    static const QVector<qint64> steps{10,   30,   60,    120,   300,   600,   900,    1800,
                                       3600, 7200, 10800, 21600, 43200, 86400, 604800, 2592000};
    const qint64 span = std::max<qint64>(1, from.secsTo(to));
    const auto found =
        std::find_if(steps.begin(), steps.end(), [span](qint64 step) { return span / step <= 10; });
    const qint64 step = found == steps.end() ? span / 8 : *found;
    const QString format = step >= 86400 ? u"MM-dd"_s : step >= 60 ? u"HH:mm"_s : u"HH:mm:ss"_s;
    for (qint64 at = (from.toSecsSinceEpoch() / step + 1) * step; at <= to.toSecsSinceEpoch();
         at += step) {
        const QDateTime mark = QDateTime::fromSecsSinceEpoch(at, Qt::UTC);
        sheet.line(sheet.x(mark), kBarTop, sheet.x(mark), bottom, kLine);
        sheet.text(sheet.x(mark), bottom + 16, mark.toString(format), kMuted, u"middle"_s, 11);
    }
    sheet.text(kLeft - 8, bottom + 16, u"UTC"_s, kMuted, u"end"_s, 11);
}

void drawPhases(Sheet& sheet, const QVector<Phaseband>& bands) {
    sheet.text(kLeft - 8, kBarTop + 15, u"Phase"_s, kInk, u"end"_s);
    for (const Phaseband& band : bands) {
        const double left = sheet.x(band.from), width = std::max(1.0, sheet.x(band.to) - left);
        sheet.rect(left, kBarTop, width, kBarHeight, phaseFill(band.phase));
        const QString name = nameOf(band.phase);
        if (width > 8.0 * double(name.size())) sheet.text(left + 5, kBarTop + 15, name, kInk);
    }
}

void drawMilestones(Sheet& sheet, const QVector<Event>& events) {
    QVector<double> taken(kLabelRows, -1000);
    for (const Event& event : events) {
        if (!isMilestone(event)) continue;
        const QString name = milestoneName(event).left(kLongestLabel);
        const QString label = u"%1 %2"_s.arg(event.at.toUTC().toString(u"HH:mm"_s), name);
        const double x = sheet.x(event.at), width = 6.6 * double(label.size()) + 8;
        // Near the right edge the words stand before their mark.
        const bool isBefore = x + width > kWidth;
        const double left = isBefore ? x - width : x;
        const auto row = std::find_if(taken.begin(), taken.end(),
                                      [left](double until) { return until <= left; });
        sheet.line(x, kBarTop - 4, x, kBarTop + kBarHeight, kInk);
        if (row == taken.end()) continue;
        const double base = kBarTop - 10 - 18 * double(row - taken.begin());
        sheet.line(x, base + 3, x, kBarTop, kMuted);
        // White behind the words: no mark of another moment runs through them.
        sheet.rect(isBefore ? left : x + 2, base - 11, width - 2, 14, u"#ffffff"_s);
        sheet.text(isBefore ? x - 3 : x + 3, base, label, kInk, isBefore ? u"end"_s : u"start"_s);
        *row = left + width;
    }
}

void drawLanes(Sheet& sheet, const QVector<Event>& events) {
    for (int lane = 0; lane < kLanes; ++lane) {
        const double middle = kLanesTop + kLane * lane;
        sheet.text(kLeft - 8, middle + 4, laneName(lane), kInk, u"end"_s);
        sheet.line(kLeft, middle, kWidth - kRight, middle, kLine);
    }
    QVector<double> last(kLanes, -10);
    for (const Event& event : events) {
        const int lane = int(laneFor(event));
        const double x = sheet.x(event.at);
        if (x - last[lane] < 1.5) continue;
        last[lane] = x;
        const bool isBad = event.kind == u"failed";
        sheet.rect(x - 1.5, kLanesTop + kLane * lane - 9, 3, 18,
                   isBad ? u"#c2281d"_s : laneInk(lane));
    }
}

}  // namespace

QString timelineDrawing(const Record& record, const QDateTime& now) {
    if (record.events.isEmpty()) return {};
    const QDateTime from = record.events.first().at;
    QDateTime to = record.incident.isOpen() ? now : from;
    for (const Event& event : record.events)
        to = std::max(to, event.at);
    Sheet sheet(from, to);
    const double bottom = kLanesTop + kLane * kLanes - 8;
    drawAxis(sheet, from, to, bottom);
    drawPhases(sheet, bandsOf(record, to));
    drawMilestones(sheet, record.events);
    drawLanes(sheet, record.events);
    return sheet.done(bottom + 26, u"%1 from %2 to %3 UTC"_s.arg(record.incident.id,
                                                                 from.toUTC().toString(Qt::ISODate),
                                                                 to.toUTC().toString(Qt::ISODate)));
}

}  // namespace tocsin::incidents

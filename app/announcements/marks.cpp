#include "announcements/marks.h"

#include "delivery/escape.h"

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {
constexpr int kRed = 0xe5484d, kOrange = 0xf5a623, kBlue = 0x3b82f6;
}  // namespace

QString moment(const QDateTime& at, QChar style) {
    if (!at.isValid()) return u"–"_s;
    return u"<t:%1:%2>"_s.arg(at.toSecsSinceEpoch()).arg(style);
}

QString outsideText(const QString& text, qsizetype limit) {
    // A label may be 100 kB long: only the beginning is looked at.
    const QString line = text.left(limit * 4).simplified();
    QString cut = line.size() > limit ? line.left(limit - 1) : line;
    if (!cut.isEmpty() && cut.back().isHighSurrogate()) cut.chop(1);
    if (cut.size() < line.size() || text.size() > limit * 4) cut += u'…';
    return delivery::escapeForPost(cut);
}

int colorOf(incidents::Priority priority) {
    switch (priority) {
        case incidents::Priority::P1:
            return kRed;
        case incidents::Priority::P2:
            return kOrange;
        case incidents::Priority::P3:
        case incidents::Priority::P4:
            break;
    }
    return kBlue;
}

int colorOf(Severity severity) {
    switch (severity) {
        case Severity::Critical:
            return kRed;
        case Severity::Warning:
            return kOrange;
        case Severity::Info:
            return kBlue;
        case Severity::Unknown:
            break;
    }
    return kUnknownColor;
}

QString shapeOf(Severity severity) {
    switch (severity) {
        case Severity::Critical:
            return u"▲"_s;
        case Severity::Warning:
            return u"◆"_s;
        case Severity::Info:
            return u"●"_s;
        case Severity::Unknown:
            break;
    }
    return u"?"_s;
}

}  // namespace tocsin::announcements

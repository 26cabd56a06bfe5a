#include "workspace/wording.h"

using namespace Qt::StringLiterals;

namespace tocsin::workspace {
namespace {

const QString kOpening = u"{{"_s;
const QString kClosing = u"}}"_s;

/// One line with its placeholders filled in; nothing when it held nothing else and all were empty.
std::optional<QString> filledLine(const QString& line, const QMap<QString, QString>& values) {
    const QVector<PlaceholderUse> uses = placeholdersIn(line);
    if (uses.isEmpty()) return line;
    QString out, around;
    bool isEmpty = true;
    qsizetype from = 0;
    for (const PlaceholderUse& use : uses) {
        const QString before = line.mid(from, use.offset - from);
        const auto value = values.find(use.name);
        const QString said = value == values.end() ? line.mid(use.offset, use.length) : *value;
        isEmpty = isEmpty && said.isEmpty();
        around += before;
        out += before + said;
        from = use.offset + use.length;
    }
    around += line.mid(from);
    out += line.mid(from);
    if (isEmpty && around.trimmed().isEmpty()) return std::nullopt;
    return out;
}

}  // namespace

QString nameOf(Wording wording) {
    switch (wording) {
        case Wording::Page:
            return u"page"_s;
        case Wording::Update:
            return u"update"_s;
        case Wording::Card:
            return u"card"_s;
        case Wording::Feed:
            break;
    }
    return u"feed"_s;
}

QStringList placeholdersOf(Wording wording) {
    const QStringList incident{u"incident"_s,  u"title"_s,    u"severity"_s, u"phase"_s,
                               u"commander"_s, u"declared"_s, u"keys"_s,     u"runbook"_s};
    switch (wording) {
        case Wording::Page:
            return incident + QStringList{u"level"_s, u"level_name"_s, u"notes"_s};
        case Wording::Update:
            return incident + QStringList{u"number"_s, u"text"_s, u"next_update"_s};
        case Wording::Card:
            return incident + QStringList{u"phases"_s, u"escalation"_s, u"last_update"_s,
                                          u"next_update"_s, u"resolution"_s};
        case Wording::Feed:
            break;
    }
    return {u"key"_s,     u"shape"_s, u"count"_s,   u"severity"_s, u"state"_s, u"since"_s,
            u"summary"_s, u"which"_s, u"sources"_s, u"runbook"_s,  u"notes"_s};
}

QString standardText(Wording wording) {
    switch (wording) {
        case Wording::Page:
            return u"**{{severity}} {{title}}** — level {{level}} {{level_name}} · {{incident}} "
                   "declared {{declared}}{{notes}}"_s;
        case Wording::Update:
            return u"{{text}}"_s;
        case Wording::Card:
            return u"{{incident}} · {{severity}} {{title}}\n{{phases}}\n{{last_update}}\n{{"
                   "resolution}}"_s;
        case Wording::Feed:
            break;
    }
    return u"{{shape}} {{key}} · {{state}}\n{{summary}}\n{{which}}\n{{notes}}"_s;
}

QVector<PlaceholderUse> placeholdersIn(const QString& text) {
    QVector<PlaceholderUse> uses;
    qsizetype at = 0;
    while ((at = text.indexOf(kOpening, at)) >= 0) {
        qsizetype line = text.indexOf(u'\n', at);
        if (line < 0) line = text.size();
        const qsizetype end = text.indexOf(kClosing, at + kOpening.size());
        const bool closes = end >= 0 && end < line;
        const qsizetype stop = closes ? end + kClosing.size() : line;
        const QString name =
            closes ? text.mid(at + kOpening.size(), end - at - kOpening.size()).trimmed()
                   : QString();
        uses.append({name, at, stop - at});
        at = stop;
    }
    return uses;
}

QString filled(const QString& text, const QMap<QString, QString>& values) {
    QStringList lines;
    const QStringList written = text.split(u'\n');
    for (const QString& line : written)
        if (const auto out = filledLine(line, values)) lines.append(*out);
    while (!lines.isEmpty() && lines.last().trimmed().isEmpty())
        lines.removeLast();
    return lines.join(u'\n');
}

}  // namespace tocsin::workspace

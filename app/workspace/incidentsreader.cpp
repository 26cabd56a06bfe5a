#include "workspace/incidentsreader.h"

#include <QDir>
#include <QFile>

#include "workspace/fieldvalue.h"
#include "workspace/keys.h"
#include "workspace/nearest.h"
#include "workspace/postmortemtext.h"
#include "workspace/values.h"
#include "workspace/wording.h"

using namespace Qt::StringLiterals;

namespace tocsin::workspace {
namespace {

constexpr qint64 kLargestTemplate = 256LL * 1024;  // bytes

const QStringList& priorityWords() {
    static const QStringList words{u"P1"_s, u"P2"_s, u"P3"_s, u"P4"_s};
    return words;
}

const QStringList& severityWords() {
    static const QStringList words{u"critical"_s, u"warning"_s, u"info"_s, u"unknown"_s};
    return words;
}

}  // namespace

IncidentsEntry IncidentsReader::read(const YamlNode& node) {
    IncidentsEntry entry;
    if (node.isNull()) return entry;
    if (!node.isMap()) {
        m_mistakes.error(
            node, "wrong-type", node.text,
            u"“incidents” must be a map with severity, updates, verify, silence, attach and post_mortem, not %1."_s
                .arg(node.kindName()));
        return entry;
    }
    reportUnknownKeys(
        m_mistakes, node, u"incidents"_s,
        {u"severity"_s, u"updates"_s, u"verify"_s, u"silence"_s, u"attach"_s, u"post_mortem"_s});
    if (const YamlNode* list = node.find(u"severity"_s)) readSeverity(entry, *list);
    if (const YamlNode* map = node.find(u"updates"_s)) readUpdates(entry, *map);
    if (const auto span = readDuration(node, u"verify"_s, u"15m"_s, true)) entry.verify = *span;
    if (const auto span = readDuration(node, u"silence"_s, u"2h"_s, true)) entry.silence = *span;
    if (const YamlNode* attach = node.find(u"attach"_s); attach && !attach->isNull()) {
        const auto flag = attach->isScalar() ? booleanFromText(attach->text) : std::nullopt;
        if (flag)
            entry.attach = *flag;
        else
            m_mistakes.error(*attach, "wrong-type", attach->text,
                             u"“attach” must be true or false. Later alerts of the same key are "
                             "attached until then."_s);
    }
    if (const YamlNode* file = node.find(u"post_mortem"_s); file && !file->isNull())
        entry.postMortem = readPostMortem(*file);
    return entry;
}

QString IncidentsReader::readPostMortem(const YamlNode& node) {
    if (!node.isScalar() || node.text.trimmed().isEmpty()) {
        m_mistakes.error(node, "wrong-type", node.text,
                         u"“post_mortem” is the path of a Markdown file in the workspace. Until "
                         "then the standard template is used."_s);
        return {};
    }
    const QString path = QDir(m_folder).absoluteFilePath(node.text.trimmed());
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLargestTemplate) {
        m_mistakes.error(node, "missing-file", node.text,
                         u"The post-mortem template “%1” cannot be read (at most 256 KB). Until "
                         "then the standard template is used."_s.arg(node.text));
        return {};
    }
    const QString text = QString::fromUtf8(file.readAll());
    checkPlaceholders(node, text);
    return text;
}

void IncidentsReader::checkPlaceholders(const YamlNode& node, const QString& text) {
    const QStringList parts = postMortemParts(), known = postMortemWords() + parts;
    int number = 0;
    for (const QString& line : text.split(u'\n')) {
        ++number;
        for (const PlaceholderUse& use : placeholdersIn(line)) {
            const bool alone = line.trimmed().size() == use.length;
            if (!known.contains(use.name))
                m_mistakes.warning(
                    node, "unknown-placeholder", use.name,
                    u"Line %1 of %2: a post-mortem knows no {{%3}}.%4"_s.arg(
                        QString::number(number), node.text, use.name, didYouMean(use.name, known)));
            else if (parts.contains(use.name) && !alone)
                m_mistakes.warning(
                    node, "misplaced-placeholder", use.name,
                    u"Line %1 of %2: {{%3}} stands for a whole part and must be "
                    "alone on its line."_s.arg(QString::number(number), node.text, use.name));
        }
    }
}

void IncidentsReader::readSeverity(IncidentsEntry& entry, const YamlNode& list) {
    if (list.isNull()) return;
    if (!list.isSequence()) {
        m_mistakes.error(
            list, "wrong-type", list.text,
            u"“severity” must be a list of {key, labels, severity, propose}, not %1."_s.arg(
                list.kindName()));
        return;
    }
    for (const YamlNode& item : list.items)
        if (const auto rule = readSeverityRule(item)) entry.severity.append(*rule);
}

std::optional<SeverityEntry> IncidentsReader::readSeverityRule(const YamlNode& node) {
    if (!node.isMap()) {
        m_mistakes.error(
            node, "wrong-type", node.text,
            u"A severity rule is a map such as {key: error_rate, propose: P1}, not %1."_s.arg(
                node.kindName()));
        return {};
    }
    reportUnknownKeys(m_mistakes, node, u"a severity rule"_s,
                      {u"key"_s, u"labels"_s, u"severity"_s, u"propose"_s});
    SeverityEntry rule;
    rule.key = textOf(node, u"key"_s);
    rule.severity = textOf(node, u"severity"_s).toLower();
    if (!rule.severity.isEmpty() && !severityWords().contains(rule.severity)) {
        m_mistakes.error(*node.find(u"severity"_s), "bad-severity", rule.severity,
                         u"“severity” of an alert is critical, warning, info or unknown; the rule "
                         "is left out.%1"_s.arg(didYouMean(rule.severity, severityWords())));
        return {};
    }
    if (const YamlNode* labels = node.find(u"labels"_s)) readLabels(rule, *labels);
    rule.propose = textOf(node, u"propose"_s).toUpper();
    if (priorityWords().contains(rule.propose)) return rule;
    const YamlNode* propose = node.find(u"propose"_s);
    m_mistakes.error(propose ? *propose : node, propose ? "bad-severity" : "missing-key",
                     rule.propose,
                     u"A severity rule needs “propose”: P1, P2, P3 or P4; it is left out."_s);
    return {};
}

void IncidentsReader::readLabels(SeverityEntry& rule, const YamlNode& map) {
    if (map.isNull()) return;
    if (!map.isMap()) {
        m_mistakes.error(
            map, "wrong-type", map.text,
            u"“labels” must be a map such as {env: production}, not %1."_s.arg(map.kindName()));
        return;
    }
    for (std::size_t i = 0; i < map.keys.size(); ++i)
        if (map.items[i].isScalar()) rule.labels.insert(map.keys[i].text, map.items[i].text);
}

void IncidentsReader::readUpdates(IncidentsEntry& entry, const YamlNode& map) {
    if (map.isNull()) return;
    if (!map.isMap()) {
        m_mistakes.error(
            map, "wrong-type", map.text,
            u"“updates” must be a map such as {P1: {first: 5m, every: 20m}}, not %1."_s.arg(
                map.kindName()));
        return;
    }
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        const YamlNode &key = map.keys[i], &value = map.items[i];
        if (!priorityWords().contains(key.text)) {
            m_mistakes.error(key, "unknown-key", key.text,
                             u"“updates” knows P1, P2, P3 and P4, not “%1”."_s.arg(key.text));
            continue;
        }
        if (!value.isMap()) {
            m_mistakes.error(value, "wrong-type", value.text,
                             u"“%1” must be a map such as {first: 5m, every: 20m}, not %2."_s.arg(
                                 key.text, value.kindName()));
            continue;
        }
        reportUnknownKeys(m_mistakes, value, u"an update rhythm"_s,
                          {u"first"_s, u"every"_s, u"later"_s});
        entry.updates.insert(key.text, {readDuration(value, u"first"_s, u"5m"_s),
                                        readDuration(value, u"every"_s, u"20m"_s),
                                        readDuration(value, u"later"_s, u"1h"_s)});
    }
}

std::optional<std::chrono::milliseconds> IncidentsReader::readDuration(const YamlNode& map,
                                                                       const QString& key,
                                                                       const QString& standing,
                                                                       bool mayBeZero) {
    const YamlNode* value = map.find(key);
    if (!value || value->isNull()) return {};
    const auto duration = value->isScalar() ? durationFromText(value->text) : std::nullopt;
    const std::chrono::milliseconds least =
        mayBeZero ? std::chrono::milliseconds(0) : std::chrono::seconds(1);
    if (duration && *duration >= least) return duration;
    m_mistakes.error(*value, "bad-duration", value->text,
                     u"“%1” must be a duration such as 5m or 1h%3; it is %2 until then."_s.arg(
                         key, standing, notWhatIs(*value)));
    return {};
}

QString IncidentsReader::textOf(const YamlNode& node, const QString& key) {
    const YamlNode* value = node.find(key);
    if (!value || value->isNull()) return {};
    if (value->isScalar()) return value->text.trimmed();
    m_mistakes.error(*value, "wrong-type", {},
                     u"“%1” must be text, not %2."_s.arg(key, value->kindName()));
    return {};
}

}  // namespace tocsin::workspace

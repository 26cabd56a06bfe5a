#include "workspace/rulereader.h"

#include "sdk/threshold.h"
#include "workspace/fieldvalue.h"
#include "workspace/keys.h"
#include "workspace/values.h"

namespace tocsin::workspace {
namespace {

class RuleReader {
public:
    RuleReader(const YamlNode& node, Mistakes& mistakes) : m_node(node), m_mistakes(mistakes) {}

    std::optional<Rule> read() {
        reportUnknownKeys(
            m_mistakes, m_node, QStringLiteral("a rule"),
            {QStringLiteral("key"), QStringLiteral("metric"), QStringLiteral("warning"),
             QStringLiteral("critical"), QStringLiteral("over")});
        Rule rule;
        rule.line = m_node.line;
        rule.key = text("key");
        rule.metric = text("metric");
        rule.warning = threshold("warning");
        rule.critical = threshold("critical");
        readOver(rule);
        requireSomething(rule);
        compareLimits(rule);
        if (rule.metric.isEmpty()) rule.metric = rule.key;
        return m_good ? std::optional(rule) : std::nullopt;
    }

private:
    void fail(const YamlNode& at, const char* rule, const QString& message) {
        m_mistakes.error(at, rule, at.text, message);
        m_good = false;
    }

    QString text(const char* key) {
        const YamlNode* value = m_node.find(QLatin1String(key));
        if (!value || value->isNull()) return {};
        if (value->isScalar()) return value->text.trimmed();
        fail(*value, "wrong-type",
             QStringLiteral("“%1” must be text, not %2.")
                 .arg(QLatin1String(key), value->kindName()));
        return {};
    }

    QString threshold(const char* key) {
        const QString written = text(key);
        if (written.isEmpty() || thresholdFromText(written)) return written;
        fail(*m_node.find(QLatin1String(key)), "bad-threshold",
             QStringLiteral(
                 "“%1” must be a comparison, a number and perhaps a unit, such as \"> 2%\", "
                 "\">= 1.5s\" or \"< 10\"%2.")
                 .arg(QLatin1String(key), notWhatIs(*m_node.find(QLatin1String(key)))));
        return {};
    }

    void readOver(Rule& rule) {
        const QString written = text("over");
        if (written.isEmpty()) return;
        if (const auto duration = durationFromText(written))
            rule.over = *duration;
        else
            fail(*m_node.find(QStringLiteral("over")), "bad-duration",
                 QStringLiteral("“over” must be a duration such as 30s or 5m%1.")
                     .arg(notWhatIs(*m_node.find(QStringLiteral("over")))));
    }

    void requireSomething(const Rule& rule) {
        if (rule.key.isEmpty())
            fail(m_node, "missing-key",
                 QStringLiteral(
                     "A rule needs a key, such as “key: error_rate”: the alert it raises."));
        const bool none =
            !m_node.find(QStringLiteral("warning")) && !m_node.find(QStringLiteral("critical"));
        if (none)
            fail(m_node, "missing-key",
                 QStringLiteral("A rule needs “warning”, “critical” or both, such as \"> 5%\"."));
    }

    /// What is critical must be a warning before: else the warning never shows.
    void compareLimits(const Rule& rule) {
        const auto warning = thresholdFromText(rule.warning);
        const auto critical = thresholdFromText(rule.critical);
        if (!warning || !critical || warning->comparison != critical->comparison) return;
        using Comparison = Threshold::Comparison;
        const double limit = convertedUnit(critical->limit, critical->unit, warning->unit);
        const bool isAbove =
            warning->comparison == Comparison::Above || warning->comparison == Comparison::AtLeast;
        const bool isBelow =
            warning->comparison == Comparison::Below || warning->comparison == Comparison::AtMost;
        if (!(isAbove && limit < warning->limit) && !(isBelow && limit > warning->limit)) return;
        const YamlNode& at = *m_node.find(QStringLiteral("warning"));
        m_mistakes.warning(at, "limit-order", at.text,
                           QStringLiteral("“%1” is critical (%2) before it is a warning (%3): the "
                                          "warning never shows. Are the two exchanged?")
                               .arg(rule.key, rule.critical, rule.warning));
    }

    const YamlNode& m_node;
    Mistakes& m_mistakes;
    bool m_good = true;
};

}  // namespace

QVector<Rule> readRules(const YamlNode& list, Mistakes& mistakes) {
    if (list.isNull()) return {};
    if (!list.isSequence()) {
        mistakes.error(
            list, "wrong-type", list.text,
            QStringLiteral("“rules” must be a list of {key, metric, warning, critical, over}, "
                           "not %1.")
                .arg(list.kindName()));
        return {};
    }
    QVector<Rule> rules;
    for (const YamlNode& item : list.items) {
        if (!item.isMap()) {
            mistakes.error(
                item, "wrong-type", item.text,
                QStringLiteral("A rule is a map {key, metric, warning, critical, over}, not %1.")
                    .arg(item.kindName()));
            continue;
        }
        const auto rule = RuleReader(item, mistakes).read();
        if (!rule) continue;
        const bool known = std::any_of(rules.begin(), rules.end(), [&rule](const Rule& other) {
            return other.key == rule->key && other.metric == rule->metric;
        });
        if (known)
            mistakes.error(
                item, "duplicate-name", rule->key,
                QStringLiteral("There is already a rule for “%1” on this metric; this one is "
                               "left out.")
                    .arg(rule->key));
        else
            rules.append(*rule);
    }
    return rules;
}

}  // namespace tocsin::workspace

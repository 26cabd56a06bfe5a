#include "runbooks/frontmatter.h"

#include <yaml-cpp/yaml.h>

#include <QRegularExpression>

#include "sdk/threshold.h"

namespace tocsin::runbooks {

namespace {

class Reader {
public:
    Reader(const QString& file, QVector<Finding>& findings) : m_file(file), m_findings(findings) {}

    FrontMatter read(const YAML::Node& root) {
        FrontMatter result;
        result.isPresent = true;
        if (!root.IsMap()) {
            report(root, QStringLiteral("The front matter has to be a list of names and values, as "
                                        "in \"keys: [error_rate]\"."));
            return result;
        }
        for (const auto& entry : root) {
            const QString name = text(entry.first);
            readEntry(result, name, entry.second, entry.first);
        }
        return result;
    }

private:
    void readEntry(FrontMatter& result, const QString& name, const YAML::Node& value,
                   const YAML::Node& at) {
        if (name == QLatin1String("title"))
            result.title = text(value);
        else if (name == QLatin1String("name"))
            result.name = slug(text(value));
        else if (name == QLatin1String("kind"))
            result.kind = kind(value);
        else if (name == QLatin1String("key") || name == QLatin1String("keys"))
            result.keys = texts(value);
        else if (name == QLatin1String("match") || name == QLatin1String("labels"))
            result.matchLabels = labels(value);
        else if (name == QLatin1String("thresholds"))
            result.thresholds = thresholds(value);
        else
            report(
                at,
                QStringLiteral(
                    "\"%1\" means nothing here. Known: title, name, kind, keys, match, thresholds.")
                    .arg(name));
    }

    void report(const YAML::Node& at, const QString& message) {
        const YAML::Mark mark = at.Mark();
        // The first "---" is line 1, and marks count from 0.
        m_findings << Finding{m_file,
                              mark.line + 2,
                              mark.column + 1,
                              QStringLiteral("warning"),
                              QStringLiteral("front-matter"),
                              message};
    }

    QString text(const YAML::Node& node) {
        if (node.IsScalar()) return QString::fromStdString(node.Scalar());
        if (!node.IsNull()) report(node, QStringLiteral("A single text is expected here."));
        return {};
    }

    QStringList texts(const YAML::Node& node) {
        if (node.IsMap()) {
            report(node, QStringLiteral("A text or a list of texts is expected here: [a, b]."));
            return {};
        }
        if (!node.IsSequence()) {
            const QString one = text(node);
            return one.isEmpty() ? QStringList() : QStringList(one);
        }
        QStringList result;
        for (const YAML::Node& item : node)
            if (const QString one = text(item); !one.isEmpty()) result << one;
        return result;
    }

    DocumentKind kind(const YAML::Node& node) {
        const QString word = text(node);
        for (const auto known : {DocumentKind::Runbook, DocumentKind::Process,
                                 DocumentKind::Escalation, DocumentKind::Contacts})
            if (toString(known) == word) return known;
        report(node,
               QStringLiteral(
                   "\"%1\" is no kind of document. Known: runbook, process, escalation, contacts.")
                   .arg(word));
        return DocumentKind::Runbook;
    }

    QMap<QString, QString> labels(const YAML::Node& node) {
        QMap<QString, QString> result;
        if (!node.IsMap()) {
            report(node, QStringLiteral(
                             "Label rules are names and values: {service: api, env: /prod.*/}."));
            return result;
        }
        for (const auto& entry : node) {
            const QString value = text(entry.second);
            result.insert(text(entry.first), value);
            if (value.size() < 2 || !value.startsWith(u'/') || !value.endsWith(u'/')) continue;
            const QRegularExpression pattern(value.mid(1, value.size() - 2));
            if (!pattern.isValid())
                report(entry.second,
                       QStringLiteral("\"%1\" is no regular expression (%2): it never matches.")
                           .arg(value, pattern.errorString()));
        }
        return result;
    }

    QVector<Threshold> thresholds(const YAML::Node& node) {
        QVector<Threshold> result;
        if (!node.IsSequence()) {
            report(node, QStringLiteral("Thresholds are a list: - {key: error_rate, metric: "
                                        "error_rate, warning: \"> 2%\", over: 5m}."));
            return result;
        }
        for (const YAML::Node& item : node) {
            if (item.IsMap())
                result << threshold(item);
            else
                report(item,
                       QStringLiteral(
                           "A threshold needs names: {key, metric, warning, critical, over}."));
        }
        return result;
    }

    Threshold threshold(const YAML::Node& node) {
        Threshold result;
        const QMap<QString, QString*> fields{{QStringLiteral("key"), &result.key},
                                             {QStringLiteral("metric"), &result.metric},
                                             {QStringLiteral("warning"), &result.warning},
                                             {QStringLiteral("critical"), &result.critical},
                                             {QStringLiteral("over"), &result.over}};
        for (const auto& entry : node) {
            const QString name = text(entry.first);
            if (QString* field = fields.value(name)) {
                *field = text(entry.second);
                checkLimit(name, *field, entry.second);
            } else
                report(entry.first, QStringLiteral("\"%1\" is not part of a threshold. Known: key, "
                                                   "metric, warning, critical, over.")
                                        .arg(name));
        }
        if (result.key.isEmpty() || (result.warning.isEmpty() && result.critical.isEmpty()))
            report(node,
                   QStringLiteral("A threshold needs \"key\", and \"warning\", \"critical\" or "
                                  "both, such as \"> 5%\": without them it never fires."));
        if (result.metric.isEmpty()) result.metric = result.key;
        return result;
    }

    void checkLimit(const QString& name, const QString& value, const YAML::Node& at) {
        static const QRegularExpression duration(QStringLiteral("^(0|\\d{1,10}(ms|s|m|h))$"));
        const bool isLimit = name == QLatin1String("warning") || name == QLatin1String("critical");
        if (isLimit && !value.isEmpty() && !thresholdFromText(value))
            report(at,
                   QStringLiteral("\"%1\" must be a comparison, a number and perhaps a unit, such "
                                  "as \"> 2%\", not \"%2\".")
                       .arg(name, value));
        if (name == QLatin1String("over") && !duration.match(value).hasMatch())
            report(at, QStringLiteral("\"over\" must be a duration such as 30s or 5m, not \"%1\".")
                           .arg(value));
    }

    const QString m_file;
    QVector<Finding>& m_findings;
};

}  // namespace

FrontMatter readFrontMatter(const QByteArray& yaml, const QString& file,
                            QVector<Finding>& findings) {
    if (yaml.trimmed().isEmpty()) return {};
    try {
        return Reader(file, findings).read(YAML::Load(yaml.toStdString()));
    } catch (const YAML::Exception& problem) {
        findings << Finding{file,
                            problem.mark.is_null() ? 1 : problem.mark.line + 2,
                            problem.mark.is_null() ? 1 : problem.mark.column + 1,
                            QStringLiteral("error"),
                            QStringLiteral("front-matter"),
                            QStringLiteral("The front matter is not YAML: %1. Mend it or remove "
                                           "the lines between the \"---\".")
                                .arg(QString::fromStdString(problem.msg))};
    }
    return {};
}

}  // namespace tocsin::runbooks

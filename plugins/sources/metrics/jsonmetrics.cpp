#include "plugins/sources/metrics/jsonmetrics.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <optional>

namespace tocsin::metrics {
namespace {

// An endpoint with more numbers than this is not an application's own summary.
constexpr qsizetype kMostValues = 50000;

struct Quantity {
    double value;
    QString unit;
};

std::optional<Quantity> quantityFromText(const QString& text) {
    static const QRegularExpression form(
        QStringLiteral(R"(^\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(%|[a-zA-Z]{0,8})\s*$)"));
    const auto match = form.match(text);
    if (!match.hasMatch()) return std::nullopt;
    return Quantity{match.captured(1).toDouble(), match.captured(2)};
}

std::optional<double> numberAmong(const QJsonObject& object,
                                  std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const QJsonValue value = object[QLatin1String(name)]; value.isDouble())
            return value.toDouble();
    return std::nullopt;
}

class Flattener {
public:
    Samples run(const QJsonValue& root) {
        visit({}, root);
        return std::move(m_samples);
    }

private:
    void visit(const QString& name, const QJsonValue& value) {
        if (m_samples.size() >= kMostValues) return;
        switch (value.type()) {
            case QJsonValue::Double:
                add(name, value.toDouble(), {});
                break;
            case QJsonValue::Bool:
                add(name, value.toBool() ? 1 : 0, {});
                break;
            case QJsonValue::String:
                if (const auto quantity = quantityFromText(value.toString()))
                    add(name, quantity->value, quantity->unit);
                break;
            case QJsonValue::Object:
                visitObject(name, value.toObject());
                break;
            case QJsonValue::Array:
                visitArray(name, value.toArray());
                break;
            default:
                break;
        }
    }

    void visitObject(const QString& name, const QJsonObject& object) {
        addWhole(name, object);
        for (auto it = object.begin(); it != object.end(); ++it)
            visit(name.isEmpty() ? it.key() : name + QLatin1Char('.') + it.key(), it.value());
    }

    void visitArray(const QString& name, const QJsonArray& array) {
        for (qsizetype i = 0; i < array.size(); ++i)
            visit((name.isEmpty() ? QString() : name + QLatin1Char('.')) + QString::number(i),
                  array[i]);
    }

    void addWhole(const QString& name, const QJsonObject& object) {
        if (name.isEmpty()) return;
        if (const QJsonValue value = object[u"value"]; value.isDouble()) {
            add(name, value.toDouble(), object[u"unit"].toString());
            return;
        }
        const auto used =
            numberAmong(object, {"used", "active", "in_use", "inUse", "current", "open"});
        const auto most = numberAmong(object, {"max", "limit", "size"});
        if (used && most && *most > 0) add(name, 100.0 * *used / *most, QStringLiteral("%"));
    }

    void add(const QString& name, double value, const QString& unit) {
        m_samples.append({name, {}, value, unit});
    }

    Samples m_samples;
};

}  // namespace

Result<Samples> samplesFromJson(const QByteArray& json) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return fail(ErrorCode::Parse, QStringLiteral("%1 at byte %2 of %3")
                                          .arg(problem.errorString())
                                          .arg(problem.offset)
                                          .arg(json.size()));
    const QJsonValue root =
        document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
    Samples samples = Flattener().run(root);
    if (samples.isEmpty()) return fail(ErrorCode::Parse, QStringLiteral("JSON without any number"));
    return samples;
}

}  // namespace tocsin::metrics

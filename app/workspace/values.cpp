#include "workspace/values.h"

#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

namespace tocsin::workspace {

std::optional<std::chrono::milliseconds> durationFromText(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^(\\d{1,10})(ms|s|m|h)$"));
    if (text == QLatin1String("0")) return std::chrono::milliseconds{0};
    const auto match = form.match(text);
    if (!match.hasMatch()) return std::nullopt;
    const QString unit = match.captured(2);
    const qint64 factor = unit == QLatin1String("ms")  ? 1
                          : unit == QLatin1String("s") ? 1000
                          : unit == QLatin1String("m") ? 60 * 1000
                                                       : 60 * 60 * 1000;
    const std::chrono::milliseconds duration{match.captured(1).toLongLong() * factor};
    if (duration > std::chrono::hours{24 * 366}) return std::nullopt;
    return duration;
}

std::optional<bool> booleanFromText(const QString& text) {
    const QString word = text.toLower();
    for (const char* yes : {"true", "yes", "on"})
        if (word == QLatin1String(yes)) return true;
    for (const char* no : {"false", "no", "off"})
        if (word == QLatin1String(no)) return false;
    return std::nullopt;
}

bool holdsSecret(const QString& text) {
    static const QRegularExpression webhook(QStringLiteral("/webhooks/\\d+/[A-Za-z0-9_.-]+"));
    static const QRegularExpression keyed(
        QStringLiteral("(^|[\\s?&;])((ssl)?password|passwd|pwd|token)\\s*=\\s*[^\\s&;]"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression inAddress(
        QStringLiteral("[A-Za-z][A-Za-z0-9+.-]*://[^\\s/@:]*:[^\\s/@]+@"));
    return webhook.match(text).hasMatch() || keyed.match(text).hasMatch() ||
           inAddress.match(text).hasMatch();
}

QString environmentFromText(const QString& text) {
    const QString word = text.trimmed().toLower();
    for (const char* alias : {"", "prod", "prd", "live", "production"})
        if (word == QLatin1String(alias)) return QStringLiteral("production");
    return word;
}

QVariant fallbackValue(const Field& field) {
    if (!field.fallback.isValid() || field.fallback.isNull()) return {};
    switch (field.kind) {
        case FieldKind::Text:
        case FieldKind::Url:
            return field.fallback.toString();
        case FieldKind::Secret:
            return {};
        case FieldKind::Duration: {
            const auto duration = durationFromText(field.fallback.toString());
            return duration ? QVariant(qint64(duration->count())) : QVariant();
        }
        case FieldKind::Number: {
            bool ok = false;
            const double number = field.fallback.toDouble(&ok);
            return ok ? QVariant(number) : QVariant();
        }
        case FieldKind::Boolean:
            return field.fallback.typeId() == QMetaType::Bool ? field.fallback : QVariant();
        case FieldKind::Choice: {
            const QString choice = field.fallback.toString();
            return field.choices.contains(choice) ? QVariant(choice) : QVariant();
        }
        case FieldKind::TextMap:
            return field.fallback.canConvert<QVariantMap>() ? QVariant(field.fallback.toMap())
                                                            : QVariant();
        case FieldKind::TextList:
            return field.fallback.toStringList();
    }
    return {};
}

bool fallbackFits(const Field& field) {
    const bool given = field.fallback.isValid() && !field.fallback.isNull();
    return !given || (field.kind != FieldKind::Secret && fallbackValue(field).isValid());
}

}  // namespace tocsin::workspace

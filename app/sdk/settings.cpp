#include "sdk/settings.h"

namespace tocsin {

QString Settings::text(const QString& field) const {
    return values.value(field).toString();
}

QUrl Settings::url(const QString& field) const {
    return QUrl(text(field));
}

std::chrono::milliseconds Settings::duration(const QString& field) const {
    return std::chrono::milliseconds(values.value(field).toLongLong());
}

double Settings::number(const QString& field) const {
    return values.value(field).toDouble();
}

bool Settings::flag(const QString& field) const {
    return values.value(field).toBool();
}

QMap<QString, QString> Settings::map(const QString& field) const {
    QMap<QString, QString> result;
    const QVariantMap raw = values.value(field).toMap();
    for (auto it = raw.begin(); it != raw.end(); ++it)
        result.insert(it.key(), it.value().toString());
    return result;
}

QStringList Settings::list(const QString& field) const {
    return values.value(field).toStringList();
}

Secret Settings::secret(const QString& field) const {
    return secrets.value(field);
}

}  // namespace tocsin

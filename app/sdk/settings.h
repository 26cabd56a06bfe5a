#pragma once
#include <QMap>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <QVariantMap>
#include <chrono>

#include "sdk/secret.h"

namespace tocsin {

/// One checked entry of the workspace file, with its secrets already resolved: what a plugin gets
/// to make its object from. Values were validated against the plugin's Field schema and defaults
/// are filled in, so the getters cannot fail; a name the schema lacks reads as empty.
struct TOCSIN_SDK_EXPORT Settings {
    QString name;  ///< the entry's own name ("prod", "primary", "incidents")
    QString kind;  ///< the plugin's type ("alertmanager", "postgres", "discord")
    /// Text and Url as QString, Duration as qint64 milliseconds, Number as double, Boolean as bool,
    /// TextMap as QVariantMap, TextList as QStringList.
    QVariantMap values;
    QMap<QString, Secret> secrets;

    QString text(const QString& field) const;
    QUrl url(const QString& field) const;
    std::chrono::milliseconds duration(const QString& field) const;
    double number(const QString& field) const;
    bool flag(const QString& field) const;
    QMap<QString, QString> map(const QString& field) const;
    QStringList list(const QString& field) const;
    Secret secret(const QString& field) const;
};

}  // namespace tocsin

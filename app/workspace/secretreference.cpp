#include <QDir>

#include "workspace/workspace.h"

namespace tocsin::workspace {

QString SecretReference::text() const {
    switch (where) {
        case Where::Keychain:
            return QStringLiteral("keychain:") + name;
        case Where::Environment:
            return QStringLiteral("env:") + name;
        case Where::File:
            return QStringLiteral("file:") + name;
    }
    return name;
}

std::optional<SecretReference> secretReferenceFromText(const QString& text, const QString& folder) {
    using Where = SecretReference::Where;
    const qsizetype colon = text.indexOf(QLatin1Char(':'));
    if (colon < 0) return std::nullopt;
    const QString form = text.left(colon).trimmed();
    const QString name = text.mid(colon + 1).trimmed();
    if (name.isEmpty()) return std::nullopt;
    if (form == QLatin1String("keychain")) return SecretReference{Where::Keychain, name};
    if (form == QLatin1String("env")) return SecretReference{Where::Environment, name};
    if (form != QLatin1String("file")) return std::nullopt;
    if (name.startsWith(QLatin1String("~/")))
        return SecretReference{Where::File, QDir::cleanPath(QDir::homePath() + name.mid(1))};
    return SecretReference{Where::File, QDir::cleanPath(QDir(folder).absoluteFilePath(name))};
}

}  // namespace tocsin::workspace

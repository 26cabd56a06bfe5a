#pragma once
#include <QByteArray>
#include <QString>

#include "sdk/export.h"

namespace tocsin {

/// A credential in memory. It has no operator that prints it: `reveal()` is the only way out, so
/// a search for that word finds every place where a secret is used. Every value is also made
/// known to redact(), which removes it from any text that leaves the program.
class TOCSIN_SDK_EXPORT Secret {
public:
    Secret() = default;
    explicit Secret(const QString& value);

    bool isEmpty() const { return m_value.isEmpty(); }
    QString reveal() const { return m_value; }

private:
    QString m_value;
};

/// Replaces in `text` every known Secret, passwords in URLs, Discord webhook tokens,
/// `Authorization`/`password=` values, and what is typed as a password in SQL (PASSWORD 'x'), Redis
/// commands (AUTH, HELLO, CONFIG SET, ACL SETUSER) or for redis-cli by "•••". The one place where
/// that happens. Thread-safe.
TOCSIN_SDK_EXPORT QString redact(const QString& text);
/// As redact(), for text that is known to be Redis commands, one a line: `auth x` in any spelling,
/// which elsewhere may be words.
TOCSIN_SDK_EXPORT QString redactCommands(const QString& text);

}  // namespace tocsin

#pragma once
#include <QJsonArray>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <QVector>

#include "sdk/error.h"

namespace tocsin {

enum class FieldKind {
    Text,
    Url,
    Secret,    ///< a reference only: keychain:NAME, env:NAME, file:PATH
    Duration,  ///< 500ms, 10s, 15m, 2h
    Number,
    Boolean,
    Choice,   ///< one of `choices`
    TextMap,  ///< name: text
    TextList,
};

/// One setting of a plugin. The workspace checks against it; the settings page draws it.
struct Field {
    QString name;   ///< the key in tocsin.yaml
    QString label;  ///< what the settings page calls it
    QString help;   ///< one sentence
    FieldKind kind = FieldKind::Text;
    bool required = false;
    QVariant fallback;
    QStringList choices;
    /// Regular expression for a text, and for every value of a map, as a whole; empty: any.
    QString pattern = {};
    QString expects = {};      ///< in words: completes "“channel_id” must be …"
    QStringList schemes = {};  ///< an address begins with one of these; empty: any
    QString group = {};        ///< under which heading the settings page draws it
};

/// Reads the `fields` array of a plugin.json. Errors name the field and what was expected.
TOCSIN_SDK_EXPORT Result<QVector<Field>> fieldsFromJson(const QJsonArray& array);

}  // namespace tocsin

#pragma once
#include <QString>
#include <QVector>

#include "sdk/field.h"

namespace tocsin::workspace {

/// What a plugin.json says, read without loading the library.
struct PluginInfo {
    QString category;  ///< "source", "engine", "probe", "notifier"
    QString type;      ///< the `kind` in tocsin.yaml: "alertmanager"
    QString title, description;
    QVector<Field> fields;
    QString file;  ///< the library, absolute
    /// Groups of fields of which an entry has exactly one, whole; empty: no such rule.
    QVector<QStringList> alternatives = {};
};

/// A plugin that cannot be used, and why.
struct PluginProblem {
    QString file;
    QString message;  ///< a sentence that says what to do
};

}  // namespace tocsin::workspace

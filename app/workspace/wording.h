#pragma once
#include <QMap>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

namespace tocsin::workspace {

/// What is posted, and can be worded by the workspace.
enum class Wording { Page, Update, Card, Feed };
QString nameOf(Wording wording);  ///< "page", "update", "card", "feed": its key under `templates`
inline constexpr Wording kWordings[] = {Wording::Page, Wording::Update, Wording::Card,
                                        Wording::Feed};

/// The names that may stand in `{{…}}`, in the order that the documentation lists them.
QStringList placeholdersOf(Wording wording);
/// What is posted when the workspace says nothing; a template itself.
QString standardText(Wording wording);

/// A placeholder as it stands in a text; `name` is trimmed and may be empty or unknown.
struct PlaceholderUse {
    QString name;
    qsizetype offset = 0;  ///< of the "{{"
    qsizetype length = 0;  ///< with both pairs of braces
};
/// Every `{{ name }}` of the text in order. A `{{` that is never closed is a use without a name
/// that reaches to the end of its line.
QVector<PlaceholderUse> placeholdersIn(const QString& text);

/// The text with its placeholders filled in. A line that holds nothing but placeholders is left out
/// when they all came out empty; an unknown placeholder stays as it is written. The values are not
/// escaped here, and what they hold is not filled in again. Pure.
QString filled(const QString& text, const QMap<QString, QString>& values);

/// The workspace's own wordings.
struct Wordings {
    QMap<Wording, QString> own;
    QString of(Wording wording) const {
        return own.contains(wording) ? own.value(wording) : standardText(wording);
    }
};

}  // namespace tocsin::workspace

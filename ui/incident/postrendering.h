#pragma once
#include <QDateTime>
#include <QMap>
#include <QString>
#include <QStringList>

#include "ui/theme/theme.h"

namespace tocsin::ui {

/// How a post will look over there.
struct PostLook {
    const theme::Palette& colors;
    QMap<QString, QString> names;  ///< id of a role or person → the name that readers see
    QDateTime now;                 ///< for `<t:…:R>`
};

/// One post, read back from the very body that will be sent (Notifier::preview).
struct RenderedPost {
    QString html;
    QString raw;               ///< the body itself; files as their names and sizes
    qsizetype characters = 0;  ///< of the text, as the limit counts them
    QStringList files;
    bool isSilent = false;
};

/// A body that is no JSON is shown as it is. Pure.
RenderedPost renderedPost(const QByteArray& body, const PostLook& look);

/// Discord's Markdown as HTML: emphasis, code, quotes, headings, lists, links, mentions, times.
/// Source: Discord's help, "Markdown Text 101"; developer documentation, "Message Formatting".
QString markdownToHtml(const QString& text, const PostLook& look);

}  // namespace tocsin::ui

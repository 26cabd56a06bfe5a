#pragma once
#include <QByteArray>
#include <QString>
#include <QSyntaxHighlighter>
#include <optional>

#include "inspection/jsontext.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

using inspection::indentedJson;

/// A body for people: JSON set out, other text as it is, bytes counted. Cut at 2 MB. Any thread.
QString readableBody(const QByteArray& body, const QByteArray& contentType);

/// Colours JSON: names, texts, numbers and words.
class JsonHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
public:
    JsonHighlighter(theme::Theme& theme, QTextDocument* document);

protected:
    void highlightBlock(const QString& text) override;

private:
    theme::Theme& m_theme;
};

}  // namespace tocsin::ui

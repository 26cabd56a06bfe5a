#pragma once
#include "runbooks/library.h"

namespace tocsin::runbooks {

/// What a document says about itself between its first two "---".
struct FrontMatter {
    QString name, title;
    std::optional<DocumentKind> kind;
    QStringList keys;
    QMap<QString, QString> matchLabels;
    QVector<Threshold> thresholds;
    bool isPresent = false;
};

/// Reads it; what is wrong goes to `findings` and the rest still counts. Pure.
FrontMatter readFrontMatter(const QByteArray& yaml, const QString& file,
                            QVector<Finding>& findings);

}  // namespace tocsin::runbooks

#pragma once
#include <QMap>
#include <QString>

#include "sdk/error.h"

namespace tocsin::drill {

/// Where a drill's workspace points.
struct Addresses {
    QString scenario;
    QString app, vendors, monitoring;  ///< base addresses
    QString postgres, redis;           ///< without passwords
    QMap<QString, QString> secrets;    ///< file name in the secrets folder → value
    double speed = 1;                  ///< of the clock the console runs on
};

/// Writes `folder`/tocsin.yaml and, with mode 0600, `folder`/secrets/*. Errors: Disk.
Result<void> writeWorkspace(const QString& folder, const Addresses& addresses);

/// A template of the bundled resources with its {{names}} filled in.
Result<QString> filledTemplate(const QString& name, const QMap<QString, QString>& values);

}  // namespace tocsin::drill

#pragma once
#include <QDateTime>
#include <QFuture>
#include <QMap>
#include <QObject>

#include "sdk/error.h"

namespace tocsin {

/// What is to be kept quiet: exactly the alert with these labels.
struct SilenceRequest {
    QMap<QString, QString> labels;
    QString author;
    QString comment;
    QDateTime from;   ///< UTC
    QDateTime until;  ///< UTC
};

/// An optional ability of an AlertSource: acknowledging an alert where it comes from. A source that
/// can is also a `Silencing`, found with qobject_cast<Silencing*>(source). Same thread rules as
/// AlertSource; neither call blocks.
class Silencing {
public:
    virtual ~Silencing() = default;

    /// → the silence's id over there. Errors: those of unexpectedAnswer(), Timeout, Network.
    virtual QFuture<Result<QString>> silence(const SilenceRequest& request) = 0;
    /// Ends it now. One that is over already is a success; NotFound when it was cleaned up.
    virtual QFuture<Result<void>> expireSilence(const QString& id) = 0;
};

}  // namespace tocsin

#define TOCSIN_SILENCING_IID "org.tocsin.Silencing/1"
Q_DECLARE_INTERFACE(tocsin::Silencing, TOCSIN_SILENCING_IID)

#pragma once
#include <QObject>

#include "sdk/alert.h"
#include "sdk/error.h"

namespace tocsin {

/// Where alerts come from. Lives on the thread that made it; fetches without blocking that thread
/// and parses on a pool thread. Emits exactly one of its two signals per look.
class TOCSIN_SDK_EXPORT AlertSource : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Looks now and then at the configured interval, until stop().
    virtual void start() = 0;
    virtual void stop() = 0;
    /// Looks once, now; also when stopped. A look already under way is not doubled.
    virtual void refresh() = 0;

signals:
    /// The complete set of alerts; what is missing from it is no longer firing.
    void snapshotReceived(const tocsin::AlertSnapshot& snapshot);
    /// A look failed: nothing is known about this source now. `nextTry` is UTC, invalid when
    /// stopped.
    void failed(const tocsin::Error& error, const QDateTime& nextTry);
};

}  // namespace tocsin

#pragma once
#include <QFuture>
#include <QObject>

#include "sdk/probereport.h"

namespace tocsin {

/// One look at something outside. Lives on the thread that made it; never blocks it.
class TOCSIN_SDK_EXPORT Probe : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Always finishes with a report: a failure is a report of level Unknown whose summary says why
    /// and what to do. A look already under way is shared, not doubled.
    virtual QFuture<ProbeReport> look() = 0;
    /// Where a human looks.
    virtual QUrl page() const = 0;
};

}  // namespace tocsin

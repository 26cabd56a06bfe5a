#pragma once
#include <QObject>
#include <functional>

#include "console/console.h"

namespace tocsin::cli {

/// Looks at the sources until every wanted alert was seen, or for ten seconds.
class AlertFinder : public QObject {
public:
    /// `wanted` are fingerprints, or "source/fingerprint".
    AlertFinder(console::Console& console, const QStringList& wanted, QObject* parent);
    /// Calls `found` once, with those that were seen.
    void begin(std::function<void(const QVector<Alert>&)> found);

private:
    QVector<Alert> seen() const;
    void look(bool last);

    console::Console& m_console;
    QStringList m_wanted;
    std::function<void(const QVector<Alert>&)> m_found;
};

}  // namespace tocsin::cli

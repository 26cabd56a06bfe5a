#include "cli/alertfinder.h"

#include <utility>

namespace tocsin::cli {
namespace {
constexpr std::chrono::milliseconds kPatience{10000};
}

AlertFinder::AlertFinder(console::Console& console, const QStringList& wanted, QObject* parent)
    : QObject(parent), m_console(console), m_wanted(wanted) {
}

void AlertFinder::begin(std::function<void(const QVector<Alert>&)> found) {
    m_found = std::move(found);
    if (m_wanted.isEmpty()) return look(true);
    connect(&m_console.board(), &alerts::Board::changed, this, [this] { look(false); });
    m_console.clock().callAfter(kPatience, this, [this] { look(true); });
    for (const console::NamedSource& source : m_console.sources())
        source.source->start();
}

QVector<Alert> AlertFinder::seen() const {
    QVector<Alert> out;
    for (const Alert& alert : m_console.board().alerts())
        if (m_wanted.contains(alert.fingerprint) || m_wanted.contains(alerts::alertId(alert)))
            out.append(alert);
    return out;
}

void AlertFinder::look(bool last) {
    const QVector<Alert> alerts = seen();
    if (!m_found || (!last && alerts.size() < m_wanted.size())) return;
    std::exchange(m_found, nullptr)(alerts);
}

}  // namespace tocsin::cli

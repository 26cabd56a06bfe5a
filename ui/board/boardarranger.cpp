#include "ui/board/boardarranger.h"

#include "sdk/async.h"
namespace tocsin::ui {
namespace {

struct Arrangement {
    BoardRows rows;
    alerts::Flood flood;
};

}  // namespace

BoardArranger::BoardArranger(alerts::Board& board, Clock& clock, QObject* parent)
    : QObject(parent), m_board(board), m_clock(clock) {
    connect(&board, &alerts::Board::changed, this, &BoardArranger::arrange);
    connect(&board, &alerts::Board::sourceChanged, this, &BoardArranger::arrange);
}

void BoardArranger::setFilter(const QString& filter) {
    if (filter == m_filter) return;
    m_filter = filter;
    arrange();
}

void BoardArranger::toggleOpen(const QString& entry) {
    if (!m_open.remove(entry)) m_open.insert(entry);
    arrange();
}

void BoardArranger::setIncident(const alerts::AlertId& alert, const QString& incident) {
    if (incident.isEmpty())
        m_incidents.remove(alert);
    else
        m_incidents.insert(alert, incident);
    arrange();
}

void BoardArranger::arrange() {
    if (std::exchange(m_isAsked, true) || m_isBusy) return;
    QMetaObject::invokeMethod(this, &BoardArranger::begin, Qt::QueuedConnection);
}

void BoardArranger::begin() {
    m_isAsked = false;
    m_isBusy = true;
    const BoardView view{m_board.alerts(), m_board.sources(), m_filter, m_open, m_incidents};
    runOnPool(
        this,
        [view, now = m_clock.now()] {
            return Arrangement{ui::arranged(view), alerts::floodAt(view.alerts, now)};
        },
        [this](const Arrangement& result) {
            m_isBusy = false;
            emit arranged(result.rows, result.flood);
            if (std::exchange(m_isAsked, false)) arrange();
        });
}

}  // namespace tocsin::ui

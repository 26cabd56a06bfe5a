#pragma once
#include <QObject>

#include "alerts/flood.h"
#include "ui/board/arrange.h"

namespace tocsin::ui {

/// Keeps the rows of the board up to date: arranges on a pool thread, one arrangement at a time,
/// and once more when something changed meanwhile. GUI thread.
class BoardArranger : public QObject {
    Q_OBJECT
public:
    /// Both must outlive the arranger.
    BoardArranger(alerts::Board& board, Clock& clock, QObject* parent = nullptr);

    void setFilter(const QString& filter);
    void toggleOpen(const QString& entry);
    void setIncident(const alerts::AlertId& alert, const QString& incident);
    /// Arranges soon; many calls in one turn of the event loop count once.
    void arrange();

signals:
    void arranged(const tocsin::ui::BoardRows& rows, const tocsin::alerts::Flood& flood);

private:
    void begin();

    alerts::Board& m_board;
    Clock& m_clock;
    QString m_filter;
    QSet<QString> m_open;
    QHash<alerts::AlertId, QString> m_incidents;
    bool m_isAsked = false;
    bool m_isBusy = false;
};

}  // namespace tocsin::ui

#pragma once
#include <QAbstractListModel>
#include <QHash>
#include <QSet>

#include "incidents/timeline.h"

class QTimer;

namespace tocsin::ui {

/// The events of one incident, newest first. Knows where every event lies and what those say that
/// someone looked at; the lines of others are asked for with linesWanted() and drawn as pending
/// until take() brings them. Rows are only ever added at the top.
class TimelineModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        At = Qt::UserRole + 1,
        Actor,
        Kind,
        Text,
        HasEvidence,
        Seq,
        IsLoaded,
        Correction,  ///< what a later event says instead; empty when nothing does
        Corrects     ///< the seq of the event that this one sets right; 0
    };

    explicit TimelineModel(QObject* parent = nullptr);

    /// The whole timeline of another incident or filter.
    void setIndex(const incidents::TimelineIndex& index);
    /// Lines that were wanted.
    void take(const QVector<incidents::TimelineLine>& lines);
    /// One more event, and whether it belongs among those shown; known ones (by `seq`) are left
    /// alone.
    void append(const incidents::Event& event, bool isShown = true);
    /// Of all events, shown or not.
    qint64 total() const { return m_total; }
    /// -1 when that event is not shown.
    int rowOf(qint64 seq) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

signals:
    void linesWanted(const QVector<qint64>& seqs);

private:
    void want(int row) const;
    void forgetFar();
    void keepCorrection(const incidents::Correction& correction);
    QVariant lineData(const incidents::TimelineLine& line, int role) const;

    QVector<qint64> m_seqs;  // newest first
    QHash<qint64, incidents::TimelineLine> m_lines;
    QHash<qint64, incidents::Correction> m_corrections;  // by the corrected
    qint64 m_total = 0, m_newest = 0;
    // What data() was asked for and does not have; gathered until the event loop turns.
    mutable QSet<qint64> m_pending;
    mutable QVector<qint64> m_wanted;
    mutable int m_lastWanted = 0;
    QTimer* m_ask;
};

}  // namespace tocsin::ui

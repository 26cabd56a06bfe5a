#pragma once
#include <QAbstractListModel>

#include "incidents/incident.h"

namespace tocsin::ui {

/// The events of one incident, newest first. Rows are only ever added at the top.
class TimelineModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { At = Qt::UserRole + 1, Actor, Kind, Text, Detail, HasEvidence };

    using QAbstractListModel::QAbstractListModel;

    /// The whole timeline of another incident, in ascending order of `seq`.
    void setEvents(const QVector<incidents::Event>& events);
    /// One more; known ones (by `seq`) are left alone.
    void append(const incidents::Event& event);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    QVector<incidents::Event> m_events;  // newest first
};

}  // namespace tocsin::ui

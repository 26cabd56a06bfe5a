#include "ui/incident/timelinemodel.h"

#include <QJsonDocument>

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Event;

namespace {

QString clockTime(const QDateTime& at) {
    return at.toUTC().toString(u"HH:mm:ss"_s);
}

bool isEvidence(const Event& event) {
    static const QStringList kinds{u"query"_s, u"redis"_s, u"http"_s, u"probe"_s, u"shell"_s};
    return !event.detail.isEmpty() && kinds.contains(event.kind);
}

}  // namespace

void TimelineModel::setEvents(const QVector<Event>& events) {
    beginResetModel();
    m_events = QVector<Event>(events.crbegin(), events.crend());
    endResetModel();
}

void TimelineModel::append(const Event& event) {
    if (!m_events.isEmpty() && event.seq <= m_events.first().seq) return;
    beginInsertRows({}, 0, 0);
    m_events.prepend(event);
    endInsertRows();
}

int TimelineModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_events.size());
}

QVariant TimelineModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Event& event = m_events[index.row()];
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole:
            return u"%1 %2 %3"_s.arg(clockTime(event.at), event.actor, event.text);
        case Qt::ToolTipRole:
            return u"%1 UTC · %2 · %3\n%4"_s.arg(
                event.at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s), event.actor, event.kind,
                event.text);
        case At:
            return clockTime(event.at);
        case Actor:
            return event.actor;
        case Kind:
            return event.kind;
        case Text:
            return event.text;
        case Detail:
            return QString::fromUtf8(QJsonDocument(event.detail).toJson(QJsonDocument::Indented));
        case HasEvidence:
            return isEvidence(event);
        default:
            return {};
    }
}

}  // namespace tocsin::ui

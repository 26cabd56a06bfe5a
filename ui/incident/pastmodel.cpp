#include "ui/incident/pastmodel.h"

#include <algorithm>

#include "incidents/record.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Incident;

namespace {

QString lastedText(const Incident& incident) {
    if (incident.isOpen()) return PastModel::tr("open");
    if (incident.importedOpen) return PastModel::tr("was open");
    const auto span = incidents::timeToResolve(incident);
    return span ? incidents::spokenSpan(*span) : u"–"_s;
}

QString titleText(const Incident& incident) {
    if (!incident.mergedInto.isEmpty())
        return PastModel::tr("%1 (went into %2)").arg(incident.title, incident.mergedInto);
    if (!incident.importedFrom.isEmpty())
        return PastModel::tr("%1 (copy of %2)").arg(incident.title, incident.importedFrom);
    return incident.title;
}

}  // namespace

void PastModel::setIncidents(QVector<Incident> incidents) {
    std::stable_sort(incidents.begin(), incidents.end(), [](const Incident& a, const Incident& b) {
        return a.declaredAt > b.declaredAt;
    });
    beginResetModel();
    m_incidents = std::move(incidents);
    endResetModel();
}

int PastModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_incidents.size());
}

int PastModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PastModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Incident& incident = m_incidents[index.row()];
    if (role == IdRole) return incident.id;
    if (role == Qt::ToolTipRole)
        return tr("%1 UTC · %2")
            .arg(incident.declaredAt.toString(u"yyyy-MM-dd HH:mm:ss"_s), titleText(incident));
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case Id:
            return incident.id;
        case Severity:
            return nameOf(incident.priority);
        case Declared:
            return incident.declaredAt.toUTC().toString(u"yyyy-MM-dd HH:mm"_s);
        case Lasted:
            return lastedText(incident);
        case Title:
            return titleText(incident);
        default:
            return {};
    }
}

QVariant PastModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    static const QStringList titles{tr("Incident"), tr("Severity"), tr("Declared (UTC)"),
                                    tr("Lasted"), tr("Title")};
    return titles.value(section);
}

}  // namespace tocsin::ui

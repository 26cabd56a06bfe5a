#include "ui/incident/currentincident.h"

namespace tocsin::ui {

using incidents::Incident;
using incidents::Journal;

CurrentIncident::CurrentIncident(Journal& journal, QObject* parent)
    : QObject(parent), m_journal(journal) {
    connect(&journal, &Journal::incidentChanged, this, &CurrentIncident::accept);
    takeGravest();
}

void CurrentIncident::select(const QString& id) {
    if (const Incident* found = m_journal.find(id)) set(*found);
}

void CurrentIncident::dismiss() {
    set(std::nullopt);
    takeGravest();
}

void CurrentIncident::accept(const Incident& incident) {
    const bool takesOver = !isOpen() && incident.isOpen();
    if (incident.id == id() || takesOver) set(incident);
}

void CurrentIncident::takeGravest() {
    const Incident* gravest = nullptr;
    for (const Incident& each : m_journal.open())
        if (each.isOpen() && (!gravest || each.priority < gravest->priority)) gravest = &each;
    if (gravest) set(*gravest);
}

void CurrentIncident::set(std::optional<Incident> incident) {
    const QString before = id();
    m_incident = std::move(incident);
    if (id() != before) emit switched(id());
    emit changed();
}

}  // namespace tocsin::ui

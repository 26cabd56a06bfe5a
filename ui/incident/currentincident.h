#pragma once
#include <QObject>
#include <optional>

#include "incidents/journal.h"

namespace tocsin::ui {

/// Which incident the window is about. Takes the gravest open one by itself; keeps a resolved one
/// until it is dismissed, so that its post-mortem can be exported. GUI thread.
class CurrentIncident : public QObject {
    Q_OBJECT
public:
    explicit CurrentIncident(incidents::Journal& journal, QObject* parent = nullptr);

    const std::optional<incidents::Incident>& incident() const { return m_incident; }
    QString id() const { return m_incident ? m_incident->id : QString(); }
    bool isOpen() const { return m_incident && m_incident->isOpen(); }

    void select(const QString& id);
    /// Shows one that is over, however old; as when it had just been resolved.
    void look(const incidents::Incident& incident) { set(incident); }
    /// Leaves a resolved incident; another open one takes its place.
    void dismiss();

signals:
    /// Another incident, or none.
    void switched(const QString& id);
    /// The same incident, with news.
    void changed();

private:
    void accept(const incidents::Incident& incident);
    void takeGravest();
    void set(std::optional<incidents::Incident> incident);

    incidents::Journal& m_journal;
    std::optional<incidents::Incident> m_incident;
};

}  // namespace tocsin::ui

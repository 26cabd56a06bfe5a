#pragma once
#include <QWidget>
#include <functional>

#include "escalation/engine.h"
#include "ui/incident/currentincident.h"

class QLabel;
class QVBoxLayout;

namespace tocsin::ui {

class InlineForm;
class LadderActions;

/// Writes the post-mortem of an incident to a path; the value is the path written.
using PostMortemExport =
    std::function<QFuture<Result<QString>>(const QString& incident, const QString& path)>;

/// What a commander can do to the current incident. Each question is asked inline, one at a time,
/// names its exact effect, and is answered with Enter or left with Esc. GUI thread.
class IncidentActions : public QWidget {
    Q_OBJECT
public:
    struct Services {
        CurrentIncident& current;
        incidents::Journal& journal;
        escalation::Engine& engine;
        Clock& clock;
        QString person;
    };

    explicit IncidentActions(const Services& services, QWidget* parent = nullptr);

    void setExport(PostMortemExport exporter) { m_exporter = std::move(exporter); }

    /// Acknowledges, or moves on to the next phase; the step to Resolve asks what fixed it.
    void advance();
    /// Holds the ladder for a reason and a time; when it is held, lets it run again.
    void hold();
    void escalate();
    void changePriority();
    /// The questions about the ladder.
    LadderActions& ladder() { return *m_ladder; }
    void handOver();
    void resolve();
    void exportPostMortem();

signals:
    /// The question is gone; the keyboard may return where it was.
    void closed();

private:
    InlineForm* add(InlineForm* form);
    void open(InlineForm* form);
    void close();
    void buildForms();
    void buildHandOver();
    void buildResolve();
    void buildExport();
    /// Runs one of the engine's answers: an error stays in the form, success closes it.
    template <typename T>
    void follow(QFuture<Result<T>> answer, InlineForm* form);
    void complain(const Error& error);

    Services m_services;
    PostMortemExport m_exporter;
    QVBoxLayout* m_column;
    QLabel* m_error;
    LadderActions* m_ladder;
    InlineForm *m_handOver, *m_resolve, *m_export;
    InlineForm* m_open = nullptr;
};

}  // namespace tocsin::ui

#pragma once
#include <QWidget>
#include <functional>

#include "escalation/engine.h"
#include "incidents/practice.h"
#include "incidents/verifier.h"
#include "sdk/async.h"
#include "ui/incident/currentincident.h"
#include "ui/incident/inlineform.h"

class QLabel;
class QVBoxLayout;

namespace tocsin::ui {

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
        incidents::Practice practice = {};
        const incidents::Verifier* verifier = nullptr;  ///< how a verification stands; may be null
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
    // caseforms.cpp
    /// How bad it is; the answers become the draft of the first post.
    void assess();
    void addTask();
    /// What became of a task: the check-back is answered, or it is done.
    void answerTask(int number);
    void reopen();
    /// Ends the current incident with a pointer to another open one.
    void merge();

signals:
    /// The question is gone; the keyboard may return where it was.
    void closed();
    /// A post is proposed to the composer; nothing was sent.
    void postDrafted(const QString& text);
    /// It is about to be exported: the moment to look at it.
    void postMortemAsked();

private:
    InlineForm* add(InlineForm* form);
    void open(InlineForm* form);
    void close();
    void buildForms();
    void buildHandOver();
    void buildResolve();
    void buildExport();
    void buildAssess();
    void buildTask();
    void buildAnswer();
    void buildReopen();
    void buildMerge();
    void resolveWith(const QString& fix, std::chrono::seconds verify);
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
    InlineForm *m_assess, *m_task, *m_answer, *m_reopen, *m_merge;
    InlineForm* m_open = nullptr;
    int m_answered = 0;  // the task the answer form is about
};

template <typename T>
void IncidentActions::follow(QFuture<Result<T>> answer, InlineForm* form) {
    if (form) form->setBusy(true);
    whenDone(answer, this, [this, form](const Result<T>& result) {
        if (!result)
            form ? form->showError(result.error().message) : complain(result.error());
        else if (form && form == m_open)
            close();
    });
}

}  // namespace tocsin::ui

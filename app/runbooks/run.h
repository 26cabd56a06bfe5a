#pragma once
#include <QDateTime>
#include <QObject>

#include "runbooks/runbook.h"
#include "sdk/alert.h"

namespace tocsin::runbooks {

enum class StepState { Open, Running, Done, Failed, Skipped };

/// What is known about one step while a runbook is followed.
struct StepProgress {
    StepState state = StepState::Open;
    QString outcome;  ///< one line: "97 of 100 · 2 ms"
    QString by;
    QDateTime at;  ///< UTC
};

/// A value for a placeholder and where it came from.
struct Binding {
    QString value;
    QString origin;  ///< "label instance", "connection primary", "cell pid of row 1", "typed"

    bool operator==(const Binding&) const = default;
};

/// One walk through a runbook: which steps are done, what fills the holes. GUI thread.
class Run : public QObject {
    Q_OBJECT
public:
    explicit Run(Runbook runbook, QObject* parent = nullptr);

    const Runbook& runbook() const { return m_runbook; }
    StepProgress progress(int section, int step) const;
    void setProgress(int section, int step, const StepProgress& progress);

    const QMap<QString, Binding>& bindings() const { return m_bindings; }
    void bind(const QString& placeholder, const Binding& binding);
    void unbind(const QString& placeholder);
    /// Fills the holes whose name is that of a label, less case, marks and the words "your" and
    /// "here" (PID_HERE ↔ pid). Never replaces what is bound already.
    void bindLabels(const Alert& alert);
    /// The same from the workspace's variables.
    void bindVariables(const QMap<QString, QString>& variables);

    /// Every name that some block of the runbook has a hole for.
    QStringList holes() const;
    /// Names in `block` that have no binding yet, each once, in order.
    QStringList unbound(const Block& block) const;
    /// `block` with its bindings filled in, quoted for its kind: a value for SQL that is not a
    /// plain number becomes a quoted literal unless the hole already stands inside quotes; for
    /// shell it is single-quoted; for a URL it is percent-encoded. Never lets a value end its own
    /// quoting: where no quoting is safe, the hole stays as it is.
    QString text(const Block& block) const;

signals:
    void progressChanged(int section, int step);
    void bindingsChanged();

private:
    void bindNamed(const QMap<QString, QString>& values, const QString& originWord);

    Runbook m_runbook;
    QMap<QPair<int, int>, StepProgress> m_progress;
    QMap<QString, Binding> m_bindings;
};

/// Whether a placeholder and the name of a value mean the same: PID_HERE and pid, your-org and org.
bool sameName(const QString& placeholder, const QString& name);

}  // namespace tocsin::runbooks

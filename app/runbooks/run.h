#pragma once
#include <QDateTime>
#include <QObject>

#include "runbooks/runbook.h"

namespace tocsin::runbooks {

enum class StepState { Open, Running, Done, Failed, Skipped };

/// What is known about one step while a runbook is followed.
struct StepProgress {
    StepState state = StepState::Open;
    QString outcome;  ///< one line: "97 of 100 · 2 ms"
    QString by;
    QDateTime at;     ///< UTC
};

/// A value for a placeholder and where it came from.
struct Binding {
    QString value;
    QString origin;  ///< "label instance", "connection primary", "cell pid of row 1", "typed"
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
    /// Names in `block` that have no binding yet.
    QStringList unbound(const Block& block) const;
    /// `block` with its bindings filled in, quoted for its kind: a value for SQL that is not a plain
    /// number becomes a quoted literal unless the hole already stands inside quotes; for shell it is
    /// single-quoted; for a URL it is percent-encoded. Never lets a value end its own quoting.
    QString text(const Block& block) const;

signals:
    void progressChanged(int section, int step);
    void bindingsChanged();

private:
    Runbook m_runbook;
    QMap<QString, Binding> m_bindings;
};

}  // namespace tocsin::runbooks

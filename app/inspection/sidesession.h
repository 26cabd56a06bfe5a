#pragma once
#include <QObject>
#include <functional>
#include <memory>

#include "sdk/clock.h"
#include "sdk/queryengine.h"

namespace tocsin::inspection {

/// A second session with the same server, for what must not wait behind a statement that runs: who
/// blocks it, what a line would do. Its engine is made when it is first needed, and closed when
/// nobody asked for a minute, because slots are scarce in an outage. GUI thread.
class SideSession : public QObject {
    Q_OBJECT
public:
    /// Null where none can be made.
    using Make = std::function<std::unique_ptr<QueryEngine>()>;

    /// `clock` outlives the session.
    SideSession(Make make, Clock& clock, QObject* parent = nullptr);

    /// Null where none could be made; never opened by this.
    QueryEngine* engine();
    /// As QueryEngine::run(), after what was asked here before.
    QFuture<Result<QueryResult>> run(const Query& query);

private:
    void closeWhenUnused();

    Make m_make;
    Clock& m_clock;
    std::unique_ptr<QueryEngine> m_engine;
    quint64 m_asked = 0;  ///< counts, so that an older timer closes nothing
    quint64 m_answered = 0;
};

}  // namespace tocsin::inspection

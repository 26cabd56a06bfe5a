#pragma once
#include <QObject>
#include <memory>

#include "console/console.h"
#include "drill/drill.h"

namespace tocsin::drill {

/// A drill without a window: the same console services on the drill's workspace, and a sentence for
/// everything that happens. It can also act: declare when the alert fires, wait for the page, end
/// the trouble, resolve when the alert has cleared. GUI thread; returns at once from everything.
class Rehearsal : public QObject {
    Q_OBJECT
public:
    /// `clock` outlives the rehearsal and runs `options.speed` times as fast as the machine's.
    Rehearsal(const DrillOptions& options, bool acts, Clock& clock, QObject* parent = nullptr);
    ~Rehearsal() override;

    void start(const QString& scenario);
    Drill& drill() { return m_drill; }
    QString incident() const { return m_incident; }

signals:
    void told(const QString& sentence);
    /// After everything was stopped and removed; without acting only after a failure.
    void ended(bool good);

private:
    enum class Act { Waiting, Declaring, Declared, Cured, Resolving, Over };

    void openConsole(const QString& workspaceFolder, const QString& dataFolder);
    void use(std::shared_ptr<console::Console> console);
    void onBoardChanged(const alerts::BoardDiff& diff);
    void onPosted(const PostedMessage& message);
    void declare(const Alert& alert);
    void resolve();
    void end(bool good, const QString& sentence);

    Drill m_drill;
    bool m_acts;
    Clock& m_clock;
    std::shared_ptr<console::Console> m_console;
    Act m_act = Act::Waiting;
    QString m_incident;
    bool m_good = false;
};

}  // namespace tocsin::drill

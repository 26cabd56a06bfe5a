#pragma once
#include <QObject>
#include <QProcess>
#include <memory>

#include "sdk/error.h"

namespace tocsin::drill {

/// The hidden first argument with which this program becomes a guardian.
inline constexpr auto kGuardianWord = "--drill-guardian";

/// What a guardian process does: reads orders on its standard input, one a line,
///   group PID STARTED   a process group, by its leader and the leader's start time
///   folder PATH         to remove; only one that Guardian::makeFolder() could have made
///   done                all was cleaned up in order
/// and at the input's end without "done" ends the groups and removes the folders. The end comes
/// also when the program that gave the orders is killed. Call it first thing in main() when argv[1]
/// == kGuardianWord, before any QCoreApplication; returns the exit status.
int guardianMain(int argc, char** argv);

/// When a process started, in clock ticks since boot; tells it from a later one with the same id.
/// 0 when there is no such process. Source: proc(5), field 22 of /proc/PID/stat.
quint64 startTimeOf(qint64 pid);

/// The watching side's handle. Lives on the thread that made it.
class Guardian : public QObject {
    Q_OBJECT
public:
    explicit Guardian(QObject* parent = nullptr);
    ~Guardian() override;  ///< lets go without "done": the guardian cleans up what is left

    /// `program` answers kGuardianWord; this program's own file when empty.
    Result<void> start(const QString& program = {});
    /// A new folder under the system's temporary folder, watched. Passable for other users.
    Result<QString> makeFolder();
    void watchGroup(qint64 leader);
    /// Everything was cleaned up: the guardian goes home.
    void dismiss();
    qint64 pid() const { return m_process->processId(); }

private:
    void tell(const QByteArray& order);

    QProcess* m_process;
    int m_orders = -1;  ///< our end of its standard input
};

}  // namespace tocsin::drill

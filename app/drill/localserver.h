#pragma once
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <memory>
#include <optional>

#include "sdk/error.h"

namespace tocsin::drill {

/// The user a server process runs as, when that is not the user of this program.
struct RunAs {
    uint uid = 0;
    uint gid = 0;
};

/// A real server of our own, for drills and tests: a process on a free port of 127.0.0.1 with its
/// files in a folder of its own. It leads its own process group and is ended by the kernel when the
/// thread that started it dies, so start it from a thread that lives as long as the program.
/// Lives on the thread that made it; start() and stop() return at once.
class LocalServer : public QObject {
    Q_OBJECT
public:
    /// `title` is "PostgreSQL"; `stopSignal` ends the process politely.
    LocalServer(const QString& title, int stopSignal, QObject* parent);
    /// Ends the process (waits for at most three seconds, then kills) and removes the folder.
    ~LocalServer() override;

    /// The folder's parent; the system's temporary folder when empty. Must exist and be passable
    /// for RunAs' user. Call before start().
    void setParentFolder(const QString& folder) { m_parentFolder = folder; }
    /// Ends in exactly one of ready() or failed(). A started server is not started twice.
    void start();
    /// Ends in stopped(), also when nothing ran. The folder is gone then.
    void stop();

    bool isReady() const { return m_state == State::Ready; }
    QString host() const { return QStringLiteral("127.0.0.1"); }
    quint16 port() const { return m_port; }      ///< 0 before start()
    QString folder() const { return m_folder; }  ///< absolute; empty before start()
    qint64 pid() const;                          ///< 0 when not running
    /// The last 64 kB of what the server printed.
    QByteArray log() const { return m_log; }

signals:
    void ready();
    void failed(const tocsin::Error& error);
    void stopped();
    /// A process group to look after: the server's own, or a preparing command's.
    void processStarted(qint64 pid);
    /// The server ended without stop() after it was ready.
    void died(const tocsin::Error& error);

protected:
    struct Command {
        QString program;
        QStringList arguments;
    };

    /// Finds binaries and the user to run as, before the folder exists.
    virtual Result<void> locate() = 0;
    /// Prepares the empty folder; calls prepared() when done. The default does nothing.
    virtual void prepare();
    virtual Result<Command> command() = 0;
    /// What the server prints when it accepts connections.
    virtual QByteArray readyText() const = 0;
    /// Called when it accepts connections; calls settled() when usable. The default does so at
    /// once.
    virtual void settle();

    void setRunAs(RunAs user) { m_runAs = user; }
    void prepared();
    void settled();
    void giveUp(const Error& error);
    /// Runs a preparing command as the server's user; a failure gives up with `sentence`.
    void runOnce(const Command& what, const QString& sentence, std::function<void()> then);
    /// Writes a file into the folder, owned by the server's user, mode 0600.
    Result<void> writeFile(const QString& name, const QByteArray& content) const;

private:
    enum class State { Idle, Preparing, Starting, Ready, Stopping };

    Result<void> makeFolder();
    void choosePort();
    void launch();
    void setUp(QProcess& process, const Command& what) const;
    void read();
    void onFinished();
    void endNow();
    void removeFolder();

    const QString m_title;
    const int m_stopSignal;
    State m_state = State::Idle;
    QString m_parentFolder;
    QString m_folder;
    quint16 m_port = 0;
    int m_portTries = 0;
    std::optional<RunAs> m_runAs;
    QByteArray m_log;
    std::unique_ptr<QProcess> m_process;
};

/// The ids of a user of this machine.
std::optional<RunAs> userNamed(const char* name);
/// Whether this program may become another user.
bool isRoot();

}  // namespace tocsin::drill

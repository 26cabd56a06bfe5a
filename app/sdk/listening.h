#pragma once
#include <QObject>
#include <functional>
#include <memory>

#include "sdk/error.h"

namespace tocsin {

/// One message of a channel, as the server hands it on.
struct Notification {
    QString channel;
    QString payload;
    qint64 session = 0;  ///< the server's number of the session that sent it
};

/// An optional ability of a QueryEngine, found with qobject_cast<Listening*>(engine): to hear what
/// other sessions notify, on a connection of its own, beside whatever the engine runs. The engine's
/// thread only; nothing blocks.
class Listening {
public:
    virtual ~Listening() = default;

    /// Told on the engine's thread.
    struct Ear {
        std::function<void()> begun;
        std::function<void(const Notification&)> heard;
        /// It could not begin, or the connection broke: nothing is heard any more.
        std::function<void(const Error&)> ended;
    };

    /// Listens for as long as what it returns is kept; it may be let go of within a call, and after
    /// the engine died.
    virtual std::shared_ptr<void> listen(const QString& channel, Ear ear) = 0;
};

}  // namespace tocsin

#define TOCSIN_LISTENING_IID "org.tocsin.Listening/1"
Q_DECLARE_INTERFACE(tocsin::Listening, TOCSIN_LISTENING_IID)

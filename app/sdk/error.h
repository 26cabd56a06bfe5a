#pragma once
#include <QString>
#include <chrono>
#include <optional>
#include <tl/expected.hpp>

#include "sdk/export.h"

namespace tocsin {

/// What went wrong, for code to decide on. Retryability follows from it (Error::isRetryable).
enum class ErrorCode {
    Timeout,      ///< no answer in time
    Auth,         ///< credentials missing, wrong, or not allowed
    Network,      ///< could not connect, or the connection broke
    Protocol,     ///< the other side broke its own protocol
    Parse,        ///< text that could not be understood
    NotFound,     ///< the named thing does not exist
    Refused,      ///< a guard or the server said no
    Cancelled,    ///< the user stopped it
    RateLimited,  ///< the server asks for a pause, see Error::retryAfter
    Unavailable,  ///< the server answers that it cannot work now (5xx, LOADING, too many
                  ///< connections)
    TooLarge,     ///< more than the limit that was set
    Disk,         ///< reading or writing a file failed
    Config,       ///< the workspace says something impossible
    Internal,     ///< a broken promise inside the program
};

/// The stable lower-case name of a code, as written in JSON ("rate_limited").
TOCSIN_SDK_EXPORT QString nameOf(ErrorCode code);

/// A failure. `message` is one sentence for the commander that says what to do next; `detail` is
/// the raw evidence (a server's own words). Neither may hold a secret: pass text from outside
/// through redact() first.
struct TOCSIN_SDK_EXPORT Error {
    ErrorCode code = ErrorCode::Internal;
    QString message;
    QString detail;
    /// How long the other side asked us to wait.
    std::optional<std::chrono::milliseconds> retryAfter = {};
    /// Zero-based character offset into the text that was run, where the server named one.
    std::optional<int> position = {};

    bool isRetryable() const;
};

template <typename T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::Parse, "…")` from any function that returns a Result.
TOCSIN_SDK_EXPORT tl::unexpected<Error> fail(ErrorCode code, QString message, QString detail = {});

}  // namespace tocsin

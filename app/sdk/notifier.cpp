#include "sdk/notifier.h"

namespace tocsin {

bool Notifier::outcomeUnknown(const Error& error) {
    // A refused connection is reported as Unavailable by the HTTP client; Network means the
    // connection broke while a request was under way.
    return error.code == ErrorCode::Timeout || error.code == ErrorCode::Network ||
           error.code == ErrorCode::Protocol;
}

}  // namespace tocsin

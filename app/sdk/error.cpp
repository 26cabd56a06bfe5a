#include "sdk/error.h"

namespace tocsin {

QString nameOf(ErrorCode code) {
    switch (code) {
        case ErrorCode::Timeout:
            return QStringLiteral("timeout");
        case ErrorCode::Auth:
            return QStringLiteral("auth");
        case ErrorCode::Network:
            return QStringLiteral("network");
        case ErrorCode::Protocol:
            return QStringLiteral("protocol");
        case ErrorCode::Parse:
            return QStringLiteral("parse");
        case ErrorCode::NotFound:
            return QStringLiteral("not_found");
        case ErrorCode::Refused:
            return QStringLiteral("refused");
        case ErrorCode::Cancelled:
            return QStringLiteral("cancelled");
        case ErrorCode::RateLimited:
            return QStringLiteral("rate_limited");
        case ErrorCode::Unavailable:
            return QStringLiteral("unavailable");
        case ErrorCode::TooLarge:
            return QStringLiteral("too_large");
        case ErrorCode::Disk:
            return QStringLiteral("disk");
        case ErrorCode::Config:
            return QStringLiteral("config");
        case ErrorCode::Internal:
            return QStringLiteral("internal");
    }
    return QStringLiteral("internal");
}

bool Error::isRetryable() const {
    return code == ErrorCode::Timeout || code == ErrorCode::Network ||
           code == ErrorCode::RateLimited || code == ErrorCode::Unavailable;
}

tl::unexpected<Error> fail(ErrorCode code, QString message, QString detail) {
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(detail)});
}

}  // namespace tocsin

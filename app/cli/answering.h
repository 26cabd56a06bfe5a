#pragma once
#include <QCoreApplication>

#include "cli/cli.h"
#include "cli/output.h"
#include "sdk/async.h"
#include "store/database.h"

namespace tocsin::cli {

/// Prints what the store gives, or what went wrong, and ends the command. Keeps the store open
/// until then.
template <typename T>
void answer(const QFuture<Result<T>>& read, const std::shared_ptr<store::Database>& db, bool json,
            const Done& done, std::function<void(const T&)> printValue) {
    whenDone(read, QCoreApplication::instance(), [=](const Result<T>& result) {
        (void)db;  // lives until here
        if (result)
            printValue(*result);
        else
            complain(result.error(), json);
        done(result ? Success : Failure);
    });
}

}  // namespace tocsin::cli

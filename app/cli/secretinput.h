#pragma once
#include "sdk/error.h"
#include "sdk/secret.h"

namespace tocsin::cli {

/// Reads a secret from stdin: without echo when that is a terminal, else everything up to its end,
/// less one line end. Blocks; call it from a pool thread. Errors: Cancelled (Ctrl-C), Parse
/// (nothing came).
Result<Secret> readSecret(const QString& name);

}  // namespace tocsin::cli

#pragma once
#include "sdk/http.h"

namespace tocsin::inspection {

/// Reads a `curl …` command line as a shell would split it (quotes, backslash and newline) into the
/// request it would send. Options about printing and retrying (-s -S -f -o -w -v …) are read and
/// dropped: the pane always shows status, headers and body; so is -k: certificates are always
/// checked. Errors: Parse, with the option or the
/// part that is not understood. Files (`-d @file`, `-K`, `-T`) are refused: nothing is read from
/// disk.
Result<HttpRequest> parseCurl(const QString& line);

/// The words of a POSIX shell line: '…', "…", \x, line continuation. Expansions (`$X`, `` `…` ``),
/// pipes and redirections outside of quotes are Parse errors, since nothing here is a shell.
Result<QStringList> splitShellWords(const QString& line);

}  // namespace tocsin::inspection

#pragma once
#include <QByteArray>
#include <QByteArrayList>
#include <QString>
#include <optional>

#include "sdk/error.h"

namespace tocsin::redis {

/// One command as typed: its arguments, or a walk over the key space (`--scan`), which is many.
struct CommandLine {
    struct Scan {
        QByteArray pattern = "*";
        int count = 500;
        QByteArray type;  ///< empty: every type
    };

    QByteArrayList arguments;  ///< empty when `scan` is set
    std::optional<Scan> scan;
    bool hadWrapper = false;  ///< a leading `redis-cli …` was dropped
    bool namedPlace = false;  ///< the wrapper named a server (-h, -p, -s, -u), which was not used
    std::optional<int> database;  ///< the wrapper's -n

    /// The command again, quoted where it must be; without the wrapper and its secrets.
    QString text() const;
};

/// Splits with redis-cli's own rules: "…" with \n \r \t \a \b \" \\ \xHH, '…' with \' only, and a
/// closing quote must be followed by a space. A leading `redis-cli` loses its options: the
/// connection is chosen elsewhere. Errors: Parse, with the position.
Result<CommandLine> parseCommandLine(const QString& text);

/// The split alone.
Result<QByteArrayList> splitArguments(const QString& text);

/// A command as the server wants it: an array of bulk strings.
QByteArray encode(const QByteArrayList& arguments);

}  // namespace tocsin::redis

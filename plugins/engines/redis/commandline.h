#pragma once
#include <QByteArray>
#include <QByteArrayList>
#include <QString>
#include <QVector>
#include <optional>

#include "sdk/error.h"

namespace tocsin::redis {

/// One command as typed: its arguments, a walk over the key space (`--scan`), which is many, or a
/// sample of what other clients do (`--monitor SECONDS`).
struct CommandLine {
    struct Scan {
        QByteArray pattern = "*";
        int count = 500;
        QByteArray type;  ///< empty: every type
        /// Where to go on, for a few milliseconds: the answer is then the next cursor, the keys and
        /// the number of steps. Empty: the whole walk, and keys alone.
        QByteArray cursor;
    };

    QByteArrayList arguments;  ///< empty when `scan` or `monitor` is set
    std::optional<Scan> scan;
    std::optional<int> monitor;  ///< seconds
    bool hadWrapper = false;     ///< a leading `redis-cli …` was dropped
    bool namedPlace = false;  ///< the wrapper named a server (-h, -p, -s, -u), which was not used
    bool repeats = false;     ///< the wrapper's -r, which is not obeyed
    std::optional<int> database;  ///< the wrapper's -n
    QByteArray node;              ///< "10.0.0.2:6381": asked at this node of the cluster (`--node`)

    /// The command again, quoted where it must be; without the wrapper and its secrets.
    QString text() const;
};

/// Splits with redis-cli's own rules: "…" with \n \r \t \a \b \" \\ \xHH, '…' with \' only, and a
/// closing quote must be followed by a space. A leading `redis-cli` loses its options: the
/// connection is chosen elsewhere. Errors: Parse, with the position.
Result<CommandLine> parseCommandLine(const QString& text);

/// One command a line; empty lines and those that begin with # are left out, and a line that ends
/// in \ goes on in the next. Errors: Parse, naming the line when there are several.
Result<QVector<CommandLine>> parseScript(const QString& text);

/// The split alone.
Result<QByteArrayList> splitArguments(const QString& text);

/// A command as the server wants it: an array of bulk strings.
QByteArray encode(const QByteArrayList& arguments);
/// The same at the end of `out`, for many.
void encodeInto(QByteArray& out, const QByteArrayList& arguments);

}  // namespace tocsin::redis

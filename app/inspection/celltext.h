#pragma once
#include <QByteArray>

namespace tocsin::inspection {

// One cell in each of the formats, byte by byte as the server sent it but for what a format must
// escape. They append to `out`.

/// What stands for no value where people read; and that character as a value.
inline constexpr QByteArrayView kNull = "\u2205";
inline constexpr QByteArrayView kNullAsValue = "\\u2205";

/// `text` is UTF-8.
void jsonText(QByteArray& out, QByteArrayView text);
/// Bytes that are no text have no string in JSON; standing for another character they would be
/// another value.
void jsonBytes(QByteArray& out, QByteArrayView bytes);
void markdownText(QByteArray& out, QByteArrayView text);
void tsvText(QByteArray& out, QByteArrayView text);
/// A literal of PostgreSQL's.
void insertLiteral(QByteArray& out, QByteArrayView cell, bool numeric);

/// Each byte is at most two in CSV, and quotes are around them.
constexpr qsizetype mostInCsv(qsizetype size) {
    return 2 * size + 2;
}
/// Returns where it ends; at `to` there is room for mostInCsv().
char* csvText(char* to, QByteArrayView text);

/// The cell as one line of a terminal may hold it. `room` keeps what had to be changed.
QByteArrayView tableCell(QByteArrayView cell, QByteArray& room);

}  // namespace tocsin::inspection

#pragma once
#include <QJsonDocument>
#include <QString>
#include <QStringList>
#include <QVector>

#include "sdk/error.h"

namespace tocsin::cli {

/// Writes to stdout, as UTF-8 and harmless but for its line ends; adds the last one.
void print(const QString& text);
void print(const QJsonDocument& document);
/// Writes bytes to stdout as they are; false when nobody reads them any more.
bool printBytes(const QByteArray& bytes);
/// Writes to stderr, redacted and harmless but for its line ends.
void complain(const QString& text);
/// Tells of a failure: the sentence and its evidence on stderr; with `json` also {"error": {code,
/// message, detail}} on stdout, so that there is always one document.
void complain(const Error& error, bool json);

/// Aligned columns, two spaces apart, without trailing blanks; cells are made harmless. The first
/// row is the heading.
QString table(const QVector<QStringList>& given);
/// "2026-11-22 00:14:03Z", or "–" when invalid.
QString utc(const QDateTime& time);
/// "12 s", "3 min", "2 h", "5 d".
QString age(qint64 seconds);

}  // namespace tocsin::cli

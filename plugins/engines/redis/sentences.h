#pragma once
#include <QByteArray>
#include <QByteArrayList>

#include "sdk/error.h"

namespace tocsin::redis {

/// Turns a server's error line ("WRONGPASS …") into a sentence that says what to do; the line
/// itself, redacted, is the detail. `place` names the server, `user` who is logged in.
Error errorFromServer(const QByteArray& line, const QString& place, const QString& user);

/// For WRONGTYPE: what holds the key and which command fits what was meant.
Error wrongType(const QByteArrayList& arguments, const QByteArray& type, const QByteArray& line);

/// A count of 0 for a key that does not exist: says so, and what BullMQ calls its lists.
QString missingKeyNotice(const QByteArrayList& arguments);
/// Whether the command counts and answers 0 alike for "empty" and "missing".
bool countsOneKey(const QByteArrayList& arguments);

}  // namespace tocsin::redis

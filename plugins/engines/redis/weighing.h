#pragma once
#include <QByteArrayList>
#include <QVector>
#include <optional>
#include <utility>

#include "sdk/error.h"
#include "sdk/reply.h"

namespace tocsin::redis {

/// What a command's sizes say: the refusal, about how many bytes its answer has (0: not known), and
/// how many elements the server takes or passes over for it.
struct Weighed {
    std::optional<Error> tooMuch = {};
    qint64 bytes = 0;
    qint64 steps = 0;
};

/// What to ask before a command, for sizeQuestion() or sumQuestions(); nothing when its answer
/// cannot be large.
QVector<QByteArrayList> weighQuestions(const QByteArrayList& arguments);
/// An answer to one of them as a number: kUntold where the server keeps it from this user, -1 for
/// another error.
qint64 sizeIn(ReplyView answer);
/// `answers` are theirs.
Weighed weigh(const QByteArrayList& arguments, const QVector<qint64>& answers);

/// The question that a command's own answer has answered, and its size: counts of elements, and a
/// value that was read (HGET) for its length.
std::optional<std::pair<QByteArrayList, qint64>> sizeToldBy(const QByteArrayList& arguments,
                                                            ReplyView reply);

/// The refusal of several commands whose answers are too much together.
std::optional<Error> refuseTogether(qint64 bytes, qint64 steps, qsizetype commands);

}  // namespace tocsin::redis

#include "plugins/engines/redis/sums.h"

#include <algorithm>

#include "plugins/engines/redis/arguments.h"
#include "plugins/engines/redis/size.h"
#include "sdk/figures.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

/// The keys of SUNION k k, ZUNION 2 k k …; none for other commands.
QByteArrayList summedKeys(const QByteArrayList& arguments) {
    static const QByteArrayList bare{"sunion", "sinter", "sdiff"};
    static const QByteArrayList counted{"zunion", "zinter", "zdiff", "sintercard", "zintercard"};
    const QByteArray name = arguments.value(0).toLower();
    if (bare.contains(name)) return arguments.mid(1);
    return counted.contains(name) ? arguments.mid(2, arguments.value(1).toInt()) : QByteArrayList();
}

/// How long each value of MGET k k … or HMGET k f f … is.
QVector<QByteArrayList> lengthQuestions(const QByteArrayList& arguments) {
    const bool isHash = isWord(arguments.value(0), "HMGET");
    QVector<QByteArrayList> questions;
    if (!isHash && !isWord(arguments.value(0), "MGET")) return questions;
    for (const QByteArray& each : arguments.mid(isHash ? 2 : 1))
        questions << (isHash ? QByteArrayList{"HSTRLEN", arguments.at(1), each}
                             : QByteArrayList{"STRLEN", each});
    return questions;
}

std::optional<Error> refuseLengths(const QByteArrayList& arguments, const QVector<qint64>& sizes) {
    qint64 bytes = 0;
    for (const qint64 size : sizes)
        bytes += std::max<qint64>(0, size);
    if (bytes <= kMostValueBytes) return std::nullopt;
    return Error{
        ErrorCode::TooLarge,
        u"This would read %1 MB in %2 values in one go, more than %3 MB, and stop the server for others meanwhile; read them one by one%4."_s
            .arg(static_cast<double>(bytes) / (1024.0 * 1024.0), 0, 'f', 1)
            .arg(sizes.size())
            .arg(kMostValueBytes / (1024 * 1024))
            .arg(isWord(arguments.first(), "MGET") ? u", with GETRANGE key 0 4095"_s : QString()),
        u"size-before-value"_s};
}

}  // namespace

QVector<QByteArrayList> sumQuestions(const QByteArrayList& arguments) {
    QVector<QByteArrayList> questions = lengthQuestions(arguments);
    // The sorted ones take plain sets as well: whichever it is not answers with an error.
    const bool isSorted = arguments.value(0).toLower().startsWith('z');
    for (const QByteArray& key : summedKeys(arguments)) {
        questions << QByteArrayList{"SCARD", key};
        if (isSorted) questions << QByteArrayList{"ZCARD", key};
    }
    return questions;
}

std::optional<Error> refuseSum(const QByteArrayList& arguments, const QVector<qint64>& sizes) {
    if (!lengthQuestions(arguments).isEmpty()) return refuseLengths(arguments, sizes);
    const auto keys = summedKeys(arguments).size();
    QVector<qint64> known = sizes;
    known.removeIf([](qint64 size) { return size < 0; });
    if (keys == 0 || known.isEmpty()) return std::nullopt;
    // An intersection goes through the smallest and looks each up in the others.
    const bool intersects = arguments.first().toLower().contains("inter");
    qint64 walked = intersects ? *std::min_element(known.begin(), known.end()) * keys : 0;
    for (const qint64 size : std::as_const(known))
        if (!intersects) walked += size;
    if (walked <= kMostElements) return std::nullopt;
    return Error{
        ErrorCode::TooLarge,
        u"This would go through %1 elements of %2 keys in one go, more than %3, and stop the server for others meanwhile; read the keys with SSCAN or ZSCAN and compare them here."_s
            .arg(countText(walked))
            .arg(keys)
            .arg(countText(kMostElements)),
        u"size-before-value"_s};
}

}  // namespace tocsin::redis

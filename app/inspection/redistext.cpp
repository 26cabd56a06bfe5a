#include "inspection/redistext.h"

#include <algorithm>

#include "sdk/reply.h"

namespace tocsin::inspection {

QString redisWord(const QByteArray& bytes) {
    const auto isPlain = [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f &&
               c != '"' && c != '\'' && c != '\\' && c != '#';
    };
    const bool plain = !bytes.isEmpty() && std::all_of(bytes.begin(), bytes.end(), isPlain);
    return plain ? QString::fromLatin1(bytes) : toText(Reply(Reply::Kind::BulkString, bytes));
}

QByteArray globLiteral(const QByteArray& bytes) {
    QByteArray out;
    for (const char c : bytes) {
        if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

}  // namespace tocsin::inspection

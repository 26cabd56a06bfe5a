#pragma once
#include <QByteArray>
#include <memory>
#include <vector>

#include "sdk/export.h"

namespace tocsin {

/// One Redis reply as a tree, with the exact bytes. Source: the RESP2 and RESP3 specifications.
/// Copying and destroying need no stack in proportion to the depth: a server may nest as deep as
/// the decoder allows.
struct TOCSIN_SDK_EXPORT Reply {
    enum class Kind {
        Null,
        SimpleString,
        Error,
        Integer,
        BulkString,
        Boolean,    ///< `text` is "t" or "f"
        Double,     ///< `text` as the server wrote it
        BigNumber,  ///< `text` as the server wrote it
        Verbatim,   ///< `text` without its three-letter prefix
        Array,
        Set,
        Map,  ///< children are key, value, key, value …
        Push,
    };

    Kind kind = Kind::Null;
    QByteArray text;  ///< scalars: the bytes; aggregates: empty
    std::vector<Reply> children;

    Reply() = default;
    explicit Reply(Kind ofKind, QByteArray bytes = {}, std::vector<Reply> of = {});
    Reply(const Reply& other);
    Reply(Reply&& other) noexcept = default;
    Reply& operator=(const Reply& other);
    Reply& operator=(Reply&& other) noexcept;
    ~Reply();

    bool isError() const { return kind == Kind::Error; }
    bool isAggregate() const { return kind >= Kind::Array; }
};

/// redis-cli's own way of writing a reply ("(integer) 1", "1) …"), for the raw view and exports.
/// What is nested deeper than 128 levels is named, not written.
TOCSIN_SDK_EXPORT QString toText(const Reply& reply, int indent = 0);

}  // namespace tocsin

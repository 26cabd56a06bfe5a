#include "inspection/celltext.h"

#include <algorithm>
#include <tuple>

#include "inspection/harmless.h"

namespace tocsin::inspection {

void jsonText(QByteArray& out, QByteArrayView text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00" + QByteArray::number(c, 16).rightJustified(2, '0');
        } else {
            out += c;
        }
    }
    out += '"';
}

void jsonBytes(QByteArray& out, QByteArrayView bytes) {
    out += R"({"bytes_base64":")" + bytes.toByteArray().toBase64() + "\"}";
}

char* csvText(char* to, QByteArrayView text) {
    static constexpr auto isSpecial = [](char c) {
        return c == '"' || c == ',' || c == '\n' || c == '\r';
    };
    if (!text.isEmpty() && std::none_of(text.begin(), text.end(), isSpecial))
        return std::copy(text.begin(), text.end(), to);
    *to++ = '"';
    for (const char c : text) {
        if (c == '"') *to++ = '"';
        *to++ = c;
    }
    *to++ = '"';
    return to;
}

void markdownText(QByteArray& out, QByteArrayView text) {
    if (text == kNull) text = kNullAsValue;
    for (const char c : text) {
        if (c == '|' || c == '\\') out += '\\';
        if (c == '\n')
            out += "<br>";
        else if (c != '\r')
            out += c;
    }
}

void tsvText(QByteArray& out, QByteArrayView text) {
    for (const char c : text) {
        switch (c) {
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\\':
                out += "\\\\";
                break;
            default:
                out += c;
        }
    }
}

QByteArrayView tableCell(QByteArrayView cell, QByteArray& room) {
    if (cell == kNull) return kNullAsValue;
    const bool isPlain = std::all_of(cell.begin(), cell.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        // What begins U+0080 to U+00BF, and U+2000 and more: C1 and marks of direction are there.
        return byte >= 0x20 && byte != 0x7f && byte != 0xc2 && byte != 0xe2;
    });
    if (isPlain) return cell;
    room.clear();
    if (cell.isValidUtf8()) return room = harmless(QString::fromUtf8(cell)).toUtf8();
    for (const char c : cell) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f)
            room += c;
        else
            room += "\\x" + QByteArray::number(byte, 16).rightJustified(2, '0');
    }
    return room;
}

void insertLiteral(QByteArray& out, QByteArrayView cell, bool numeric) {
    bool plain = false;
    if (numeric) std::ignore = cell.toDouble(&plain);
    // NaN and infinities are texts to the server.
    if (plain && !cell.isEmpty() && (cell.back() >= '0' && cell.back() <= '9')) {
        out += cell;
        return;
    }
    QByteArray text = cell.toByteArray();
    const bool escaped = text.contains('\\');
    text.replace('\'', "''");
    if (escaped) text.replace('\\', "\\\\");
    out += (escaped ? "E'" : "'") + text + '\'';
}

}  // namespace tocsin::inspection

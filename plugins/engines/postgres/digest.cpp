#include "plugins/engines/postgres/digest.h"

#include <openssl/evp.h>

#include <QtEndian>
#include <array>
#include <cstring>

namespace tocsin::postgres {
namespace {

constexpr std::size_t kBuffer = 64 * 1024;
constexpr quint32 kNull = 0xffffffff;

}  // namespace

struct Digest::Context {
    EVP_MD_CTX* evp = EVP_MD_CTX_new();
    Context() { EVP_DigestInit_ex(evp, EVP_sha256(), nullptr); }
    ~Context() { EVP_MD_CTX_free(evp); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
};

Digest::Digest()
    : m_context(std::make_unique<Context>()),
      m_buffer(std::make_unique_for_overwrite<char[]>(kBuffer)) {
}
Digest::~Digest() = default;

void Digest::put(const char* bytes, std::size_t size) {
    if (size > kBuffer - m_used) {
        flush();
        if (size > kBuffer) {
            EVP_DigestUpdate(m_context->evp, bytes, size);
            return;
        }
    }
    std::memcpy(m_buffer.get() + m_used, bytes, size);
    m_used += size;
}

void Digest::putNumber(quint32 number) {
    const quint32 big = qToBigEndian(number);
    put(reinterpret_cast<const char*>(&big), sizeof big);
}

void Digest::begin(int columns) {
    putNumber(static_cast<quint32>(columns));
}

void Digest::addRow(const char* const* values, const int* lengths, int columns) {
    for (int i = 0; i < columns; ++i) {
        putNumber(lengths[i] < 0 ? kNull : static_cast<quint32>(lengths[i]));
        if (lengths[i] > 0) put(values[i], static_cast<std::size_t>(lengths[i]));
    }
}

void Digest::flush() {
    EVP_DigestUpdate(m_context->evp, m_buffer.get(), m_used);
    m_used = 0;
}

QByteArray Digest::hex() {
    flush();
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(m_context->evp, sum.data(), &size);
    return QByteArray(reinterpret_cast<const char*>(sum.data()), static_cast<qsizetype>(size))
        .toHex();
}

}  // namespace tocsin::postgres

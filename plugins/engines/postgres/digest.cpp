#include "plugins/engines/postgres/digest.h"

#include <openssl/evp.h>

#include <QtEndian>
#include <array>

namespace tocsin::postgres {
namespace {

constexpr qsizetype kBuffer = 64 * 1024;
constexpr quint32 kNull = 0xffffffff;

}  // namespace

struct Digest::Context {
    EVP_MD_CTX* evp = EVP_MD_CTX_new();
    Context() { EVP_DigestInit_ex(evp, EVP_sha256(), nullptr); }
    ~Context() { EVP_MD_CTX_free(evp); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
};

Digest::Digest() : m_context(std::make_unique<Context>()) {
    m_buffer.reserve(2 * kBuffer);
}
Digest::~Digest() = default;

void Digest::put(quint32 number) {
    const quint32 big = qToBigEndian(number);
    m_buffer.append(reinterpret_cast<const char*>(&big), sizeof big);
}

void Digest::begin(int columns) {
    put(static_cast<quint32>(columns));
}

void Digest::addRow(const char* const* values, const int* lengths, int columns) {
    for (int i = 0; i < columns; ++i) {
        put(lengths[i] < 0 ? kNull : static_cast<quint32>(lengths[i]));
        if (lengths[i] > 0) m_buffer.append(values[i], lengths[i]);
    }
    if (m_buffer.size() >= kBuffer) flush();
}

void Digest::flush() {
    EVP_DigestUpdate(m_context->evp, m_buffer.constData(),
                     static_cast<std::size_t>(m_buffer.size()));
    m_buffer.resize(0);
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

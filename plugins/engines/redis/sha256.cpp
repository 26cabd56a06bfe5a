#include "plugins/engines/redis/sha256.h"

#include <openssl/evp.h>

#include <array>

namespace tocsin::redis {

struct Sha256::Context {
    EVP_MD_CTX* evp = EVP_MD_CTX_new();
    ~Context() { EVP_MD_CTX_free(evp); }
    Context() = default;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
};

Sha256::Sha256() : m_context(std::make_unique<Context>()) {
    EVP_DigestInit_ex(m_context->evp, EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::add(QByteArrayView bytes) {
    EVP_DigestUpdate(m_context->evp, bytes.data(), static_cast<std::size_t>(bytes.size()));
}

QByteArray Sha256::takeHex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    EVP_DigestFinal_ex(m_context->evp, bytes.data(), &size);
    EVP_DigestInit_ex(m_context->evp, EVP_sha256(), nullptr);
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<int>(size)).toHex();
}

}  // namespace tocsin::redis

#pragma once
#include <QByteArrayView>
#include <memory>

namespace tocsin::redis {

/// SHA-256 by OpenSSL, because it uses the processor's instructions: Qt's own would take longer
/// than everything else that happens to a reply.
class Sha256 {
public:
    Sha256();
    ~Sha256();

    void add(QByteArrayView bytes);
    /// Hex of what was added since the last call.
    QByteArray takeHex();

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

}  // namespace tocsin::redis

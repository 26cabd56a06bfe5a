#pragma once
#include <QByteArray>
#include <memory>

namespace tocsin::postgres {

/// SHA-256 over a result, cell after cell: the column count, then for each cell its length as four
/// bytes, most significant first (ffffffff for NULL), then its bytes. OpenSSL's, because it uses
/// the processor's instructions and keeps up with the wire.
class Digest {
public:
    Digest();
    ~Digest();

    void begin(int columns);
    void addRow(const char* const* values, const int* lengths, int columns);
    QByteArray hex();  ///< ends it

private:
    void put(quint32 number);
    void flush();

    struct Context;
    std::unique_ptr<Context> m_context;
    QByteArray m_buffer;
};

}  // namespace tocsin::postgres

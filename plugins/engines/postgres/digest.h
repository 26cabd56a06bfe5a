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
    void put(const char* bytes, std::size_t size);
    void putNumber(quint32 number);
    void flush();

    struct Context;
    std::unique_ptr<Context> m_context;
    std::unique_ptr<char[]> m_buffer;
    std::size_t m_used = 0;
};

}  // namespace tocsin::postgres

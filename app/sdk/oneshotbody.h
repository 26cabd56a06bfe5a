#pragma once
#include <QBuffer>

namespace tocsin {

/// A request body that can be read once. Qt sends a request again by itself, up to three times,
/// when the server closes the connection before its first byte of answer; for a POST that would do
/// things twice. A body that cannot be rewound makes it give up instead.
class OneShotBody : public QIODevice {
public:
    explicit OneShotBody(const QByteArray& content) {
        m_content.setData(content);
        m_content.open(ReadOnly);
        open(ReadOnly | Unbuffered);
    }
    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override { return m_content.bytesAvailable(); }
    bool atEnd() const override { return m_content.atEnd(); }
    bool reset() override { return false; }

protected:
    qint64 readData(char* data, qint64 most) override { return m_content.read(data, most); }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    QBuffer m_content;
};

}  // namespace tocsin

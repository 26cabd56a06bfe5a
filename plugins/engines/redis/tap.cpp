#include "plugins/engines/redis/tap.h"

#include "plugins/engines/redis/sentences.h"

namespace tocsin::redis {
namespace {

// Enough to see who does what; more would be a load of its own.
constexpr std::size_t kMostLines = 5'000;
constexpr int kTellMs = 50;
constexpr qint64 kReplyCap = 16LL * 1024 * 1024;

}  // namespace

Tap::Tap(const Address& address, const std::optional<Place>& way)
    : m_address(address), m_wire(address) {
    m_wire.setPlace({address.host, address.port}, way);
    m_time.setSingleShot(true);
    m_tell.setInterval(kTellMs);
    connect(&m_tell, &QTimer::timeout, this, &Tap::tell);
    connect(&m_time, &QTimer::timeout, this, [this] { stop(Sample::End::Time); });
    connect(&m_wire, &Wire::lost, this, [this] { stop(Sample::End::Lost); });
}

void Tap::sample(std::chrono::seconds time, Heard heard, Ended done) {
    m_heard = std::move(heard);
    m_done = std::move(done);
    m_rows = std::make_shared<ResultSet>(QVector<Column>{{QStringLiteral("time"), {}},
                                                         {QStringLiteral("client"), {}},
                                                         {QStringLiteral("command"), {}}});
    m_time.setInterval(time);
    m_wire.open([this](const Result<void>& opened) {
        opened ? logIn() : end(tl::unexpected<Error>(opened.error()));
    });
}

void Tap::logIn() {
    if (m_address.password.isEmpty()) return begin();
    QByteArrayList auth{"AUTH"};
    if (!m_address.user.isEmpty()) auth << m_address.user.toUtf8();
    auth << m_address.password.reveal().toUtf8();
    m_wire.ask(auth, kReplyCap, [this](const Result<Answer>& answer) {
        if (!answer) return end(tl::unexpected<Error>(answer.error()));
        if (answer->reply.isError())
            return end(tl::unexpected<Error>(
                errorFromServer(answer->reply.text(), m_address.place(), m_address.user)));
        begin();
    });
}

void Tap::begin() {
    m_wire.listen([this](Reply line) { take(std::move(line)); });
    m_wire.ask({"MONITOR"}, kReplyCap, [this](const Result<Answer>& answer) {
        if (!answer) return end(tl::unexpected<Error>(answer.error()));
        if (answer->reply.isError())
            return end(tl::unexpected<Error>(
                errorFromServer(answer->reply.text(), m_address.place(), m_address.user)));
        m_lasted.start();
        m_time.start();
        m_tell.start();
    });
}

/// 1339518083.107412 [0 127.0.0.1:60866] "keys" "*"
void Tap::take(Reply line) {
    if (!m_done) return;
    const QByteArray& text = line.text();
    const qsizetype open = text.indexOf('[');
    const qsizetype close = text.indexOf(']', open);
    const QByteArray parts[] = {text.left(open).trimmed(), text.mid(open + 1, close - open - 1),
                                close < 0 ? text : text.mid(close + 1).trimmed()};
    const char* values[3];
    int lengths[3];
    for (std::size_t i = 0; i < 3; ++i) {
        values[i] = parts[i].constData();
        lengths[i] = static_cast<int>(parts[i].size());
    }
    m_rows->appendRow(values, lengths);
    m_lines.add(line);
    if (m_lines.size() >= kMostLines) stop(Sample::End::Lines);
}

void Tap::tell() {
    if (m_told == m_rows->rowCount()) return;
    m_told = m_rows->rowCount();
    if (m_heard) m_heard(m_rows);
}

void Tap::stop(Sample::End why) {
    if (!m_lasted.isValid())
        return end(fail(ErrorCode::Network,
                        QStringLiteral("%1 closed the connection before the sample began.")
                            .arg(m_address.place())));
    m_sample.lasted = std::chrono::milliseconds(m_lasted.elapsed());
    m_sample.end = why;
    m_sample.lines = m_lines.take();
    tell();
    end(std::move(m_sample));
}

void Tap::end(Result<Sample> result) {
    m_time.stop();
    m_tell.stop();
    const Ended done = std::exchange(m_done, nullptr);
    m_wire.close();
    if (done) done(std::move(result));
}

}  // namespace tocsin::redis

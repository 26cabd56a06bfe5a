#include "sdk/polledsource.h"

#include <algorithm>

#include "sdk/secret.h"

namespace tocsin {
namespace {

using std::chrono::milliseconds;

constexpr qsizetype kEvidence = 300;

QString place(const HttpReply& reply) {
    const QString path = reply.url.path();
    return reply.url.host() +
           (reply.url.port() > 0 ? QStringLiteral(":%1").arg(reply.url.port()) : QString()) +
           (path == QLatin1String("/") ? QString() : path);
}

QString evidence(const HttpReply& reply) {
    return redact(QString::fromUtf8(reply.body.left(kEvidence)).simplified());
}

bool looksLikeHtml(const QByteArray& body) {
    const QByteArray start = body.left(kEvidence).trimmed().toLower();
    return start.startsWith("<!doctype html") || start.startsWith("<html");
}

ErrorCode codeOf(int status) {
    if (status == 401 || status == 403) return ErrorCode::Auth;
    if (status == 404 || status == 410) return ErrorCode::NotFound;
    if (status == 429) return ErrorCode::RateLimited;
    return status >= 500 ? ErrorCode::Unavailable : ErrorCode::Protocol;
}

QString adviceFor(ErrorCode code) {
    switch (code) {
        case ErrorCode::Auth:
            return QStringLiteral("check the credentials of this source");
        case ErrorCode::NotFound:
            return QStringLiteral(
                "check the url and its path prefix, and that the server is not too old");
        case ErrorCode::RateLimited:
            return QStringLiteral("it asks for a pause; look less often");
        case ErrorCode::Unavailable:
            return QStringLiteral("it cannot answer now; look at the server itself");
        default:
            return QStringLiteral("check that the url is the right one");
    }
}

constexpr milliseconds kShortest{1000};
constexpr milliseconds kLongestBackOff{60000};
// A server may ask for a day; nobody wants to be blind that long without having asked again.
constexpr milliseconds kLongestPause{15 * 60000};

}  // namespace

PolledSource::PolledSource(QString name, milliseconds every, Clock& clock)
    : m_name(std::move(name)), m_every(std::max(every, kShortest)), m_clock(clock) {
}

void PolledSource::start() {
    if (m_running) return;
    m_running = true;
    refresh();
}

void PolledSource::stop() {
    m_running = false;
    ++m_schedule;
}

void PolledSource::refresh() {
    if (m_looking) return;
    m_looking = true;
    ++m_schedule;
    look();
}

void PolledSource::deliver(QVector<Alert> alerts) {
    m_looking = false;
    m_failures = 0;
    if (m_running) schedule(m_every);
    for (Alert& alert : alerts)
        alert.source = m_name;
    emit snapshotReceived({m_name, m_clock.now(), std::move(alerts)});
}

void PolledSource::giveUp(const Error& error) {
    m_looking = false;
    ++m_failures;
    if (!m_running) {
        emit failed(error, {});
        return;
    }
    const milliseconds pause = pauseAfter(error);
    schedule(pause);
    emit failed(error, m_clock.now().addMSecs(pause.count()));
}

void PolledSource::schedule(milliseconds delay) {
    const quint64 number = ++m_schedule;
    m_clock.callAfter(delay, this, [this, number] {
        if (number == m_schedule && m_running) refresh();
    });
}

milliseconds PolledSource::pauseAfter(const Error& error) const {
    if (error.retryAfter) return std::clamp(*error.retryAfter, kShortest, kLongestPause);
    const milliseconds doubled = m_every * (1LL << std::min(m_failures - 1, 6));
    return std::max(m_every, std::min(doubled, kLongestBackOff));
}

Error unexpectedAnswer(const HttpReply& reply, const QString& expected) {
    const ErrorCode code = codeOf(reply.status);
    Error error{code,
                QStringLiteral("%1 answers %2 instead of %3; %4.")
                    .arg(place(reply))
                    .arg(reply.status)
                    .arg(expected, adviceFor(code)),
                evidence(reply)};
    error.retryAfter = reply.retryAfter();
    return error;
}

Error unreadableBody(const HttpReply& reply, const QString& expected, const QString& reason) {
    QString found;
    if (reply.body.trimmed().isEmpty())
        found = QStringLiteral("an empty answer");
    else if (looksLikeHtml(reply.body))
        found = QStringLiteral("an HTML page (a login page or another program?)");
    else if (!reason.isEmpty())
        found = QStringLiteral("something unreadable (%1)").arg(reason);
    else
        found = QStringLiteral("something else");
    return {ErrorCode::Parse,
            QStringLiteral("%1 sent %2 instead of %3; check that the url is the right one.")
                .arg(place(reply), found, expected),
            evidence(reply)};
}

}  // namespace tocsin

#pragma once
#include <QPromise>

#include "sdk/notifier.h"

namespace tocsin::test {

/// A channel that does what the test says: each post takes the next answer of the script, or is
/// delivered when the script is empty. What arrived over there is in `arrived`.
class StubNotifier : public Notifier {
public:
    /// Delivered: arrives and is confirmed. Lost: arrives, the answer does not. Swallowed: neither.
    enum class Kind { Delivered, Lost, Swallowed, Fails, Stalls };
    struct Answer {
        Kind kind = Kind::Delivered;
        Error error = {};
        std::chrono::milliseconds rest{0};  ///< what is left of its limits
    };

    QVector<Answer> script;
    QVector<Message> arrived;
    QVector<Message> posted;                    ///< every try
    QVector<QPair<QString, Message>> edited;    ///< remote id of the target, and into what
    QVector<QPair<QString, Message>> threaded;  ///< remote id of the starter, and the message
    QHash<QString, Sighting> sightings;  ///< remote id → what a look finds; missing: as sent
    QStringList lookedAt;
    bool safe = false;
    bool edits = false;
    qsizetype limit = 2000;

    QVector<Message> split(const Message& message) const override {
        if (message.text.size() <= limit) return {message};
        QVector<Message> parts;
        for (qsizetype at = 0; at < message.text.size(); at += limit) {
            Message part = message;
            part.text = message.text.mid(at, limit);
            if (at > 0) part.event += QStringLiteral("#%1").arg(at / limit + 1);
            parts.append(part);
        }
        return parts;
    }

    QFuture<Result<Delivery>> post(const Message& part) override {
        posted.append(part);
        const Answer answer = script.isEmpty() ? Answer{} : script.takeFirst();
        if (answer.kind == Kind::Delivered || answer.kind == Kind::Lost) arrive(part);
        if (answer.kind == Kind::Stalls) {
            m_stalled = std::make_unique<QPromise<Result<Delivery>>>();
            m_stalled->start();
            m_stalledPart = part;
            return m_stalled->future();
        }
        QPromise<Result<Delivery>> promise;
        promise.start();
        promise.addResult(outcome(answer));
        promise.finish();
        return promise.future();
    }

    QFuture<Result<Delivery>> postInThread(const Message& part, const QString& starter) override {
        threaded.append({starter, part});
        return post(part);
    }

    bool canEdit() const override { return edits; }
    QFuture<Result<Delivery>> edit(const Message& part, const RemoteMessage& target) override {
        const Answer answer = script.isEmpty() ? Answer{} : script.takeFirst();
        if (answer.kind == Kind::Delivered || answer.kind == Kind::Lost)
            edited.append({target.id, part});
        QPromise<Result<Delivery>> promise;
        promise.start();
        if (answer.kind == Kind::Delivered)
            promise.addResult(Delivery{target.id, {}, answer.rest});
        else
            promise.addResult(outcome(answer));
        promise.finish();
        return promise.future();
    }

    QFuture<Result<Sighting>> look(const Message&, const RemoteMessage& target) override {
        lookedAt.append(target.id);
        QPromise<Result<Sighting>> promise;
        promise.start();
        promise.addResult(Result<Sighting>(sightings.value(target.id, Sighting::AsSent)));
        promise.finish();
        return promise.future();
    }

    QByteArray preview(const Message& part) const override { return part.text.toUtf8(); }
    bool repeatsAreSafe() const override { return safe; }

    bool isStalled() const { return m_stalled != nullptr; }
    /// The stalled post goes through.
    void letGo() {
        arrive(m_stalledPart);
        const auto promise = std::move(m_stalled);
        promise->addResult(outcome({}));
        promise->finish();
    }

private:
    void arrive(const Message& part) {
        // A channel that knows its events creates nothing for a repeat.
        if (safe && std::any_of(arrived.begin(), arrived.end(),
                                [&](const Message& one) { return one.event == part.event; }))
            return;
        arrived.append(part);
    }

    Result<Delivery> outcome(const Answer& answer) {
        switch (answer.kind) {
            case Kind::Fails:
                return tl::unexpected<Error>(answer.error);
            case Kind::Lost:
            case Kind::Swallowed:
                return fail(ErrorCode::Timeout, QStringLiteral("No answer in time."));
            case Kind::Delivered:
            case Kind::Stalls:
                break;
        }
        return Delivery{QStringLiteral("remote-%1").arg(posted.size()), {}, answer.rest};
    }

    std::unique_ptr<QPromise<Result<Delivery>>> m_stalled;
    Message m_stalledPart;
};

}  // namespace tocsin::test

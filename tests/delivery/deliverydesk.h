#pragma once
#include <QTemporaryDir>
#include <QTest>

#include "delivery/dispatcher.h"
#include "sdk/clock.h"
#include "tests/delivery/stubnotifier.h"
#include "tests/support/await.h"

namespace tocsin::test {

inline Message messageOf(const QString& event, const QString& replaces = {}) {
    Message message;
    message.event = event;
    message.replaces = replaces;
    message.text = QStringLiteral("text of ") + event;
    return message;
}

inline QStringList eventsOf(const QVector<Message>& messages) {
    QStringList out;
    for (const Message& message : messages)
        out.append(message.event);
    return out;
}

/// A store, a clock that stands still, and a dispatcher over channels that do what a test says.
class DeliveryDesk {
public:
    DeliveryDesk()
        : db(std::move(*store::Database::open(m_folder.filePath(QStringLiteral("tocsin.db"))))),
          dispatcher(std::make_unique<delivery::Dispatcher>(*db, clock)) {}

    StubNotifier* addChannel(const QString& name) {
        auto channel = std::make_unique<StubNotifier>();
        StubNotifier* raw = channel.get();
        dispatcher->addChannel(name, std::move(channel));
        return raw;
    }

    bool start() { return await(dispatcher->start()).has_value(); }

    void intend(const QVector<Message>& messages, const QString& channel) {
        const auto done =
            await(db->write<void>([=, now = clock.now()](store::Transaction& tx) -> Result<void> {
                for (const Message& message : messages)
                    if (auto kept = delivery::Ledger::intend(tx, {}, channel, message, now); !kept)
                        return tl::unexpected<Error>(kept.error());
                return {};
            }));
        QVERIFY(done);
        dispatcher->wake();
    }

    delivery::Entry entry(const QString& event) {
        const auto all = await(db->read<QVector<delivery::Entry>>([](store::Transaction& tx) {
            return delivery::Ledger::ofIncident(tx, QStringLiteral(""));
        }));
        for (const delivery::Entry& one : all.value())
            if (one.event == event) return one;
        return {};
    }

    /// Moves time until the dispatcher has nothing left to do.
    void settle() {
        for (int i = 0; i < 2000 && dispatcher->isBusy(); ++i) {
            step();
            clock.advance(std::chrono::milliseconds(500));
        }
        QVERIFY(!dispatcher->isBusy());
    }
    /// Lets happen what needs no time.
    void step() {
        (void)await(db->read<int>([](store::Transaction&) -> Result<int> { return 0; }));
        QCoreApplication::processEvents();
    }

private:
    QTemporaryDir m_folder;

public:
    TestClock clock;
    std::unique_ptr<store::Database> db;
    std::unique_ptr<delivery::Dispatcher> dispatcher;
};

}  // namespace tocsin::test

#pragma once
#include <QTemporaryDir>
#include <QTest>

#include "escalation/engine.h"
#include "escalation/ladderstore.h"
#include "escalation/planner.h"
#include "tests/delivery/stubnotifier.h"
#include "tests/support/await.h"

namespace tocsin::test {

using namespace tocsin::escalation;
using namespace std::chrono_literals;
using incidents::Priority;

/// Three levels; critical incidents begin at the second.
inline Policy threeLevels() {
    using namespace Qt::StringLiterals;
    Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary on-call"_s, 0min, u"on-call-primary"_s, {}, {}},
                     {u"Secondary on-call"_s, 15min, u"on-call-secondary"_s, {}, {}},
                     {u"Engineering lead"_s, 30min, u"on-call-team"_s, {}, 15min}};
    policy.start = {{u"P1"_s, 2}};
    return policy;
}

inline incidents::Declaration declaration(Priority priority) {
    using namespace Qt::StringLiterals;
    incidents::Declaration said;
    said.title = u"Database connections exhausted"_s;
    said.priority = priority;
    said.commander = u"commander"_s;
    said.keys = QStringList{u"database_connections"_s};
    return said;
}

inline QStringList eventsOf(const QVector<Message>& messages) {
    QStringList out;
    for (const Message& message : messages)
        out.append(message.event);
    return out;
}

/// An engine on a real store, with a channel that does what the test says and a clock that stands.
/// It can be closed and opened again, as after a crash. For tests to derive from.
class EngineRig : public QObject {
protected:
    void begin() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<TestClock>();
        m_policy = threeLevels();
        open();
    }

    void open() {
        using namespace Qt::StringLiterals;
        m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
        m_journal = std::make_unique<incidents::Journal>(*m_db, *m_clock);
        m_dispatcher = std::make_unique<delivery::Dispatcher>(*m_db, *m_clock);
        m_engine = std::make_unique<Engine>(*m_db, *m_journal, m_policy, *m_clock);
        auto channel = std::make_unique<StubNotifier>();
        m_channel = channel.get();
        m_dispatcher->addChannel(u"incidents"_s, std::move(channel));
        m_engine->attach(*m_dispatcher);
        QVERIFY(await(m_journal->load()));
        QVERIFY(await(m_dispatcher->start()));
        QVERIFY(await(m_engine->start()));
        settle();
    }

    void close() {
        m_engine.reset();
        m_dispatcher.reset();
        m_journal.reset();
        m_db.reset();
    }

    /// Closed and opened again with another policy.
    void reopen(const Policy& policy) {
        close();
        m_policy = policy;
        open();
    }

    QString declare(Priority priority) {
        const auto id = await(m_engine->declare(declaration(priority)));
        settle();
        return id.value_or(QString());
    }

    /// Each round: what the store has queued, then what its answers set in motion, then what is due
    /// at once, which a standing clock would not run.
    void settle() {
        for (int quiet = 0; quiet < 4; ++quiet) {
            m_db->drain();
            QCoreApplication::processEvents();
            m_clock->advance(m_dispatcher->isBusy() ? 100ms : 1ms);
            if (m_dispatcher->isBusy()) quiet = 0;
        }
    }

    void advance(std::chrono::milliseconds by) {
        m_clock->advance(by);
        settle();
    }

    RungState state(const QString& id, int level) {
        return m_engine->ladder(id).rungs.value(level - 1).state;
    }

    QString note(const QString& id, int level) {
        return m_engine->ladder(id).rungs.value(level - 1).note;
    }

    QVector<incidents::Event> timeline(const QString& id) {
        return await(m_journal->timeline(id)).value_or(QVector<incidents::Event>());
    }

    QStringList kinds(const QString& id) {
        QStringList out;
        for (const auto& event : timeline(id))
            out.append(event.kind);
        return out;
    }

    /// What the last event of that kind says; empty when there is none.
    QString said(const QString& id, const QString& kind) {
        QString text;
        for (const auto& event : timeline(id))
            if (event.kind == kind) text = event.text;
        return text;
    }

    QStringList arrived() const { return eventsOf(m_channel->arrived); }

    Policy m_policy;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<incidents::Journal> m_journal;
    std::unique_ptr<delivery::Dispatcher> m_dispatcher;
    std::unique_ptr<Engine> m_engine;
    StubNotifier* m_channel = nullptr;  // owned by the dispatcher
};

}  // namespace tocsin::test

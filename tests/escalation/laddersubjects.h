#pragma once
#include "escalation/ladderstore.h"
#include "escalation/moves.h"
#include "escalation/planner.h"
#include "escalation/turn.h"
#include "incidents/journal.h"

namespace tocsin::test {

using namespace escalation;

/// A ladder that lives through what a history says, minute by minute; what it pages is in calls().
class LadderSubject {
public:
    LadderSubject(Policy policy, bool critical)
        : m_policy(std::move(policy)), m_critical(critical) {}
    virtual ~LadderSubject() = default;

    virtual void declare() = 0;
    virtual void hold(int minutes) = 0;
    virtual void release() = 0;
    virtual void acknowledge(std::optional<std::chrono::minutes> silence) = 0;
    virtual void choose(int level) = 0;
    virtual bool next() = 0;  ///< → whether there was one
    virtual void work() = 0;
    virtual void comeBack() = 0;  ///< resolved, and open again at once
    virtual void fire() = 0;      ///< what is due now

    void setCritical(bool critical) {
        work();
        if (m_critical == critical) return;
        replan(critical);
        m_critical = critical;
    }
    void setClock(int minutes) {
        m_set += minutes;
        shift(minutes);
        fire();
    }
    void sleep(int minutes) {
        m_t += minutes;
        fire();
    }
    /// Woken at its own deadlines, as by the engine.
    void pass(int minutes) {
        const int end = m_t + minutes;
        for (;;) {
            const QDateTime next = nextDeadline(ladder());
            const int at = next.isValid() ? std::max(m_t, minuteOf(next)) : end + 1;
            if (at > end) break;
            m_t = at;
            fire();
        }
        m_t = end;
        fire();
    }
    const QStringList& calls() const { return m_calls; }

protected:
    virtual Ladder ladder() = 0;
    virtual void replan(bool critical) = 0;
    virtual void shift(int minutes) = 0;

    static incidents::Priority priority(bool critical) {
        return critical ? incidents::Priority::P1 : incidents::Priority::P3;
    }
    QDateTime wall() const {
        return QDateTime(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC)
            .addSecs((m_t + m_set) * qint64{60});
    }
    int minuteOf(const QDateTime& at) const {
        return m_t + static_cast<int>(wall().secsTo(at) / 60);
    }
    void called(int level, int times) {
        m_calls.append(QStringLiteral("%1:%2:%3").arg(m_t).arg(level).arg(times));
    }

    const Policy m_policy;
    bool m_critical;
    int m_t = 0;    ///< minutes that passed since the declaration
    int m_set = 0;  ///< minutes the wall clock was set forward

private:
    QStringList m_calls;
};

/// The planner alone.
class PlannedLadder : public LadderSubject {
public:
    using LadderSubject::LadderSubject;

    void declare() override {
        m_ladder = plan(m_policy, QStringLiteral("INC-1"), priority(m_critical), wall());
        fire();
    }
    void hold(int minutes) override {
        m_ladder = held(m_ladder, QStringLiteral("r"), wall().addSecs(minutes * 60));
        work();
    }
    void release() override {
        if (m_ladder.held) m_ladder = released(m_ladder, wall());
        work();
    }
    void acknowledge(std::optional<std::chrono::minutes> silence) override {
        const bool again = m_ladder.acknowledgedAt.isValid();
        const auto length =
            silence ? std::optional<std::chrono::milliseconds>(silence) : m_ladder.ackTimeout;
        if (!again || silence)
            m_ladder = acknowledged(m_ladder, QStringLiteral("a"), wall(), length);
        work();
    }
    void choose(int level) override {
        const auto chosen = byHand(m_ladder, level, wall());
        m_ladder = passedOver(m_ladder, level, QStringLiteral("a"));
        page(*chosen);
    }
    bool next() override {
        const auto chosen = nextByHand(m_ladder, wall());
        if (chosen) page(*chosen);
        return chosen.has_value();
    }
    void work() override { m_worked = m_t; }
    void comeBack() override {
        declare();
        work();
    }
    void fire() override {
        constexpr int kMost = 100000;  // more is a ladder that does not come to rest
        while (const auto turn = nextTurn(m_ladder, wall())) {
            if (++m_turns > kMost) qFatal("the ladder does not come to rest");
            if (turn->kind == Turn::Kind::Silence) {
                const Ladder later = stillWorkedOn(m_ladder, wall().addSecs((m_worked - m_t) * 60));
                if (later.silentAt > wall()) {
                    m_ladder = later;
                    continue;
                }
            }
            if (turn->kind == Turn::Kind::Page || turn->kind == Turn::Kind::PageInstead)
                called(turn->page.level, turn->page.times);
            m_ladder = taken(m_ladder, *turn, {}, wall());
        }
    }

protected:
    Ladder ladder() override { return m_ladder; }
    void replan(bool critical) override {
        m_ladder = replanned(m_ladder, m_policy, priority(m_critical), priority(critical), wall());
    }
    void shift(int minutes) override {
        m_ladder = shifted(m_ladder, std::chrono::minutes(minutes));
    }

private:
    void page(const Page& page) {
        called(page.level, page.times);
        m_ladder = paged(m_ladder, page, {}, wall());
        work();
    }

    Ladder m_ladder;
    int m_worked = 0, m_turns = 0;
};

/// The engine's moves on a real store, in a transaction that is never committed.
class StoredLadder : public LadderSubject {
public:
    StoredLadder(store::Transaction& tx, const Policy& policy, bool critical)
        : LadderSubject(policy, critical), m_tx(tx) {}

    void declare() override {
        incidents::Declaration said;
        said.title = QStringLiteral("Errors");
        said.priority = priority(m_critical);
        said.commander = m_person;
        const auto outcome = declareIn(m_tx, m_policy, said, wall());
        note(outcome);
        if (outcome) m_id = outcome->ladder.incident;
    }
    void hold(int minutes) override {
        note(holdIn(m_tx, m_id, m_person, QStringLiteral("r"), wall().addSecs(minutes * 60),
                    wall()));
    }
    void release() override {
        note(releaseIn(m_tx, m_id, m_person, wall()));
        work();
    }
    void acknowledge(std::optional<std::chrono::minutes> silence) override {
        note(acknowledgeIn(m_tx, m_id, m_person, silence, wall()));
        work();
    }
    void choose(int level) override { note(escalateIn(m_tx, m_id, m_person, level, wall())); }
    bool next() override {
        const auto outcome = escalateIn(m_tx, m_id, m_person, 0, wall());
        if (!outcome && outcome.error().code == ErrorCode::Refused) return false;
        note(outcome);
        return true;
    }
    void work() override {
        incidents::Event event;
        event.incident = m_id;
        event.at = wall();
        event.actor = m_person;
        event.kind = QStringLiteral("note");
        event.text = QStringLiteral("looked");
        if (!incidents::Journal::appendIn(m_tx, event)) qFatal("the store refuses a note");
    }
    void comeBack() override {
        note(resolveIn(m_tx, m_id, m_person, {}, wall()));
        note(reopenIn(m_tx, m_policy, m_id, m_person, {}, wall()));
    }
    void fire() override { noteAll(fireDueIn(m_tx, wall(), 10)); }

protected:
    Ladder ladder() override { return *loadLadder(m_tx, m_id); }
    void replan(bool critical) override {
        note(changePriorityIn(m_tx, m_policy, m_id, m_person, priority(critical), wall()));
    }
    void shift(int minutes) override {
        noteAll(clockMovedIn(m_tx, {std::chrono::minutes(minutes), {}}, {{}, {}, wall()}));
    }

private:
    void noteAll(const Result<QVector<Outcome>>& outcomes) {
        if (!outcomes) qFatal("%s", qPrintable(outcomes.error().message));
        for (const Outcome& outcome : *outcomes)
            note(outcome);
    }
    /// Its pages, from the timeline.
    void note(const Result<Outcome>& outcome) {
        if (!outcome) qFatal("%s", qPrintable(outcome.error().message));
        for (const incidents::Event& event : outcome->events) {
            if (event.kind != QStringLiteral("paged")) continue;
            const QString name = event.detail[QStringLiteral("event")].toString();
            const QString again = name.section(QStringLiteral("/again-"), 1);
            called(event.detail[QStringLiteral("level")].toInt(),
                   again.isEmpty() ? 1 : again.toInt());
        }
    }

    store::Transaction& m_tx;
    QString m_id;
    const QString m_person = QStringLiteral("ada");
};

}  // namespace tocsin::test

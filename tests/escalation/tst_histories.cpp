// Ten thousand random lives of an incident: the planner, and the engine's moves on a real store,
// against a simple model.
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include "tests/escalation/laddermodel.h"
#include "tests/escalation/laddersubjects.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::StringLiterals;
using std::chrono::minutes;
using Instead = QuietHours::Instead;

namespace {

constexpr quint32 kHistories = 10000;
constexpr quint32 kStoredHistories = 1500;
constexpr int kActs = 14;

QTime timeOfDay(int minute) {
    return QTime(0, 0).addSecs(minute * 60);
}

struct Pair {
    LadderModel model;
    Policy policy;
};

Pair randomLadder(QRandomGenerator& random) {
    Pair made;
    const int count = random.bounded(1, 5);
    int after = 0;
    for (int i = 0; i < count; ++i) {
        LadderModel::Step step;
        after += random.bounded(3) == 0 ? 0 : random.bounded(1, 40);
        step.after = after;
        step.every = random.bounded(2) ? random.bounded(1, 60) : 0;
        step.untilResolved = random.bounded(4) == 0;
        step.rest = static_cast<LadderModel::Rest>(random.bounded(5) % 4);
        step.from = random.bounded(LadderModel::kDay);
        step.to = (step.from + random.bounded(1, LadderModel::kDay)) % LadderModel::kDay;
        step.other = random.bounded(count);
        made.model.steps.append(step);
        Level level{u"L"_s, minutes(after), {}, {}, {}};
        if (step.every > 0) level.repeat = minutes(step.every);
        if (step.untilResolved) level.until = Until::Resolved;
        if (step.rest != LadderModel::Rest::None)
            level.quiet =
                QuietHours{timeOfDay(step.from), timeOfDay(step.to), u"UTC"_s,
                           static_cast<Instead>(static_cast<int>(step.rest) - 1), step.other + 1};
        made.policy.levels.append(level);
    }
    made.model.start[1] = random.bounded(count);
    made.policy.start = {{u"P1"_s, made.model.start[1] + 1}};
    return made;
}

/// One act of people or of the machine, on both.
QString act(QRandomGenerator& random, LadderModel& model, LadderSubject& subject) {
    const int length = random.bounded(1, 90);
    switch (random.bounded(13)) {
        case 0:
            model.hold(length);
            subject.hold(length);
            return u"hold %1"_s.arg(length);
        case 1:
            model.release();
            subject.release();
            return u"release"_s;
        case 2: {
            const bool isTimed = random.bounded(2);
            model.acknowledge(isTimed ? length : LadderModel::kNever);
            subject.acknowledge(isTimed ? std::optional(minutes(length)) : std::nullopt);
            return isTimed ? u"acknowledge %1"_s.arg(length) : u"acknowledge"_s;
        }
        case 3:
            model.work();
            subject.work();
            return u"work"_s;
        case 4: {
            const int level = random.bounded(1, static_cast<int>(model.steps.size()) + 1);
            model.choose(level - 1);
            subject.choose(level);
            return u"choose %1"_s.arg(level);
        }
        case 5:
            return model.next() == subject.next() ? u"next"_s : u"next differs"_s;
        case 6: {
            // A year, some hours, some minutes; either way.
            const int by = random.bounded(3) == 0 ? 365 * LadderModel::kDay : length * 7;
            const int step = random.bounded(2) ? by : -by;
            model.set += step;
            model.act();
            subject.setClock(step);
            return u"clock %1"_s.arg(step);
        }
        case 7:
            model.sleep(length * 6);
            subject.sleep(length * 6);
            return u"sleep %1"_s.arg(length * 6);
        case 8:
            if (random.bounded(4) != 0) break;
            model.comeBack();
            subject.comeBack();
            return u"come back"_s;
        default:
            break;
    }
    model.pass(length);
    subject.pass(length);
    return u"pass %1"_s.arg(length);
}

using MakeSubject = std::function<std::unique_ptr<LadderSubject>(const Policy&, bool critical)>;

/// What went otherwise than the model says; empty: nothing. Counts the pages.
QString lived(quint32 seed, const MakeSubject& make, qsizetype& pages) {
    QRandomGenerator random(seed);
    Pair made = randomLadder(random);
    bool critical = random.bounded(2);
    made.model.declare(critical);
    const auto subject = make(made.policy, critical);
    subject->declare();
    QStringList story{u"declare %1"_s.arg(critical)};
    for (int i = 0; i < kActs && made.model.calls == subject->calls(); ++i) {
        if (random.bounded(10) == 0) {
            const bool now = random.bounded(2);
            if (now != std::exchange(critical, now)) made.model.setCritical(now);
            made.model.work();
            subject->setCritical(now);
            story.append(u"critical %1"_s.arg(now));
        } else {
            story.append(act(random, made.model, *subject));
        }
        made.model.act();
        subject->fire();
    }
    pages += subject->calls().size();
    if (made.model.calls == subject->calls() && !story.contains(u"next differs"_s)) return {};
    return u"seed %1: %2\nmodel %3\nlived %4"_s.arg(QString::number(seed), story.join(u", "_s),
                                                    made.model.calls.join(u' '),
                                                    subject->calls().join(u' '));
}

}  // namespace

class HistoriesTest : public QObject {
    Q_OBJECT
private slots:
    void thePlanner();
    void theStore();
};

void HistoriesTest::thePlanner() {
    qsizetype pages = 0;
    const MakeSubject make = [](const Policy& policy, bool critical) {
        return std::make_unique<PlannedLadder>(policy, critical);
    };
    for (quint32 seed = 1; seed <= kHistories; ++seed) {
        const QString wrong = lived(seed, make, pages);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    qInfo("%u histories, %lld pages, all as the model says", kHistories,
          static_cast<long long>(pages));
}

void HistoriesTest::theStore() {
    QTemporaryDir folder;
    const auto db = std::move(*store::Database::open(folder.filePath(u"tocsin.db"_s)));
    qsizetype pages = 0;
    for (quint32 seed = 1; seed <= kStoredHistories; ++seed) {
        QString wrong;
        // Refused at its end, so that each begins with an empty store.
        (void)await(db->write<int>([&](store::Transaction& tx) -> Result<int> {
            const MakeSubject make = [&tx](const Policy& policy, bool critical) {
                return std::make_unique<StoredLadder>(tx, policy, critical);
            };
            wrong = lived(seed, make, pages);
            return fail(ErrorCode::Cancelled, u"lived"_s);
        }));
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    QVERIFY(pages > 0);
    qInfo("%u histories in the store, %lld pages, all as the model says", kStoredHistories,
          static_cast<long long>(pages));
}

QTEST_GUILESS_MAIN(HistoriesTest)
#include "tst_histories.moc"

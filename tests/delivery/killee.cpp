// A console reduced to store, engine and dispatcher, for tst_kill to kill at any moment.
//   killee STORE OUTBOX PLAN SEED
// Every message that arrives "over there" is one line of OUTBOX, fsynced before it is confirmed:
// "<event> <repeat|plain>". PLAN is how many incidents there shall be in all; it ends by itself
// when all are declared and the ledger is finished. What it knows to be durable it says on stdout.
#include <fcntl.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QPromise>
#include <QRandomGenerator>
#include <cstdio>

#include "delivery/dispatcher.h"
#include "escalation/engine.h"
#include "store/ownership.h"

using namespace tocsin;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A webhook that is honest but moody: slow, sometimes unavailable, sometimes it accepts and the
/// answer gets lost.
class Outbox : public Notifier {
public:
    Outbox(const QString& file, Clock& clock, quint32 seed)
        : m_descriptor(
              ::open(QFile::encodeName(file).constData(), O_WRONLY | O_CREAT | O_APPEND, 0600)),
          m_clock(clock),
          m_random(seed) {}
    ~Outbox() override { ::close(m_descriptor); }

    QVector<Message> split(const Message& message) const override { return {message}; }
    QByteArray preview(const Message& part) const override { return part.text.toUtf8(); }
    bool repeatsAreSafe() const override { return false; }

    QFuture<Result<Delivery>> post(const Message& part) override {
        auto promise = std::make_shared<QPromise<Result<Delivery>>>();
        promise->start();
        const auto arrives = std::chrono::milliseconds(m_random.bounded(8));
        const auto answers = std::chrono::milliseconds(m_random.bounded(8));
        const int mood = m_random.bounded(20);
        m_clock.callAfter(arrives, this, [=, this] {
            if (mood == 0) return answer(*promise, fail(ErrorCode::Unavailable, u"busy"_s));
            write(part);
            m_clock.callAfter(answers, this, [=, this] {
                if (mood == 1) return answer(*promise, fail(ErrorCode::Timeout, u"no answer"_s));
                answer(*promise, Delivery{part.event, {}});
            });
        });
        return promise->future();
    }

private:
    static void answer(QPromise<Result<Delivery>>& promise, const Result<Delivery>& result) {
        promise.addResult(result);
        promise.finish();
    }

    void write(const Message& part) {
        const QByteArray line =
            part.event.toUtf8() + (part.possibleRepeat ? " repeat\n" : " plain\n");
        if (::write(m_descriptor, line.constData(), static_cast<size_t>(line.size())) !=
            line.size())
            qFatal("the outbox cannot be written");
        ::fsync(m_descriptor);
    }

    int m_descriptor;
    Clock& m_clock;
    QRandomGenerator m_random;
};

escalation::Policy policy() {
    escalation::Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary"_s, 0ms, u"primary"_s, {}, {}},
                     {u"Secondary"_s, 20ms, u"secondary"_s, {}, {}},
                     {u"Lead"_s, 40ms, u"lead"_s, {}, {}}};
    return policy;
}

class Life : public QObject {
public:
    Life(store::Database& db, Clock& clock, const QString& outbox, int wanted, quint32 seed)
        : m_clock(clock),
          m_wanted(wanted),
          m_journal(db, clock),
          m_engine(db, m_journal, policy(), clock),
          m_dispatcher(db, clock) {
        m_dispatcher.addChannel(u"incidents"_s, std::make_unique<Outbox>(outbox, clock, seed));
        m_engine.attach(m_dispatcher);
    }

    void begin(const store::Fence& fence) {
        m_journal.load(100000).then(
            this, [this, fence](const Result<QVector<incidents::Incident>>& known) {
                if (!known) qFatal("%s", qPrintable(known.error().message));
                m_declared = static_cast<int>(known->size());
                (void)m_engine.start(fence);
                (void)m_dispatcher.start(fence);
                declareNext();
                watchForTheEnd();
            });
    }

private:
    void declareNext() {
        if (m_declared >= m_wanted) return;
        incidents::Declaration declaration;
        declaration.title = u"incident %1"_s.arg(m_declared + 1);
        m_engine.declare(declaration).then(this, [this](const Result<QString>& id) {
            if (!id) qFatal("%s", qPrintable(id.error().message));
            ++m_declared;
            std::printf("declared %s\n", qPrintable(*id));
            std::fflush(stdout);
            m_clock.callAfter(3ms, this, [this] { declareNext(); });
        });
    }

    void watchForTheEnd() {
        const auto& open = m_journal.open();
        const bool paged = std::all_of(open.begin(), open.end(), [this](const auto& incident) {
            const auto ladder = m_engine.ladder(incident.id);
            return ladder.rungs.size() == 3 &&
                   std::all_of(ladder.rungs.begin(), ladder.rungs.end(), [](const auto& rung) {
                       return rung.state == escalation::RungState::Delivered;
                   });
        });
        if (m_declared >= m_wanted && paged && !m_dispatcher.isBusy())
            return QCoreApplication::quit();
        m_clock.callAfter(10ms, this, [this] { watchForTheEnd(); });
    }

    Clock& m_clock;
    int m_wanted;
    int m_declared = 0;
    incidents::Journal m_journal;
    escalation::Engine m_engine;
    delivery::Dispatcher m_dispatcher;
};

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() != 5) return 2;
    auto db = store::Database::open(arguments.at(1));
    if (!db) qFatal("%s", qPrintable(db.error().message));
    if (!(*db)->openNote().isEmpty()) qFatal("%s", qPrintable((*db)->openNote()));
    // Ten times as fast, so that pauses and deadlines fall inside the short lives.
    SystemClock clock(10.0);
    store::Ownership ownership(**db, QFileInfo(arguments.at(1)).absolutePath(),
                               store::OwnerKind::Console, clock);
    Life life(**db, clock, arguments.at(2), arguments.at(3).toInt(), arguments.at(4).toUInt());
    QObject::connect(&ownership, &store::Ownership::acquired, &life,
                     [&] { life.begin(ownership.fence()); });
    ownership.tryOnce().then(&life, [](const Result<bool>& owns) {
        if (!owns || !*owns) qFatal("the engine of a dead process is still held");
    });
    return QCoreApplication::exec();
}

#include <signal.h>

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include "delivery/ledger.h"
#include "incidents/events.h"
#include "incidents/projection.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace Qt::StringLiterals;
using tocsin::test::await;

namespace {

constexpr int kKills = 72;
constexpr int kIncidentsPerLife = 3;
constexpr int kLongestLifeMs = 120;

struct Line {
    QString event;
    bool repeat = false;
};

QVector<Line> readOutbox(const QString& file) {
    QFile outbox(file);
    if (!outbox.open(QIODevice::ReadOnly)) return {};
    QVector<Line> lines;
    for (const QByteArray& line : outbox.readAll().split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.size() == 2) lines.append({QString::fromUtf8(words[0]), words[1] == "repeat"});
    }
    return lines;
}

}  // namespace

/// kill −9 in every state: store, engine and dispatcher in a process of their own.
class KillTest : public QObject {
    Q_OBJECT
private slots:
    void nothingIsLostNothingDoubledUnmarked();

private:
    struct Seen {
        QMap<QString, int> states;  // ledger states found after the kills
    };
    void live(int wanted, quint32 seed, int killAfterMs);
    void lookAround();
    void check(const QVector<delivery::Entry>& entries, const QVector<Line>& outbox);
    QVector<delivery::Entry> ledger(store::Database& db);

    QTemporaryDir m_folder;
    QString m_store = m_folder.filePath(u"tocsin.db"_s);
    QString m_outbox = m_folder.filePath(u"outbox"_s);
    QStringList m_declared;  // ids that a killed process had called durable
    QMap<QString, int> m_statesAtDeath;
};

void KillTest::live(int wanted, quint32 seed, int killAfterMs) {
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QStringLiteral(KILLEE),
                  {m_store, m_outbox, QString::number(wanted), QString::number(seed)});
    QVERIFY(process.waitForStarted());
    if (killAfterMs >= 0) {
        // The life counts from its first sign of it, or from its start when it has nothing to say.
        process.waitForReadyRead(200);
        process.waitForFinished(killAfterMs);
        ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
    }
    QVERIFY(process.waitForFinished(60000));
    if (killAfterMs < 0) QCOMPARE(process.exitCode(), 0);
    for (const QByteArray& line : process.readAllStandardOutput().split('\n'))
        if (line.startsWith("declared ")) m_declared.append(QString::fromUtf8(line.mid(9)));
}

QVector<delivery::Entry> KillTest::ledger(store::Database& db) {
    return await(db.read<QVector<delivery::Entry>>([](store::Transaction& tx) {
               QVector<delivery::Entry> all;
               auto incidents = incidents::Projection::list(tx, 100000);
               for (const auto& incident : *incidents)
                   all += *delivery::Ledger::ofIncident(tx, incident.id);
               return Result<QVector<delivery::Entry>>(all);
           }))
        .value();
}

void KillTest::lookAround() {
    auto db = store::Database::open(m_store);
    QVERIFY(db);
    for (const delivery::Entry& entry : ledger(**db))
        ++m_statesAtDeath[nameOf(entry.state)];
}

void KillTest::nothingIsLostNothingDoubledUnmarked() {
    QRandomGenerator random(20260101);
    for (int life = 1; life <= kKills; ++life) {
        live(life * kIncidentsPerLife, random.generate(), random.bounded(kLongestLifeMs));
        lookAround();
    }
    const int wanted = kKills * kIncidentsPerLife;
    live(wanted, random.generate(), -1);
    for (const char* state : {"intent", "sending", "in_doubt", "confirmed"})
        QVERIFY2(m_statesAtDeath.value(QLatin1String(state)) > 0, state);

    auto db = store::Database::open(m_store);
    QVERIFY(db);
    const QVector<delivery::Entry> entries = ledger(**db);
    QCOMPARE(entries.size(), wanted * 3);
    const QVector<Line> outbox = readOutbox(m_outbox);
    check(entries, outbox);
    for (const QString& id : std::as_const(m_declared))
        QVERIFY2(std::any_of(entries.begin(), entries.end(),
                             [&](const auto& entry) { return entry.incident == id; }),
                 qPrintable(id));
    // Each outcome is on the timeline once, and the projection is what the events say.
    const auto events = await((*db)->read<QVector<incidents::Event>>(
        [](store::Transaction& tx) { return incidents::eventsAfter(tx, 0); }));
    QHash<QString, int> delivered;
    for (const incidents::Event& event : *events)
        if (event.kind == u"delivered") ++delivered[event.detail[u"event"_s].toString()];
    for (const delivery::Entry& entry : entries)
        QCOMPARE(delivered.value(entry.event), 1);
    qInfo("%d kills, states found: %s; %d messages, %d arrivals", kKills, qPrintable([&] {
              QStringList out;
              for (auto it = m_statesAtDeath.begin(); it != m_statesAtDeath.end(); ++it)
                  out << u"%1 %2"_s.arg(it.key()).arg(it.value());
              return out.join(u", "_s);
          }()),
          static_cast<int>(entries.size()), static_cast<int>(outbox.size()));
}

void KillTest::check(const QVector<delivery::Entry>& entries, const QVector<Line>& outbox) {
    QHash<QString, int> plain;
    QStringList firsts;
    for (const Line& line : outbox) {
        if (!line.repeat) ++plain[line.event];
        if (!firsts.contains(line.event)) firsts.append(line.event);
    }
    QStringList order;
    for (const delivery::Entry& entry : entries) {
        QCOMPARE(entry.state, delivery::EntryState::Confirmed);
        QVERIFY2(firsts.contains(entry.event), qPrintable(u"lost: "_s + entry.event));
        QVERIFY2(plain.value(entry.event) <= 1,
                 qPrintable(u"doubled, not marked: "_s + entry.event));
    }
    QVector<delivery::Entry> byId = entries;
    std::sort(byId.begin(), byId.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    for (const delivery::Entry& entry : std::as_const(byId))
        order.append(entry.event);
    QCOMPARE(firsts, order);
}

QTEST_GUILESS_MAIN(KillTest)
#include "tst_kill.moc"

// What happens by itself: later alerts attach, a resolution is verified.
#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "incidents/gatherer.h"
#include "incidents/silencer.h"
#include "incidents/verifier.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::incidents;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tocsin::test::await;

namespace {

Alert firingAlert(const QString& fingerprint, const QString& key) {
    Alert alert;
    alert.source = u"prod"_s;
    alert.fingerprint = fingerprint;
    alert.key = key;
    alert.severity = Severity::Critical;
    alert.labels = {{u"alertname"_s, key}};
    return alert;
}

/// A source that can silence, or cannot today.
class Quietener : public Silencing {
public:
    QFuture<Result<QString>> silence(const SilenceRequest& request) override {
        asked << request;
        if (broken)
            return QtFuture::makeReadyFuture(
                Result<QString>(fail(ErrorCode::Unavailable, u"prod does not answer."_s)));
        return QtFuture::makeReadyFuture(Result<QString>(u"silence-%1"_s.arg(asked.size())));
    }
    QFuture<Result<void>> expireSilence(const QString& id) override {
        ended << id;
        return QtFuture::makeReadyFuture(Result<void>());
    }

    QVector<SilenceRequest> asked;
    QStringList ended;
    bool broken = false;
};

}  // namespace

class WatchingTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void laterAlertsAttachThemselves();
    void whatWasDetachedIsLeftAlone();
    void staysClear();
    void firesAgain();
    void aVerdictTheStoreRefusedIsWrittenLater();
    void anUnknownStateIsNotClear();
    void neverCleared();
    void unknownIsNotClear();
    void acknowledgesAtTheSource();
    void aFailureIsSaidAndNotRepeated();

private:
    void fire(const QVector<Alert>& alerts) {
        m_board->accept({u"prod"_s, m_clock->now(), alerts});
    }
    void happen(const QString& kind, const QJsonObject& detail = {}) {
        QVERIFY(await(m_journal->append(u"INC-1"_s, u"ada"_s, kind, kind, detail)));
    }
    void resolveAndVerify() {
        happen(u"resolved"_s);
        QVERIFY(await(m_journal->record(u"INC-1"_s, u"ada"_s, startVerifying(15min))));
    }
    QStringList kinds() {
        QStringList out;
        const auto timeline = await(m_journal->timeline(u"INC-1"_s));
        for (const Event& event : *timeline)
            out << event.kind;
        return out;
    }
    const Incident& incident() { return *m_journal->find(u"INC-1"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<alerts::Board> m_board;
    std::unique_ptr<Journal> m_journal;
};

void WatchingTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_board = std::make_unique<alerts::Board>(*m_clock);
    m_board->addSource(u"prod"_s, 24h);
    m_journal = std::make_unique<Journal>(*m_db, *m_clock);
    QVERIFY(await(m_journal->load()));
    fire({firingAlert(u"1"_s, u"error_rate"_s)});
    happen(u"declared"_s, {{u"title"_s, u"Errors"_s},
                           {u"severity"_s, u"P1"_s},
                           {u"commander"_s, u"ada"_s},
                           {u"alerts"_s, QJsonArray{u"prod/1"_s}},
                           {u"keys"_s, QJsonArray{u"error_rate"_s}}});
}

void WatchingTest::cleanup() {
    m_journal.reset();
    m_board.reset();
    m_db.reset();
}

void WatchingTest::laterAlertsAttachThemselves() {
    Gatherer gatherer(*m_board, *m_journal);
    gatherer.setActing(true);
    fire({firingAlert(u"1"_s, u"error_rate"_s), firingAlert(u"2"_s, u"error_rate"_s),
          firingAlert(u"3"_s, u"disk_usage"_s)});
    QTRY_COMPARE(incident().alerts, (QStringList{u"prod/1"_s, u"prod/2"_s}));
    fire({firingAlert(u"2"_s, u"error_rate"_s)});
    QCOMPARE(kinds(), (QStringList{u"declared"_s, u"attached"_s}));
}

void WatchingTest::whatWasDetachedIsLeftAlone() {
    Gatherer gatherer(*m_board, *m_journal);
    gatherer.setActing(true);
    QVERIFY(await(m_journal->record(u"INC-1"_s, u"ada"_s, detach({u"prod/1"_s}, {}))));
    fire({firingAlert(u"1"_s, u"error_rate"_s), firingAlert(u"4"_s, u"error_rate"_s)});
    QTRY_COMPARE(incident().alerts, QStringList{u"prod/4"_s});
}

void WatchingTest::staysClear() {
    Verifier verifier(*m_board, *m_journal, *m_clock);
    verifier.setActing(true);
    QSignalSpy recurred(&verifier, &Verifier::recurred);
    fire({});
    resolveAndVerify();
    QCOMPARE(verifier.outlook(incident()).until, m_clock->now().addSecs(15 * 60));
    m_clock->advance(14min);
    QVERIFY(incident().verification.isRunning());
    m_clock->advance(2min);
    QTRY_VERIFY(incident().verification.verifiedAt.isValid());
    QCOMPARE(recurred.size(), 0);
    QCOMPARE(kinds().last(), u"verified"_s);
}

void WatchingTest::firesAgain() {
    Verifier verifier(*m_board, *m_journal, *m_clock);
    verifier.setActing(true);
    QSignalSpy recurred(&verifier, &Verifier::recurred);
    fire({});
    resolveAndVerify();
    m_clock->advance(5min);
    fire({firingAlert(u"9"_s, u"error_rate"_s)});
    QCOMPARE(recurred.size(), 1);
    QCOMPARE(recurred.first().at(1).toString(), u"error_rate fires again"_s);
    fire({});  // whoever reopens could not: it still fired again
    m_clock->advance(59s);
    QCOMPARE(recurred.size(), 1);
    m_clock->advance(1s);
    QCOMPARE(recurred.size(), 2);
    QCOMPARE(recurred.last().at(1).toString(), u"error_rate fires again"_s);
    happen(u"reopened"_s);
    m_clock->advance(1h);
    QCOMPARE(recurred.size(), 2);
}

void WatchingTest::aVerdictTheStoreRefusedIsWrittenLater() {
    Verifier verifier(*m_board, *m_journal, *m_clock);
    verifier.setActing(true);
    fire({});
    resolveAndVerify();
    m_db->drain();
    QVERIFY(await(m_db->write<void>([](store::Transaction& tx) -> Result<void> {
        auto trap = tx.run(
            u"CREATE TRIGGER full BEFORE INSERT ON incident_events BEGIN SELECT RAISE(FAIL, 'full'); END"_s,
            {});
        if (!trap) return tl::unexpected<Error>(trap.error());
        return {};
    })));
    m_clock->advance(16min);
    m_db->drain();
    QCoreApplication::processEvents();
    QVERIFY(incident().verification.isRunning());
    QVERIFY(await(m_db->write<void>([](store::Transaction& tx) -> Result<void> {
        auto free = tx.run(u"DROP TRIGGER full"_s, {});
        if (!free) return tl::unexpected<Error>(free.error());
        return {};
    })));
    m_clock->advance(1min);
    QTRY_VERIFY(incident().verification.verifiedAt.isValid());
    QCOMPARE(kinds().count(u"verified"_s), 1);
}

void WatchingTest::anUnknownStateIsNotClear() {
    Verifier verifier(*m_board, *m_journal, *m_clock);
    verifier.setActing(true);
    Alert gone = firingAlert(u"1"_s, u"error_rate"_s);
    gone.state = AlertState::Unknown;
    fire({gone});  // the source answers, its number is missing
    resolveAndVerify();
    QCOMPARE(verifier.outlook(incident()).unknown, QStringList{u"error_rate"_s});
    m_clock->advance(1h);
    QVERIFY(incident().verification.isRunning());
}

void WatchingTest::neverCleared() {
    Verifier verifier(*m_board, *m_journal, *m_clock);
    verifier.setActing(true);
    QSignalSpy recurred(&verifier, &Verifier::recurred);
    resolveAndVerify();
    m_clock->advance(14min);
    QCOMPARE(recurred.size(), 0);
    QCOMPARE(verifier.outlook(incident()).firing, QStringList{u"error_rate"_s});
    m_clock->advance(1min);
    QCOMPARE(recurred.size(), 1);
}

void WatchingTest::unknownIsNotClear() {
    Verifier verifier(*m_board, *m_journal, *m_clock);
    verifier.setActing(true);
    fire({});
    resolveAndVerify();
    m_clock->advance(5min);
    m_board->sourceFailed(u"prod"_s, {ErrorCode::Network, u"gone"_s, {}}, {});
    QCOMPARE(verifier.outlook(incident()).unknown, QStringList{u"prod"_s});
    m_clock->advance(1h);
    QVERIFY(incident().verification.isRunning());
    fire({});  // it answers again; the time begins anew
    m_clock->advance(14min);
    QVERIFY(incident().verification.isRunning());
    m_clock->advance(2min);
    QTRY_VERIFY(incident().verification.verifiedAt.isValid());
}

void WatchingTest::acknowledgesAtTheSource() {
    Quietener prod;
    Silencer silencer(*m_board, *m_journal, {}, *m_clock);
    silencer.addSource(u"prod"_s, &prod);
    silencer.setActing(true);
    QCOMPARE(prod.asked.size(), 0);
    happen(u"acknowledged"_s);
    QTRY_COMPARE(incident().silences.size(), 1);
    QCOMPARE(prod.asked.size(), 1);
    QCOMPARE(prod.asked.first().comment, u"INC-1 Errors"_s);
    QCOMPARE(prod.asked.first().author, u"ada"_s);
    QCOMPARE(prod.asked.first().until, m_clock->now().addSecs(2 * 3600));
    happen(u"resolved"_s);
    QTRY_COMPARE(incident().silences.size(), 0);
    QCOMPARE(prod.ended, QStringList{u"silence-1"_s});
    QVERIFY(!silencer.isBusy());
}

void WatchingTest::aFailureIsSaidAndNotRepeated() {
    Quietener prod;
    prod.broken = true;
    Silencer silencer(*m_board, *m_journal, {}, *m_clock);
    silencer.addSource(u"prod"_s, &prod);
    silencer.setActing(true);
    happen(u"acknowledged"_s);
    QTRY_COMPARE(incident().silences.size(), 1);
    QCOMPARE(incident().silences.first().error, u"prod does not answer."_s);
    happen(u"note"_s);
    happen(u"resolved"_s);
    QCOMPARE(prod.asked.size(), 1);
    QCOMPARE(prod.ended.size(), 0);
    QVERIFY(kinds().contains(u"silence-failed"_s));
}

QTEST_GUILESS_MAIN(WatchingTest)
#include "tst_watching.moc"

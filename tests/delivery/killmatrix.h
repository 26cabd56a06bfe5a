#pragma once
#include <signal.h>

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "delivery/ledger.h"
#include "drill/standindiscord.h"
#include "incidents/events.h"
#include "tests/support/await.h"

namespace tocsin::test {

/// Lives and deaths of `correspondent` on one store and one Discord, and the account of what came
/// of them. A failed check fails the running test.
class KillMatrix {
public:
    explicit KillMatrix(bool bot) : m_bot(bot) {
        if (!discord.listen()) qFatal("the stand-in cannot listen");
        m_environment = QProcessEnvironment::systemEnvironment();
        m_environment.insert(QStringLiteral("PROMISES"), path("promises"));
        // Under AddressSanitizer, which wants to be the first that is loaded.
        m_environment.insert(QStringLiteral("ASAN_OPTIONS"),
                             QStringLiteral("verify_asan_link_order=0"));
        if (bot) {
            const auto made = discord.addBot(QStringLiteral("incidents"));
            m_environment.insert(QStringLiteral("BOT"), made.token);
            m_environment.insert(QStringLiteral("CHANNEL_ID"), made.channelId);
            m_environment.insert(QStringLiteral("BASE"), discord.url().toString());
        } else {
            m_environment.insert(QStringLiteral("WEBHOOK"),
                                 discord.addWebhook(QStringLiteral("incidents")));
        }
    }

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    void set(const char* name, const QString& value) {
        m_environment.insert(QLatin1String(name), value);
    }

    /// One life that wants one incident more than the one before. `watch` may kill it. → whether it
    /// was killed rather than ended by itself.
    bool live(const std::function<void(QProcess&)>& watch = {}) {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        QSignalSpy finished(&process, &QProcess::finished);
        if (watch) watch(process);
        process.start(QStringLiteral(CORRESPONDENT),
                      {path("tocsin.db"), QString::number(++m_wanted)});
        if (finished.isEmpty()) finished.wait(60000);
        if (finished.isEmpty()) {
            process.kill();
            process.waitForFinished();
            QTest::qFail("a life did not end", __FILE__, __LINE__);
            return false;
        }
        const bool killed = process.exitStatus() == QProcess::CrashExit;
        if (!killed && process.exitCode() != 0)
            QTest::qFail("a life ended badly", __FILE__, __LINE__);
        kills += killed;
        said += QString::fromUtf8(process.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
        return killed;
    }

    /// What a death left in the ledger.
    void lookAround() {
        for (const delivery::Entry& entry : ledger())
            if (!entry.isFinished()) ++statesAtDeath[nameOf(entry.state)];
    }

    QVector<delivery::Entry> ledger() {
        auto db = store::Database::open(path("tocsin.db"));
        if (!db) qFatal("%s", qPrintable(db.error().message));
        return await((*db)->read<QVector<delivery::Entry>>([](store::Transaction& tx) {
                   QVector<delivery::Entry> all;
                   auto ids = tx.run(QStringLiteral("SELECT id FROM ledger ORDER BY id"));
                   if (!ids)
                       return Result<QVector<delivery::Entry>>(tl::unexpected<Error>(ids.error()));
                   while (ids->next())
                       all.append(*delivery::Ledger::entry(tx, ids->value(0).toLongLong()));
                   return Result<QVector<delivery::Entry>>(all);
               }))
            .value();
    }

    void account();

    drill::StandInDiscord discord;
    int kills = 0;
    QStringList said;  ///< failures that it would have shown to a person
    QMap<QString, int> statesAtDeath;

private:
    struct Arrivals {
        QStringList firsts;  // events in the order in which they came for the first time
        QHash<QString, int> plain, all;
        QHash<QString, QString> content;  // of the newest message of that event's place, by id
    };
    Arrivals arrivals() const {
        static const QRegularExpression form(QStringLiteral("\\[([^\\]]+)\\]"));
        Arrivals out;
        for (const drill::PostedMessage& message : discord.posted()) {
            const QString event = m_firstContent.value(message.id);
            if (!out.firsts.contains(event)) out.firsts.append(event);
            ++out.all[event];
            if (!m_marked.contains(message.id)) ++out.plain[event];
            out.content[message.id] = form.match(message.content).captured(1);
        }
        return out;
    }

public:
    /// Notes what a message said when it arrived; an edit changes it later.
    void listen() {
        QObject::connect(
            &discord, &drill::StandInDiscord::messagePosted, &discord,
            [this](const drill::PostedMessage& message) {
                static const QRegularExpression form(QStringLiteral("\\[([^\\]]+)\\]"));
                m_firstContent[message.id] = form.match(message.content).captured(1);
                if (message.content.contains(QStringLiteral("possible repeat")))
                    m_marked.insert(message.id);
            });
    }

private:
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
    bool m_bot;
    int m_wanted = 0;
    QHash<QString, QString> m_firstContent;  // remote id → event
    QSet<QString> m_marked;
};

inline void KillMatrix::account() {
    const QVector<delivery::Entry> entries = ledger();
    const Arrivals arrived = arrivals();
    QStringList order, known;
    int repeats = 0, edits = 0, calledOff = 0;
    for (const delivery::Entry& entry : entries) {
        known.append(entry.event);
        if (entry.state == delivery::EntryState::Cancelled) {
            ++calledOff;
            QVERIFY2(arrived.all.value(entry.event) == 0,
                     qPrintable(QStringLiteral("called off, and came: ") + entry.event));
            continue;
        }
        QVERIFY2(entry.isSettled(), qPrintable(entry.event + u' ' + nameOf(entry.state)));
        if (!entry.replaces.isEmpty()) {
            ++edits;
            // Edited in place: what stands there says the newest state.
            QCOMPARE(arrived.content.value(entry.remoteId), entry.event);
            QVERIFY2(arrived.plain.value(entry.event) == 0,
                     qPrintable(QStringLiteral("an edit became a message: %1 %2")
                                    .arg(entry.event, entry.answer)));
            continue;
        }
        order.append(entry.event);
        QVERIFY2(arrived.all.value(entry.event) > 0,
                 qPrintable(QStringLiteral("lost: ") + entry.event));
        QVERIFY2(arrived.plain.value(entry.event) <= 1,
                 qPrintable(QStringLiteral("doubled, not marked: ") + entry.event));
        repeats += arrived.all.value(entry.event) - 1;
        if (m_bot) QCOMPARE(arrived.all.value(entry.event), 1);
    }
    QCOMPARE(arrived.firsts, order);
    QFile promises(path("promises"));
    QVERIFY(promises.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = promises.readAll().trimmed().split('\n');
    for (const QByteArray& event : lines)
        QVERIFY2(known.contains(QString::fromUtf8(event)), event.constData());
    QStringList states;
    for (auto it = statesAtDeath.begin(); it != statesAtDeath.end(); ++it)
        states << QStringLiteral("%1 %2").arg(it.key()).arg(it.value());
    qInfo(
        "%s: %d kills; unfinished at death: %s; %d messages, %d edits, %d called off, 0 lost, 0 "
        "doubled unmarked, %d marked repeats, %d recognised by nonce, order kept, %d promises kept",
        m_bot ? "bot" : "webhook", kills, qPrintable(states.join(QStringLiteral(", "))),
        static_cast<int>(order.size()), edits, calledOff, repeats, discord.repeatsRecognised(),
        static_cast<int>(lines.size()));
}

}  // namespace tocsin::test

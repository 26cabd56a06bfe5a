// tocsin alerts [--watch]: what every source says.
#include "alerts/grouping.h"
#include "cli/commandline.h"
#include "cli/consoleopener.h"
#include "cli/jsonstream.h"
#include "cli/output.h"
#include "sdk/async.h"

namespace tocsin::cli {
namespace {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

// Sources have their own, shorter time limits; this one is for a source that breaks its promise.
constexpr auto kRoundLimit = 60s;

class Listing : public QObject {
public:
    Listing(bool json, bool watch, Done done)
        : m_json(json), m_watch(watch), m_done(std::move(done)) {}

    void begin(std::shared_ptr<console::Console> console) {
        m_console = std::move(console);
        connect(&m_console->board(), &alerts::Board::sourceChanged, this, [this] { look(); });
        connect(&m_console->board(), &alerts::Board::changed, this, [this] { look(); });
        m_console->clock().callAfter(kRoundLimit, this, [this] { finishRound(); });
        for (const console::NamedSource& source : m_console->sources())
            m_watch ? source.source->start() : source.source->refresh();
        look();
    }

private:
    bool allKnown() const {
        const auto sources = m_console->board().sources();
        return std::all_of(sources.begin(), sources.end(),
                           [](const alerts::SourceHealth& source) { return source.known; });
    }

    bool settled() const {
        const auto sources = m_console->board().sources();
        return std::all_of(sources.begin(), sources.end(), [](const alerts::SourceHealth& source) {
            return source.known || !source.error.message.isEmpty();
        });
    }

    void look() {
        if (m_round > 0 || settled()) finishRound();
    }

    /// Later than the signals of this turn, so that one change of many sources prints once.
    void finishRound() {
        if (m_printing || (m_round > 0 && !m_watch)) return;
        m_printing = true;
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_printing = false;
                ++m_round;
                show();
                if (!m_watch) end();
            },
            Qt::QueuedConnection);
    }

    /// Pointers, because there may be ten thousand and an alert is heavy to swap.
    QVector<const Alert*> sorted() const {
        QVector<const Alert*> list;
        list.reserve(m_console->board().alerts().size());
        for (const Alert& alert : m_console->board().alerts())
            list.append(&alert);
        std::sort(list.begin(), list.end(),
                  [](const Alert* a, const Alert* b) { return alerts::comesBefore(*a, *b); });
        return list;
    }

    /// Everything but ages, to tell whether there is anything new to print.
    QString state() const {
        QString text = alertTable();
        for (const alerts::SourceHealth& source : m_console->board().sources())
            text += source.name + QString::number(int(source.known)) + source.error.message;
        return text;
    }

    void show() {
        if (m_watch) {
            const QString now = state();
            if (now == m_shown) return;
            m_shown = now;
        }
        if (m_json)
            printBytes(document());
        else
            showTables();
    }

    /// One document; with --watch each is one line.
    QByteArray document() const {
        JsonStream json;
        json.beginObject().key("sources"_L1).beginArray();
        for (const alerts::SourceHealth& source : m_console->board().sources())
            write(json, source);
        return json.endArray().bytes() + ",\"alerts\":[" + alertTexts().join(',') + "]}\n";
    }

    /// Each processor writes its share: with ten thousand alerts this is most of the command's
    /// work.
    QByteArrayList alertTexts() const {
        const QVector<const Alert*> alerts = sorted();
        return computedInShares(alerts.size(), [&](const Share& share) {
            return alertsText(alerts.mid(share.begin, share.end - share.begin));
        });
    }

    QByteArray alertsText(const QVector<const Alert*>& alerts) const {
        JsonStream json;
        for (const Alert* alert : alerts) {
            if (!m_watch) json.newLine();
            write(json, *alert);
        }
        return json.bytes();
    }

    void write(JsonStream& json, const alerts::SourceHealth& source) const {
        const bool silent = source.known || source.error.message.isEmpty();
        json.beginObject().key("name"_L1).value(source.name);
        json.key("state"_L1).value(source.known ? u"ok"_s : u"unknown"_s).key("age_s"_L1);
        if (source.lastSeen.isValid())
            json.value(double(source.lastSeen.msecsTo(m_console->clock().now())) / 1000);
        else
            json.null();
        json.key("error"_L1);
        silent ? json.null() : json.value(redact(source.error.message));
        json.endObject();
    }

    void write(JsonStream& json, const Alert& alert) const {
        const QString runbook = m_console->library().match(alert).runbook;
        json.beginObject();
        json.key("fingerprint"_L1).value(alert.fingerprint);
        json.key("key"_L1).value(alert.key);
        json.key("severity"_L1).value(nameOf(alert.severity));
        json.key("state"_L1).value(nameOf(alert.state));
        json.key("source"_L1).value(alert.source);
        json.key("starts_at"_L1).value(alert.startsAt);
        json.key("labels"_L1).value(alert.labels);
        json.key("annotations"_L1).value(alert.annotations);
        json.key("summary"_L1).value(alert.summary);
        json.key("runbook"_L1);
        runbook.isEmpty() ? json.null() : json.value(runbook);
        json.endObject();
    }

    QString alertTable() const {
        QVector<QStringList> rows{{QStringLiteral("SEVERITY"), QStringLiteral("STATE"),
                                   QStringLiteral("KEY"), QStringLiteral("SINCE"),
                                   QStringLiteral("SOURCE"), QStringLiteral("SUMMARY")}};
        for (const Alert* alert : sorted())
            rows.append({nameOf(alert->severity), nameOf(alert->state), alert->key,
                         utc(alert->startsAt), alert->source, alert->summary});
        return table(rows);
    }

    bool hasPending() const {
        const auto& all = m_console->board().alerts();
        return std::any_of(all.begin(), all.end(),
                           [](const Alert& alert) { return alert.state == AlertState::Pending; });
    }

    void showTables() const {
        const QDateTime now = m_console->clock().now();
        if (m_watch && m_round > 1) print(QStringLiteral("\n— %1").arg(utc(now)));
        print(!m_console->board().alerts().isEmpty() ? alertTable()
              : allKnown()                           ? QStringLiteral("No alerts.")
                                                     : QStringLiteral("No alerts are known."));
        if (m_console->board().sources().isEmpty())
            complain(QStringLiteral("The workspace has no sources: nothing is looked at."));
        if (!m_watch && hasPending())
            complain(
                QStringLiteral("What is pending waits for its rule's “over”, which one look cannot "
                               "see: only --watch, a console or `tocsin serve` sees it fire."));
        for (const alerts::SourceHealth& source : m_console->board().sources()) {
            if (source.known) continue;
            complain(QStringLiteral("%1 is unknown%2: %3")
                         .arg(source.name,
                              source.lastSeen.isValid() ? QStringLiteral(" (last seen %1 ago)")
                                                              .arg(age(source.lastSeen.secsTo(now)))
                                                        : QString(),
                              source.error.message.isEmpty() ? QStringLiteral("it did not answer")
                                                             : source.error.message));
        }
    }

    void end() {
        const bool known = allKnown();
        // The process ends now and gives all memory back at once; to free ten thousand alerts one
        // by one before would take longer than to sort them. Volatile: nobody reads it.
        [[maybe_unused]] static QHash<alerts::AlertId, Alert>* volatile kept = nullptr;
        kept = new QHash(m_console->board().alerts());
        for (const console::NamedSource& source : m_console->sources())
            source.source->stop();
        deleteLater();
        m_done(known ? Success : Failure);
    }

    std::shared_ptr<console::Console> m_console;
    bool m_json, m_watch;
    Done m_done;
    QString m_shown;  ///< what --watch printed last
    int m_round = 0;
    bool m_printing = false;
};

}  // namespace

void runAlerts(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("alerts");
    line.addFlag(QStringLiteral("watch"), QStringLiteral("Go on and print every change."));
    if (!line.read(args, done)) return;
    if (!line.words().isEmpty()) {
        line.refuse(QStringLiteral("“alerts” takes no “%1”.").arg(line.words().first()), done);
        return;
    }
    const bool json = line.json(), watch = line.isSet("watch");
    openConsole(line, clock, Store::Closed, done,
                [json, watch, done](std::shared_ptr<console::Console> console) {
                    (new Listing(json, watch, done))->begin(std::move(console));
                });
}

}  // namespace tocsin::cli

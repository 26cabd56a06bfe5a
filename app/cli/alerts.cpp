// tocsin alerts [--watch]: what every source says.
#include <QJsonArray>
#include <QJsonObject>

#include "alerts/grouping.h"
#include "cli/commandline.h"
#include "cli/consoleopener.h"
#include "cli/output.h"

namespace tocsin::cli {
namespace {

using namespace std::chrono_literals;

// Sources have their own, shorter time limits; this one is for a source that breaks its promise.
constexpr auto kRoundLimit = 60s;

QJsonObject textMap(const QMap<QString, QString>& map) {
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

QJsonValue isoTime(const QDateTime& time) {
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

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
            printBytes(
                document().toJson(m_watch ? QJsonDocument::Compact : QJsonDocument::Indented) +
                (m_watch ? "\n" : ""));
        else
            showTables();
    }

    QJsonDocument document() const {
        QJsonArray sources, list;
        for (const alerts::SourceHealth& source : m_console->board().sources())
            sources.append(sourceJson(source));
        for (const Alert* alert : sorted())
            list.append(alertJson(*alert));
        return QJsonDocument(
            QJsonObject{{QStringLiteral("sources"), sources}, {QStringLiteral("alerts"), list}});
    }

    QJsonObject sourceJson(const alerts::SourceHealth& source) const {
        const QDateTime now = m_console->clock().now();
        return {{QStringLiteral("name"), source.name},
                {QStringLiteral("state"),
                 source.known ? QStringLiteral("ok") : QStringLiteral("unknown")},
                {QStringLiteral("age_s"),
                 source.lastSeen.isValid() ? QJsonValue(double(source.lastSeen.msecsTo(now)) / 1000)
                                           : QJsonValue()},
                {QStringLiteral("error"), source.known || source.error.message.isEmpty()
                                              ? QJsonValue()
                                              : QJsonValue(redact(source.error.message))}};
    }

    QJsonObject alertJson(const Alert& alert) const {
        const QString runbook = m_console->library().match(alert).runbook;
        return {
            {QStringLiteral("fingerprint"), alert.fingerprint},
            {QStringLiteral("key"), alert.key},
            {QStringLiteral("severity"), nameOf(alert.severity)},
            {QStringLiteral("state"), nameOf(alert.state)},
            {QStringLiteral("source"), alert.source},
            {QStringLiteral("starts_at"), isoTime(alert.startsAt)},
            {QStringLiteral("labels"), textMap(alert.labels)},
            {QStringLiteral("annotations"), textMap(alert.annotations)},
            {QStringLiteral("summary"), alert.summary},
            {QStringLiteral("runbook"), runbook.isEmpty() ? QJsonValue() : QJsonValue(runbook)}};
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

    void showTables() const {
        const QDateTime now = m_console->clock().now();
        if (m_watch && m_round > 1) print(QStringLiteral("\n— %1").arg(utc(now)));
        print(!m_console->board().alerts().isEmpty() ? alertTable()
              : allKnown()                           ? QStringLiteral("No alerts.")
                                                     : QStringLiteral("No alerts are known."));
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

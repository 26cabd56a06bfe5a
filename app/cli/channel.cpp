// tocsin channel list | test NAME…: the places to post, and a post that proves that one works.
#include <QJsonArray>
#include <QJsonObject>

#include "announcements/samples.h"
#include "cli/commandline.h"
#include "cli/inventory.h"
#include "cli/output.h"
#include "sdk/async.h"

namespace tocsin::cli {
namespace {

struct Tested {
    QString name;
    QString remoteId;
    std::optional<Error> error;
};

QJsonObject toJson(const Tested& tested) {
    return {{QStringLiteral("name"), tested.name},
            {QStringLiteral("delivered"), !tested.error},
            {QStringLiteral("remote_id"), tested.remoteId},
            {QStringLiteral("error"), tested.error ? redact(tested.error->message) : QString()}};
}

/// Posts to one channel after the other and prints when the last has answered.
class Posts : public QObject {
public:
    Posts(const CommandLine& line, Clock& clock, Done done)
        : m_inventory(line.workspaceFolder(), clock),
          m_json(line.json()),
          m_done(std::move(done)) {}

    void list() {
        if (!m_inventory.reportMistakes(m_json)) return end(Failure);
        QJsonArray array;
        QVector<QStringList> rows{{QStringLiteral("NAME"), QStringLiteral("KIND"),
                                   QStringLiteral("AS"), QStringLiteral("FALLBACK")}};
        for (const workspace::Entry& entry : m_inventory.workspace().channels) {
            const QString as = entry.secrets.contains(QStringLiteral("bot"))
                                   ? QStringLiteral("bot")
                                   : QStringLiteral("webhook");
            const QString fallback = entry.settings.text(QStringLiteral("fallback"));
            array.append(QJsonObject{{QStringLiteral("name"), entry.settings.name},
                                     {QStringLiteral("kind"), entry.settings.kind},
                                     {QStringLiteral("as"), as},
                                     {QStringLiteral("fallback"), fallback}});
            rows.append({entry.settings.name, entry.settings.kind, as, fallback});
        }
        if (m_json)
            print(QJsonDocument(array));
        else
            print(table(rows));
        end(Success);
    }

    void test(const QStringList& names) {
        if (!m_inventory.reportMistakes(m_json)) return end(Failure);
        m_names = names;
        next();
    }

private:
    void next() {
        if (m_names.isEmpty()) return finish();
        const QString name = m_names.takeFirst();
        const workspace::Entry* entry = findEntry(m_inventory.workspace().channels, name);
        if (!entry)
            return took({name,
                         {},
                         Error{ErrorCode::NotFound,
                               QStringLiteral("There is no channel “%1” in the "
                                              "workspace.")
                                   .arg(name),
                               {}}});
        whenDone(m_inventory.secrets().resolveAll(*entry), this,
                 [this, name](const Result<Settings>& settings) { post(name, settings); });
    }

    void post(const QString& name, const Result<Settings>& settings) {
        auto made = settings.and_then([this](const Settings& ready) {
            return m_inventory.registry().createNotifier(ready, m_inventory.clock());
        });
        if (!made) return took({name, {}, made.error()});
        m_notifier = *std::move(made);
        const auto posted = m_notifier->post(announcements::testPost(m_inventory.clock().now()));
        whenDone(posted, this, [this, name](const Result<Delivery>& delivery) {
            took(delivery ? Tested{name, delivery->remoteId, {}}
                          : Tested{name, {}, delivery.error()});
        });
    }

    void took(const Tested& tested) {
        m_tested.append(tested);
        next();
    }

    void finish() {
        QJsonArray array;
        bool failed = false;
        for (const Tested& tested : std::as_const(m_tested)) {
            array.append(toJson(tested));
            failed = failed || tested.error.has_value();
            if (tested.error)
                complain(*tested.error, false);
            else if (!m_json)
                print(QStringLiteral("%1: delivered as message %2. Look at it over there.")
                          .arg(tested.name, tested.remoteId));
        }
        if (m_json) print(QJsonDocument(array));
        end(failed ? Failure : Success);
    }

    void end(int status) {
        deleteLater();
        m_done(status);
    }

    Inventory m_inventory;
    bool m_json;
    Done m_done;
    QStringList m_names;
    QVector<Tested> m_tested;
    std::unique_ptr<Notifier> m_notifier;
};

}  // namespace

void runChannel(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("channel");
    if (!line.read(args, done)) return;
    const QStringList words = line.words();
    if (words == QStringList{QStringLiteral("list")}) return (new Posts(line, clock, done))->list();
    if (words.size() >= 2 && words.first() == QStringLiteral("test"))
        return (new Posts(line, clock, done))->test(words.mid(1));
    line.refuse(QStringLiteral("Say “list”, or “test” and the names of channels."), done);
}

}  // namespace tocsin::cli

#include "cli/changetrace.h"

#include <QFile>

#include "cli/output.h"
#include "console/console.h"
#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {

ChangeTrace::ChangeTrace(Inventory& inventory, QString dataFolder, QString incident)
    : m_inventory(inventory), m_dataFolder(std::move(dataFolder)), m_incident(std::move(incident)) {
}

void ChangeTrace::open(const std::function<void(const Result<void>&)>& then) {
    const auto later = [this, then](const Result<void>& outcome) {
        QMetaObject::invokeMethod(
            this, [then, outcome] { then(outcome); }, Qt::QueuedConnection);
    };
    const QString file = store::Database::fileIn(m_dataFolder);
    if (!QFile::exists(file)) return later(choose());
    auto opened = store::Database::open(file);
    if (!opened) {
        complainOnce(opened.error());
        return later({});
    }
    m_database = std::move(*opened);
    m_journal = std::make_unique<incidents::Journal>(*m_database, m_inventory.clock());
    connect(m_journal.get(), &incidents::Journal::failed, this, &ChangeTrace::complainOnce);
    whenDone(m_journal->load(0), this,
             [this, then](const Result<QVector<incidents::Incident>>& loaded) {
                 if (loaded) return then(choose());
                 complainOnce(loaded.error());
                 then({});
             });
}

Result<void> ChangeTrace::choose() {
    if (m_journal)
        for (const incidents::Incident& incident : m_journal->open())
            if (m_incident.isEmpty() || m_incident == incident.id) m_told << incident.id;
    if (m_incident.isEmpty() || !m_told.isEmpty()) return {};
    return fail(ErrorCode::NotFound,
                u"There is no open incident %1; nothing was run. `tocsin incident list` names "
                "them."_s.arg(m_incident));
}

void ChangeTrace::begin(inspection::Connection& connection, const QString& reason,
                        const Then& then) {
    m_connection = &connection;
    if (m_told.isEmpty()) return then();
    readPins([this, reason, then] {
        write(incidents::unlockEvent(m_connection->info(), reason, u"for one statement"_s), then);
    });
}

void ChangeTrace::readPins(const Then& then) {
    whenDone(m_database->read<QVector<incidents::Pin>>(
                 [](store::Transaction& tx) { return incidents::pinsIn(tx); }),
             this, [this, then](const Result<QVector<incidents::Pin>>& pins) {
                 if (!pins) complainOnce(pins.error());
                 if (!pins || pins->isEmpty()) return then();
                 reach(*pins, then);
             });
}

/// The connections that something is pinned of; one without its secret answers with why.
void ChangeTrace::reach(const QVector<incidents::Pin>& pins, const Then& then) {
    QStringList names;
    for (const incidents::Pin& pin : pins)
        if (pin.connection != m_connection->info().name && !names.contains(pin.connection))
            names << pin.connection;
    auto left = std::make_shared<qsizetype>(1);
    const auto step = [this, left, then] {
        if (--*left == 0) watch(then);
    };
    for (const QString& name : std::as_const(names)) {
        const workspace::Entry* entry = findEntry(m_inventory.workspace().connections, name);
        if (!entry) continue;
        ++*left;
        whenDone(
            m_inventory.secrets().resolveAll(*entry), this,
            [this, entry, step](const Result<Settings>& settings) {
                auto engine =
                    settings ? m_inventory.registry().createEngine(*settings, m_inventory.clock())
                             : tl::unexpected<Error>(settings.error());
                const auto info =
                    inspection::connectionInfo(settings ? *settings : entry->settings);
                const Error problem = engine ? Error{} : engine.error();
                m_pinned.push_back(std::make_unique<inspection::Connection>(
                    info, engine ? *std::move(engine) : nullptr, problem, m_inventory.clock()));
                step();
            });
    }
    step();
}

void ChangeTrace::watch(const Then& then) {
    QVector<inspection::Connection*> connections{m_connection};
    for (const auto& pinned : m_pinned)
        connections << pinned.get();
    m_capturer = std::make_unique<incidents::Capturer>(*m_database, *m_journal, m_inventory.clock(),
                                                       connections);
    connect(m_capturer.get(), &incidents::Capturer::pinsChanged, this, then,
            Qt::SingleShotConnection);
}

void ChangeTrace::end(const QString& statement, const Result<QueryResult>& result,
                      const Then& then) {
    if (m_told.isEmpty()) return then();
    const auto& info = m_connection->info();
    const auto event = result ? incidents::changeEvent(info, *result)
                              : incidents::changeEvent(info, statement, result.error());
    write(event, [this, then] {
        if (!m_hasComplained) complain(u"Kept in the timeline of %1."_s.arg(m_told.join(u", "_s)));
        if (!m_capturer || !m_capturer->isBusy()) return then();
        connect(m_capturer.get(), &incidents::Capturer::idle, this, then,
                Qt::ConnectionType(Qt::QueuedConnection | Qt::SingleShotConnection));
    });
}

void ChangeTrace::write(const incidents::Event& event, const Then& then) {
    auto left = std::make_shared<qsizetype>(m_told.size());
    for (const QString& incident : std::as_const(m_told))
        whenDone(
            m_journal->append(incident, console::loginName(), event.kind, event.text, event.detail),
            this, [this, left, then](const Result<incidents::Event>& written) {
                if (!written) complainOnce(written.error());
                if (--*left == 0) then();
            });
}

void ChangeTrace::complainOnce(const Error& error) {
    if (std::exchange(m_hasComplained, true)) return;
    complain(u"The timeline is not written, so note this change by hand: "_s + error.message);
}

}  // namespace tocsin::cli

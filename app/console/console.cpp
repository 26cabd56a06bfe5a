#include "console/console.h"

#include <pwd.h>
#include <unistd.h>

#include <QtConcurrent>

#include "console/brokenprobe.h"
#include "console/translation.h"
#include "sdk/async.h"
#include "workspace/reader.h"

namespace tocsin::console {

QString loginName() {
    const QString name = qEnvironmentVariable("USER");
    if (!name.isEmpty()) return name;
    // Whole services run without $USER; the name of the home folder would be anybody's.
    const passwd* entry = ::getpwuid(::getuid());
    return entry ? QString::fromLocal8Bit(entry->pw_name) : QString::number(::getuid());
}

using namespace Qt::Literals::StringLiterals;
using std::chrono::milliseconds;

namespace {

// A source is stale when it missed three looks; never sooner than this, to spare slow networks.
constexpr milliseconds kShortestPatience{30000};
// A message that is on its way may end before the engine is handed over; not for longer than this:
// the next owner sends it again, marked.
constexpr milliseconds kLastPost{5000};
constexpr milliseconds kStoreRetry{5000};
constexpr milliseconds kRetireEvery{1000};

/// What a second session to the same server needs no more of.
Settings besides(Settings settings) {
    settings.values.insert(u"spare_connection"_s, false);
    return settings;
}

}  // namespace

/// What is read from the disk before anything is made, on a pool thread.
struct Console::Ground {
    std::unique_ptr<workspace::Registry> registry;
    workspace::Workspace workspace;
    std::unique_ptr<store::Database> database;
    std::optional<Error> storeError;
};

Console::Ground Console::readGround(const Options& options) {
    Ground ground;
    ground.registry = std::make_unique<workspace::Registry>();
    ground.workspace =
        workspace::readWorkspace(options.workspaceFolder, ground.registry->plugins());
    if (!options.withStore) return ground;
    auto database = store::Database::open(store::Database::fileIn(options.dataFolder));
    if (database)
        ground.database = std::move(*database);
    else
        ground.storeError = database.error();
    return ground;
}

Console::Console(const Options& options, Clock& clock)
    : m_options(options), m_clock(clock), m_person(loginName()), m_secrets(clock), m_board(clock) {
}

Console::~Console() {
    stopSources();
}

void Console::stopSources() {
    for (const NamedSource& source : std::as_const(m_sources))
        source.source->stop();
}

QFuture<Result<std::shared_ptr<Console>>> Console::open(const Options& options, Clock& clock) {
    auto opened = std::make_shared<Opened>();
    opened->start();
    // Every continuation holds its own context, so that none can find it gone. (A watcher would be
    // the console's child and its last owner at once.)
    auto self = std::shared_ptr<Console>(new Console(options, clock));
    // Futures copy their results; a Ground can only be moved.
    auto ground = std::make_shared<Ground>();
    QtConcurrent::run([ground, options] {
        *ground = readGround(options);
    }).then(self.get(), [self, opened, ground] {
        if (const auto stood = self->stand(std::move(*ground)); !stood) {
            opened->addResult(
                Result<std::shared_ptr<Console>>(tl::unexpected<Error>(stood.error())));
            opened->finish();
            return;
        }
        self->m_library.load(self->m_workspace.runbooks, self->m_workspace.bundled)
            .then(self.get(), [self, opened] { self->resolveSecrets(self, opened); });
    });
    return opened->future();
}

Result<void> Console::stand(Ground ground) {
    m_registry = std::move(ground.registry);
    m_workspace = std::move(ground.workspace);
    if (ground.storeError) return tl::unexpected<Error>(*ground.storeError);
    if (!ground.database) return {};
    m_database = std::move(ground.database);
    m_ownership = std::make_unique<store::Ownership>(*m_database, m_options.dataFolder,
                                                     m_options.kind, m_clock);
    m_journal = std::make_unique<incidents::Journal>(*m_database, m_clock);
    m_dispatcher = std::make_unique<delivery::Dispatcher>(*m_database, m_clock);
    escalation::Policy policy = policyFrom(m_workspace.escalation);
    policy.pageWording = m_workspace.wordings.own.value(workspace::Wording::Page);
    m_engine = std::make_unique<escalation::Engine>(*m_database, *m_journal, policy, m_clock);
    m_engine->attach(*m_dispatcher);
    m_lookout = std::make_unique<delivery::Lookout>(*m_database, m_clock, *m_dispatcher);
    connect(m_lookout.get(), &delivery::Lookout::noticed, m_engine.get(),
            [engine = m_engine.get()](const delivery::Entry& entry, Sighting sighting) {
                engine->noteSighting(entry.id, sighting);
            });
    m_stopped = std::make_unique<StoppedChannels>(*m_database, *m_dispatcher);
    m_practice = practiceFrom(m_workspace.incidents);
    wireOwnership();
    standAnnouncements();
    standIncidents();
    wireLedger();
    return {};
}

void Console::wireOwnership() {
    connect(m_ownership.get(), &store::Ownership::acquired, this, &Console::takeUp);
    connect(m_ownership.get(), &store::Ownership::handOverRequested, this, &Console::standDown);
    connect(m_ownership.get(), &store::Ownership::lost, this, &Console::standDown);
    connect(m_dispatcher.get(), &delivery::Dispatcher::stopped, m_ownership.get(),
            &store::Ownership::release);
}

void Console::wireLedger() {
    connect(m_engine.get(), &escalation::Engine::intentsWritten, this, &Console::ledgerChanged);
    // An acknowledgement calls pages off without writing any.
    connect(m_engine.get(), &escalation::Engine::ladderChanged, this, &Console::ledgerChanged);
    connect(m_cards.get(), &announcements::Cards::intentsWritten, this, &Console::ledgerChanged);
    if (m_feed)
        connect(m_feed.get(), &announcements::Feed::intentsWritten, this, &Console::ledgerChanged);
    connect(m_journal.get(), &incidents::Journal::changedElsewhere, this, &Console::ledgerChanged);
    connect(this, &Console::ledgerChanged, m_stopped.get(), &StoppedChannels::look);
    // The context is what they write to: it dies before the ownership does.
    connect(this, &Console::ownershipChanged, m_stopped.get(), [this] { noteDeliverer(); });
    connect(m_ownership.get(), &store::Ownership::ownerChanged, m_stopped.get(),
            [this] { noteDeliverer(); });
}

void Console::noteDeliverer() {
    using Deliverer = StoppedChannels::Deliverer;
    m_stopped->setDeliverer(m_ownership->isHeld()             ? Deliverer::Here
                            : m_ownership->owner().isNobody() ? Deliverer::Nobody
                                                              : Deliverer::Elsewhere);
}

void Console::takeUp() {
    m_dispatcher->start(m_ownership->fence());
    m_lookout->start(m_ownership->fence());
    m_engine->start(m_ownership->fence());
    startAnnouncements();
    doIncidents(true);
    emit ownershipChanged(true);
}

void Console::standDown() {
    doIncidents(false);
    m_engine->standDown();
    m_lookout->stop();
    stopAnnouncements();
    m_dispatcher->stop();
    m_clock.callAfter(kLastPost, m_ownership.get(), [this, fence = m_ownership->fence()] {
        if (m_ownership->fence().token() == fence.token()) m_ownership->release();
    });
    emit ownershipChanged(false);
}

void Console::standIncidents() {
    m_reminders = std::make_unique<incidents::Reminders>(*m_journal, m_practice, m_clock);
    m_verifier = std::make_unique<incidents::Verifier>(m_board, *m_journal, m_clock);
    m_silencer = std::make_unique<incidents::Silencer>(m_board, *m_journal, m_practice, m_clock);
    if (m_practice.attach) m_gatherer = std::make_unique<incidents::Gatherer>(m_board, *m_journal);
    connect(m_verifier.get(), &incidents::Verifier::recurred, this,
            [this](const QString& incident, const QString& why) {
                // The verifier says it again as long as it did not take.
                whenDone(m_engine->reopen(incident, u"Tocsin"_s, why), this,
                         [this](const Result<void>& done) {
                             if (!done) emit m_engine->failed(done.error());
                         });
            });
}

/// What only one process on a data folder may do.
void Console::doIncidents(bool here) {
    m_silencer->setActing(here);
    m_verifier->setActing(here);
    if (m_gatherer) m_gatherer->setActing(here);
}

void Console::resolveSecrets(const std::shared_ptr<Console>& self,
                             const std::shared_ptr<Opened>& opened) {
    QList<QFuture<Result<Settings>>> settings;
    for (const auto* entries : {&m_workspace.sources, &m_workspace.connections, &m_workspace.probes,
                                &m_workspace.channels})
        for (const workspace::Entry& entry : *entries)
            settings << m_secrets.resolveAll(entry);

    const auto finish = [self, opened](const QList<QFuture<Result<Settings>>>& resolved) {
        self->makeParts(resolved);
        opened->addResult(Result<std::shared_ptr<Console>>(self));
        opened->finish();
    };
    if (settings.isEmpty()) return finish({});
    QtFuture::whenAll(settings.begin(), settings.end()).then(this, finish);
}

void Console::makeParts(const QList<QFuture<Result<Settings>>>& settings) {
    qsizetype next = 0;
    const auto resolved = [&] { return settings.at(next++).result(); };
    for (const workspace::Entry& entry : std::as_const(m_workspace.sources))
        makeSource(entry.settings.name, resolved());
    for (const workspace::LeftOut& source : std::as_const(m_workspace.sourcesLeftOut)) {
        m_board.addSource(source.name, kShortestPatience);
        m_board.sourceFailed(source.name, {ErrorCode::Config, source.message, {}}, {});
    }
    for (const workspace::Entry& entry : std::as_const(m_workspace.connections))
        m_connections.push_back(makeConnection(entry, resolved()));
    for (const workspace::Entry& entry : std::as_const(m_workspace.probes))
        makeProbe(entry.settings.name, resolved());
    for (const workspace::Entry& entry : std::as_const(m_workspace.channels)) {
        const Result<Settings> channel = resolved();
        if (m_dispatcher) makeChannel(entry.settings.name, channel);
    }
}

void Console::makeSource(const QString& name, const Result<Settings>& settings) {
    Result<std::unique_ptr<AlertSource>> made = settings.and_then([this](Settings ready) {
        if (ready.kind == u"metrics")
            ready.values.insert(u"rules"_s, rulesFrom(m_workspace.rules, m_library.runbooks()));
        return m_registry->createSource(ready, m_clock);
    });
    const milliseconds every = settings ? settings->duration(u"every"_s) : milliseconds(0);
    m_board.addSource(name, std::max(every * 3, kShortestPatience));
    if (!made) {
        m_board.sourceFailed(name, made.error(), {});
        return note(u"source"_s, name, made.error());
    }
    AlertSource* source = made->get();
    connect(source, &AlertSource::snapshotReceived, &m_board, &alerts::Board::accept);
    connect(source, &AlertSource::failed, &m_board,
            [this, name](const Error& error, const QDateTime& nextTry) {
                m_board.sourceFailed(name, error, nextTry);
            });
    if (m_silencer) m_silencer->addSource(name, qobject_cast<Silencing*>(source));
    m_sources.push_back({name, source});
    m_made.push_back(std::move(*made));
}

Result<std::unique_ptr<QueryEngine>> Console::makeEngine(const Settings& settings) {
    return m_registry->createEngine(settings, m_clock);
}

std::unique_ptr<inspection::Connection> Console::makeConnection(const workspace::Entry& entry,
                                                                const Result<Settings>& settings) {
    auto made = settings.and_then([this](const Settings& ready) { return makeEngine(ready); });
    if (!made) note(u"connection"_s, entry.settings.name, made.error());
    auto connection = std::make_unique<inspection::Connection>(
        inspection::connectionInfo(entry.settings), made ? std::move(*made) : nullptr,
        made ? Error() : made.error(), m_clock);
    if (made)
        connection->setSide([this, beside = besides(*settings)] {
            auto second = makeEngine(beside);
            return second ? std::move(*second) : nullptr;
        });
    return connection;
}

void Console::takeUpConnection(const QString& was, const workspace::Entry& entry,
                               const Result<Settings>& settings,
                               const QVector<workspace::Mistake>& mistakes) {
    const auto isOld = [&was](const auto& each) { return each->info().name == was; };
    m_workspace.mistakes = mistakes;
    auto& entries = m_workspace.connections;
    const auto at = std::find_if(entries.begin(), entries.end(),
                                 [&was](const auto& each) { return each.settings.name == was; });
    at == entries.end() ? entries.append(entry) : void(*at = entry);
    m_problems.removeIf([&was](const Problem& problem) {
        return problem.category == u"connection" && problem.name == was;
    });
    auto made = makeConnection(entry, settings);
    const auto old = std::find_if(m_connections.begin(), m_connections.end(), isOld);
    if (old == m_connections.end()) {
        m_connections.push_back(std::move(made));
    } else {
        old->swap(made);
    }
    emit connectionsChanged();
    if (made) retire(std::move(made));
}

/// Looks again each second: whoever waits for an answer there is to get it.
void Console::retire(std::shared_ptr<inspection::Connection> old) {
    m_clock.callAfter(kRetireEvery, this, [this, old = std::move(old)] {
        if (!old->isIdle()) retire(old);
    });
}

void Console::makeProbe(const QString& name, const Result<Settings>& settings) {
    auto made = settings.and_then(
        [this](const Settings& ready) { return m_registry->createProbe(ready, m_clock); });
    std::unique_ptr<Probe> probe;
    if (made) {
        probe = std::move(*made);
    } else {
        note(u"probe"_s, name, made.error());
        probe = std::make_unique<BrokenProbe>(name, settings ? settings->url(u"url"_s) : QUrl(),
                                              made.error(), m_clock);
    }
    m_probes.push_back({name, probe.get()});
    m_made.push_back(std::move(probe));
}

void Console::makeChannel(const QString& name, const Result<Settings>& settings) {
    auto made = settings.and_then(
        [this](const Settings& ready) { return m_registry->createNotifier(ready, m_clock); });
    if (settings && !settings->text(u"fallback"_s).isEmpty()) {
        m_dispatcher->setFallback(name, settings->text(u"fallback"_s));
        m_stopped->setFallback(name, settings->text(u"fallback"_s));
    }
    if (made) return m_dispatcher->addChannel(name, std::move(*made));
    note(u"channel"_s, name, made.error());
    m_dispatcher->addBrokenChannel(name, made.error());
}

void Console::note(const QString& category, const QString& name, const Error& error) {
    m_problems.push_back({category, name, error});
}

void Console::start() {
    m_isWatching = true;
    for (const NamedSource& source : std::as_const(m_sources))
        source.source->start();
    if (!m_database) return;
    loadJournal();
    m_engine->follow();
    m_ownership->begin();
}

/// Until it is read, nothing of what others write is heard either.
void Console::loadJournal() {
    whenDone(m_journal->load(), this, [this](const auto& loaded) {
        if (!loaded) return m_clock.callAfter(kStoreRetry, this, [this] { loadJournal(); });
        m_reminders->start();
    });
}

QFuture<Result<bool>> Console::startDelivery() {
    return m_ownership->tryOnce();
}

QFuture<void> Console::stop() {
    stopSources();
    auto ended = std::make_shared<QPromise<void>>();
    ended->start();
    const auto finish = [ended] {
        if (!ended->future().isFinished()) ended->finish();
    };
    if (!ownsEngine()) {
        if (m_ownership) m_ownership->end();
        finish();
        return ended->future();
    }
    const auto release = [this, finish, begun = std::make_shared<bool>(false)] {
        if (std::exchange(*begun, true)) return;
        whenDone(m_ownership->end(), m_ownership.get(),
                 [finish](const Result<void>&) { finish(); });
    };
    disconnect(m_dispatcher.get(), &delivery::Dispatcher::stopped, m_ownership.get(), nullptr);
    connect(m_dispatcher.get(), &delivery::Dispatcher::stopped, this, release);
    m_clock.callAfter(kLastPost, this, release);
    m_engine->standDown();
    m_lookout->stop();
    stopAnnouncements();
    m_dispatcher->stop();
    return ended->future();
}

QVector<inspection::Connection*> Console::connections() const {
    QVector<inspection::Connection*> all;
    for (const auto& connection : m_connections)
        all.push_back(connection.get());
    return all;
}

inspection::Connection* Console::connection(const QString& name) const {
    for (const auto& connection : m_connections)
        if (connection->info().name == name) return connection.get();
    return nullptr;
}

}  // namespace tocsin::console

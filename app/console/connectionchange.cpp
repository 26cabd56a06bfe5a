#include "console/connectionchange.h"

#include "console/console.h"
#include "sdk/async.h"
#include "workspace/reader.h"

namespace tocsin::console {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kSection = u"connections"_s;

template <typename T>
using Answer = std::shared_ptr<QPromise<Result<T>>>;

template <typename T>
Answer<T> begun() {
    auto answer = std::make_shared<QPromise<Result<T>>>();
    answer->start();
    return answer;
}

template <typename T>
void give(const Answer<T>& answer, Result<T> value) {
    answer->addResult(std::move(value));
    answer->finish();
}

/// What the file says of one connection after it was written.
struct Written {
    Result<QString> name;
    workspace::Workspace workspace;
};

Written write(const QString& folder, const workspace::EntryEdit& edit,
              const QVector<workspace::PluginInfo>& plugins) {
    Written written;
    const auto done = workspace::editWorkspaceFile(folder, edit);
    if (!done) {
        written.name = tl::unexpected(done.error());
        return written;
    }
    written.name = edit.name;
    for (const workspace::KeyChange& change : edit.changes)
        if (change.key == u"name") written.name = change.now;
    written.workspace = workspace::readWorkspace(folder, plugins);
    return written;
}

void takeUp(Console& console, const QString& was, const Written& written,
            const Answer<QString>& answer) {
    if (!written.name) return give(answer, written.name);
    const auto& entries = written.workspace.connections;
    const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& each) {
        return each.settings.name == *written.name;
    });
    if (entry == entries.end())
        return give<QString>(answer, fail(ErrorCode::Config,
                                          u"tocsin.yaml has it now, but it cannot be used: open "
                                          "the workspace again to see why."_s));
    whenDone(console.secrets().resolveAll(*entry), &console,
             [&console, was, answer, entry = *entry,
              mistakes = written.workspace.mistakes](const Result<Settings>& settings) {
                 console.takeUpConnection(was, entry, settings, mistakes);
                 give<QString>(answer, entry.settings.name);
             });
}

using workspace::EntryEdit;

EntryEdit editOf(const ConnectionChange& change) {
    return {kSection, change.was, change.changes};
}

Result<void> mayChange(Console& console, const QString& name) {
    const auto* old = console.connection(name);
    if (!old || old->isIdle()) return {};
    return fail(ErrorCode::Refused,
                u"A statement runs on %1, or a change waits there: cancel or "
                "decide it first."_s.arg(name));
}

void writeAndTakeUp(Console& console, const ConnectionChange& change,
                    const Answer<QString>& answer) {
    // The keyring may have asked for its password meanwhile.
    if (const auto may = mayChange(console, change.was); !may)
        return give<QString>(answer, tl::unexpected(may.error()));
    runOnPool(
        &console,
        [folder = console.options().workspaceFolder, edit = editOf(change),
         plugins = console.registry().plugins()] { return write(folder, edit, plugins); },
        [&console, was = change.was, answer](const Written& written) {
            takeUp(console, was, written, answer);
        });
}

/// Whether this connection referred to that keyring entry already.
bool isReferredTo(const ConnectionChange& change, const QString& name) {
    const QString reference = u"keychain:"_s + name;
    return std::none_of(change.changes.begin(), change.changes.end(), [&](const auto& each) {
        return each.now == reference && each.was != reference;
    });
}

void keepSecrets(Console& console, const ConnectionChange& change, const Answer<QString>& answer);

void keepSecret(Console& console, const ConnectionChange& rest, const QString& name,
                const Secret& secret, const Answer<QString>& answer) {
    whenDone(console.secrets().store(name, secret), &console,
             [&console, rest, answer](const Result<void>& kept) {
                 if (!kept) return give<QString>(answer, tl::unexpected(kept.error()));
                 keepSecrets(console, rest, answer);
             });
}

/// One secret after the other; the first that cannot be kept ends it. One that somebody else may
/// need is not replaced.
void keepSecrets(Console& console, const ConnectionChange& change, const Answer<QString>& answer) {
    if (change.typed.isEmpty()) return writeAndTakeUp(console, change, answer);
    ConnectionChange rest = change;
    const QString name = change.typed.firstKey();
    const Secret secret = rest.typed.take(name);
    if (isReferredTo(change, name)) return keepSecret(console, rest, name, secret, answer);
    whenDone(console.secrets().resolve({workspace::SecretReference::Where::Keychain, name}),
             &console, [&console, rest, name, secret, answer](const Result<Secret>& there) {
                 if (there && there->reveal() != secret.reveal())
                     return give<QString>(
                         answer, fail(ErrorCode::Refused,
                                      u"The keyring holds another secret called “%1” already. Give "
                                      "this one another name, or leave it empty to use the one "
                                      "that is there."_s.arg(name)));
                 if (!there && there.error().code != ErrorCode::NotFound)
                     return give<QString>(answer, tl::unexpected(there.error()));
                 keepSecret(console, rest, name, secret, answer);
             });
}

}  // namespace

QFuture<Result<ServerIdentity>> tryConnection(Console& console, workspace::Entry entry,
                                              const QMap<QString, Secret>& typed) {
    const auto answer = begun<ServerIdentity>();
    for (auto it = typed.begin(); it != typed.end(); ++it)
        entry.secrets.remove(it.key());
    whenDone(console.secrets().resolveAll(entry), &console,
             [&console, typed, answer](Result<Settings> settings) {
                 if (!settings)
                     return give<ServerIdentity>(answer, tl::unexpected(settings.error()));
                 settings->secrets.insert(typed);
                 settings->values.insert(u"spare_connection"_s, false);
                 auto made = console.makeEngine(*settings);
                 if (!made) return give<ServerIdentity>(answer, tl::unexpected(made.error()));
                 const std::shared_ptr<QueryEngine> engine = std::move(*made);
                 whenDone(engine->open(), &console,
                          [engine, answer](const Result<ServerIdentity>& identity) {
                              give(answer, identity);
                          });
             });
    return answer->future();
}

QFuture<Result<QString>> changeConnection(Console& console, const ConnectionChange& change) {
    const auto answer = begun<QString>();
    auto may = mayChange(console, change.was);
    // What the plugin refuses is not written.
    if (const auto made = console.makeEngine(change.entry.settings); may && !made)
        may = tl::unexpected(made.error());
    if (!may) {
        give<QString>(answer, tl::unexpected(may.error()));
        return answer->future();
    }
    runOnPool(
        &console,
        [folder = console.options().workspaceFolder, edit = editOf(change)] {
            return workspace::editedWorkspaceFile(folder, edit);
        },
        [&console, change, answer](const Result<QByteArray>& possible) {
            if (!possible) return give<QString>(answer, tl::unexpected(possible.error()));
            keepSecrets(console, change, answer);
        });
    return answer->future();
}

}  // namespace tocsin::console

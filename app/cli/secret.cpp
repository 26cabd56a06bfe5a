// tocsin secret set|delete NAME: the keyring, from the command line.
#include <QCoreApplication>
#include <QJsonObject>
#include <QtConcurrent>

#include "cli/commandline.h"
#include "cli/output.h"
#include "cli/secretinput.h"
#include "sdk/async.h"
#include "workspace/secrets.h"

namespace tocsin::cli {
namespace {

void finish(const Result<void>& result, const QString& sentence, bool json, const Done& done) {
    if (!result) {
        complain(result.error(), json);
        done(Failure);
        return;
    }
    complain(sentence);
    if (json) print(QJsonDocument(QJsonObject{}));
    done(Success);
}

void setSecret(const QString& name, bool json, Clock& clock, const Done& done) {
    auto* secrets = new workspace::Secrets(clock, QCoreApplication::instance());
    const auto store = [=](const Result<Secret>& value) {
        if (!value) {
            complain(value.error(), json);
            done(Failure);
            return;
        }
        whenDone(secrets->store(name, *value), secrets,
                 [name, json, done](const Result<void>& result) {
                     finish(result,
                            QStringLiteral("Stored. Write “keychain:%1” in tocsin.yaml.").arg(name),
                            json, done);
                 });
    };
    // A person may take any time to type.
    whenDone(QtConcurrent::run(readSecret, name), secrets, store);
}

void deleteSecret(const QString& name, bool json, Clock& clock, const Done& done) {
    auto* secrets = new workspace::Secrets(clock, QCoreApplication::instance());
    whenDone(secrets->remove(name), secrets, [name, json, done](const Result<void>& result) {
        finish(result, QStringLiteral("Deleted “%1” from the keyring.").arg(name), json, done);
    });
}

}  // namespace

void runSecret(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("secret");
    if (!line.read(args, done)) return;
    const QStringList words = line.words();
    const QString action = words.value(0);
    if (action != QLatin1String("set") && action != QLatin1String("delete")) {
        line.refuse(QStringLiteral("Say “set NAME” or “delete NAME”."), done);
        return;
    }
    if (words.size() > 2) {
        line.refuse(QStringLiteral("A secret is never given as an argument: other users can see "
                                   "those. It is read from the terminal or from stdin."),
                    done);
        return;
    }
    const QString name = words.value(1);
    if (name.isEmpty()) {
        line.refuse(QStringLiteral("Name the keyring's entry, such as “%1 primary”.").arg(action),
                    done);
        return;
    }
    if (action == QLatin1String("set"))
        setSecret(name, line.json(), clock, done);
    else
        deleteSecret(name, line.json(), clock, done);
}

}  // namespace tocsin::cli

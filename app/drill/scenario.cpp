#include "drill/scenario.h"

#include <yaml-cpp/yaml.h>

#include <QDir>
#include <QFile>

// A resource in a static library has to be asked for, outside of any namespace.
static void makeDrillsKnown() {
    Q_INIT_RESOURCE(drills);
}

namespace tocsin::drill {
namespace {

const QString kFolder = QStringLiteral(":/drills/");

QString text(const YAML::Node& node, const char* key) {
    return node[key] ? QString::fromStdString(node[key].as<std::string>()).trimmed() : QString();
}

template <typename Number>
Number number(const YAML::Node& node, const char* key, Number fallback) {
    return node[key].as<Number>(fallback);
}

Result<Scenario::Kind> kindOf(const QString& word) {
    if (word == QStringLiteral("blocked-lock")) return Scenario::Kind::BlockedLock;
    if (word == QStringLiteral("paused-queue")) return Scenario::Kind::PausedQueue;
    if (word == QStringLiteral("failing-requests")) return Scenario::Kind::FailingRequests;
    return fail(ErrorCode::Parse, QStringLiteral("“%1” is no kind of trouble; use blocked-lock, "
                                                 "paused-queue or failing-requests.")
                                      .arg(word));
}

Result<Scenario> read(const QString& name, const YAML::Node& root) {
    const YAML::Node trouble = root["trouble"];
    const auto kind = kindOf(text(trouble, "kind"));
    if (!kind) return tl::unexpected<Error>(kind.error());
    Scenario scenario;
    scenario.name = name;
    scenario.title = text(root, "title");
    scenario.alert = text(root, "alert");
    scenario.story = text(root, "story");
    scenario.cure = text(root, "cure");
    scenario.kind = *kind;
    scenario.poolSize = number(trouble, "pool", scenario.poolSize);
    scenario.idleSessions = number(trouble, "idle", scenario.idleSessions);
    scenario.blocker = text(trouble, "blocker");
    scenario.waiter = text(trouble, "waiter");
    scenario.queue = text(trouble, "queue");
    scenario.jobs = number(trouble, "jobs", 0);
    scenario.oldestSeconds = number(trouble, "oldest_seconds", 0);
    scenario.errorRate = number(trouble, "error_rate", 0.0);
    scenario.recoversAfterSeconds = number(trouble, "recovers_after_seconds", 0);
    return scenario;
}

}  // namespace

QStringList Scenario::names() {
    makeDrillsKnown();
    QStringList names;
    for (const QString& file :
         QDir(kFolder).entryList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name))
        names << file.chopped(5);
    return names;
}

Result<Scenario> Scenario::load(const QString& name) {
    if (!names().contains(name))
        return fail(ErrorCode::NotFound, QStringLiteral("There is no drill “%1”; there are %2.")
                                             .arg(name, names().join(QStringLiteral(", "))));
    QFile file(kFolder + name + QStringLiteral(".yaml"));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Internal,
                    QStringLiteral("The drill “%1” cannot be read.").arg(name));
    try {
        return read(name, YAML::Load(file.readAll().toStdString()));
    } catch (const YAML::Exception& error) {
        return fail(ErrorCode::Parse, QStringLiteral("The drill “%1” is not valid: %2")
                                          .arg(name, QString::fromUtf8(error.what())));
    }
}

}  // namespace tocsin::drill

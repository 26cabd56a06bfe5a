#include "workspace/registry.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QJsonObject>
#include <QSet>

#include "workspace/pluginmetadata.h"

namespace tocsin::workspace {

Registry::Registry(const QStringList& folders) {
    QSet<QString> seen;
    for (const QString& folder : folders) {
        const QString canonical = QDir(folder).canonicalPath();
        if (canonical.isEmpty() || seen.contains(canonical)) continue;
        seen.insert(canonical);
        scan(canonical);
    }
}

QStringList Registry::defaultFolders() {
    QStringList folders =
        qEnvironmentVariable("TOCSIN_PLUGINS").split(QLatin1Char(':'), Qt::SkipEmptyParts);
    folders << QDir(QCoreApplication::applicationDirPath())
                   .absoluteFilePath(QStringLiteral("../lib/tocsin/plugins"))
            << QStringLiteral(TOCSIN_PLUGIN_FOLDER);
    return folders;
}

void Registry::scan(const QString& folder) {
    QStringList files;
    const auto collect = [&files](const QDir& dir) {
        for (const QFileInfo& file : dir.entryInfoList({QStringLiteral("*.so")}, QDir::Files))
            files << file.absoluteFilePath();
    };
    const QDir top(folder);
    collect(top);
    for (const QFileInfo& below : top.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot))
        collect(QDir(below.absoluteFilePath()));
    files.sort();  // the same order everywhere
    for (const QString& file : std::as_const(files))
        read(file);
}

void Registry::read(const QString& file) {
    const QPluginLoader loader(file);
    const QJsonObject metadata = loader.metaData();
    if (metadata.isEmpty()) {
        m_problems.append(
            {file, QStringLiteral("%1 is not a plugin of this console: %2. Remove it, or "
                                  "install it again.")
                       .arg(QFileInfo(file).fileName(), loader.errorString())});
        return;
    }
    const auto info = pluginInfo(metadata, file);
    if (!info)
        m_problems.append({file, info.error().message});
    else if (!find(info->category, info->type))
        m_plugins.append(*info);
}

const PluginInfo* Registry::find(const QString& category, const QString& type) const {
    for (const PluginInfo& plugin : m_plugins)
        if (plugin.category == category && plugin.type == type) return &plugin;
    return nullptr;
}

Result<QObject*> Registry::load(const QString& category, const QString& type) {
    const PluginInfo* plugin = find(category, type);
    if (!plugin)
        return fail(
            ErrorCode::NotFound,
            QStringLiteral("There is no %1 plugin of kind “%2”. `tocsin check` lists what is "
                           "installed and what would not load.")
                .arg(category, type));
    if (const auto known = m_roots.constFind(plugin->file); known != m_roots.constEnd())
        return *known;

    m_loaders.push_back(std::make_unique<QPluginLoader>(plugin->file));
    QPluginLoader& loader = *m_loaders.back();
    QObject* root = loader.instance();
    if (root) return *m_roots.insert(plugin->file, root);
    const QString message =
        QStringLiteral(
            "The plugin for %1 “%2” does not load: %3. Install the console again, or the "
            "library it misses.")
            .arg(category, type, loader.errorString());
    m_problems.append({plugin->file, message});
    return *m_roots.insert(plugin->file, fail(ErrorCode::Config, message));
}

template <typename Factory>
Result<Factory*> Registry::factory(const QString& category, const QString& type) {
    const auto root = load(category, type);
    if (!root) return tl::make_unexpected(root.error());
    if (auto* made = qobject_cast<Factory*>(*root)) return made;
    return fail(
        ErrorCode::Config,
        QStringLiteral("The plugin for %1 “%2” calls itself a %1 but is none. Report it to its "
                       "author.")
            .arg(category, type));
}

Result<std::unique_ptr<AlertSource>> Registry::createSource(const Settings& settings,
                                                            Clock& clock) {
    const auto plugin = factory<SourcePlugin>(QStringLiteral("source"), settings.kind);
    if (!plugin) return tl::make_unexpected(plugin.error());
    return (*plugin)->createSource(settings, clock);
}

Result<std::unique_ptr<QueryEngine>> Registry::createEngine(const Settings& settings,
                                                            Clock& clock) {
    const auto plugin = factory<EnginePlugin>(QStringLiteral("engine"), settings.kind);
    if (!plugin) return tl::make_unexpected(plugin.error());
    return (*plugin)->createEngine(settings, clock);
}

Result<std::unique_ptr<Probe>> Registry::createProbe(const Settings& settings, Clock& clock) {
    const auto plugin = factory<ProbePlugin>(QStringLiteral("probe"), settings.kind);
    if (!plugin) return tl::make_unexpected(plugin.error());
    return (*plugin)->createProbe(settings, clock);
}

Result<std::unique_ptr<Notifier>> Registry::createNotifier(const Settings& settings, Clock& clock) {
    const auto plugin = factory<NotifierPlugin>(QStringLiteral("notifier"), settings.kind);
    if (!plugin) return tl::make_unexpected(plugin.error());
    return (*plugin)->createNotifier(settings, clock);
}

}  // namespace tocsin::workspace

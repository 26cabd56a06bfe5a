#pragma once
#include <QHash>
#include <QPluginLoader>
#include <QStringList>
#include <memory>

#include "sdk/plugin.h"
#include "workspace/plugininfo.h"

namespace tocsin::workspace {

/// The plugins of this installation. Reads their metadata on construction, without loading them;
/// a library is loaded when something is first made from it and never unloaded. Plugins that cannot
/// be used are kept as problems, with the reason. Use it from one thread.
class Registry {
public:
    /// `folders` are searched for `*.so` directly inside and one level below; where two hold the
    /// same category and type, the earlier folder wins. Reads the disk.
    explicit Registry(const QStringList& folders = defaultFolders());

    /// $TOCSIN_PLUGINS (folders separated by ':'), then ../lib/tocsin/plugins beside the binary,
    /// then the folder this build installs to.
    static QStringList defaultFolders();

    const QVector<PluginInfo>& plugins() const { return m_plugins; }
    /// Null when there is no such plugin.
    const PluginInfo* find(const QString& category, const QString& type) const;
    QVector<PluginProblem> problems() const { return m_problems; }

    /// Make an object from an entry; it belongs to the caller. Errors: NotFound (no such kind),
    /// Config (the library does not load, or the plugin refused the settings).
    Result<std::unique_ptr<AlertSource>> createSource(const Settings& settings, Clock& clock);
    Result<std::unique_ptr<QueryEngine>> createEngine(const Settings& settings, Clock& clock);
    Result<std::unique_ptr<Probe>> createProbe(const Settings& settings, Clock& clock);
    Result<std::unique_ptr<Notifier>> createNotifier(const Settings& settings, Clock& clock);

private:
    void scan(const QString& folder);
    void read(const QString& file);
    Result<QObject*> load(const QString& category, const QString& type);
    template <typename Factory>
    Result<Factory*> factory(const QString& category, const QString& type);

    QVector<PluginInfo> m_plugins;
    QVector<PluginProblem> m_problems;
    std::vector<std::unique_ptr<QPluginLoader>> m_loaders;
    QHash<QString, Result<QObject*>> m_roots;  ///< by file: what loading it gave
};

}  // namespace tocsin::workspace

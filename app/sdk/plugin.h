#pragma once
#include <QtPlugin>
#include <memory>

#include "sdk/alertsource.h"
#include "sdk/clock.h"
#include "sdk/notifier.h"
#include "sdk/probe.h"
#include "sdk/queryengine.h"
#include "sdk/settings.h"

namespace tocsin {

/// The number a plugin.json must carry as "api". Raised when an interface below changes.
inline constexpr int kPluginApi = 1;

// A plugin is one QObject that implements one of these four factories, exported with
//   Q_PLUGIN_METADATA(IID TOCSIN_SOURCE_IID FILE "plugin.json")
// and a plugin.json beside it:
//   {"api": 1, "category": "source", "type": "alertmanager", "title": "Alertmanager",
//    "description": "…", "fields": [{"name": "url", "kind": "url", "required": true, …}]}
// The console reads the metadata without loading the library; the library is loaded on first use.
// Made objects belong to the caller. `settings` was checked against "fields"; `clock` outlives what
// is made. Errors: Config, with a sentence that names the entry and what to change.

class SourcePlugin {
public:
    virtual ~SourcePlugin() = default;
    virtual Result<std::unique_ptr<AlertSource>> createSource(const Settings& settings,
                                                              Clock& clock) = 0;
};

class EnginePlugin {
public:
    virtual ~EnginePlugin() = default;
    virtual Result<std::unique_ptr<QueryEngine>> createEngine(const Settings& settings,
                                                              Clock& clock) = 0;
};

class ProbePlugin {
public:
    virtual ~ProbePlugin() = default;
    virtual Result<std::unique_ptr<Probe>> createProbe(const Settings& settings, Clock& clock) = 0;
};

class NotifierPlugin {
public:
    virtual ~NotifierPlugin() = default;
    virtual Result<std::unique_ptr<Notifier>> createNotifier(const Settings& settings,
                                                             Clock& clock) = 0;
};

}  // namespace tocsin

#define TOCSIN_SOURCE_IID "org.tocsin.SourcePlugin/1"
#define TOCSIN_ENGINE_IID "org.tocsin.EnginePlugin/1"
#define TOCSIN_PROBE_IID "org.tocsin.ProbePlugin/1"
#define TOCSIN_NOTIFIER_IID "org.tocsin.NotifierPlugin/1"

Q_DECLARE_INTERFACE(tocsin::SourcePlugin, TOCSIN_SOURCE_IID)
Q_DECLARE_INTERFACE(tocsin::EnginePlugin, TOCSIN_ENGINE_IID)
Q_DECLARE_INTERFACE(tocsin::ProbePlugin, TOCSIN_PROBE_IID)
Q_DECLARE_INTERFACE(tocsin::NotifierPlugin, TOCSIN_NOTIFIER_IID)

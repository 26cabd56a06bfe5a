#include "workspace/reader.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "workspace/announcementreader.h"
#include "workspace/crosschecks.h"
#include "workspace/entryreader.h"
#include "workspace/escalationreader.h"
#include "workspace/fieldvalue.h"
#include "workspace/incidentsreader.h"
#include "workspace/keys.h"
#include "workspace/nearest.h"
#include "workspace/rulereader.h"
#include "workspace/values.h"

namespace tocsin::workspace {
namespace {

constexpr qint64 kMostRead = 2 * 1024 * 1024;  // beyond the parser's own limit, which then says so

const QString kFile = QStringLiteral("tocsin.yaml");

/// Reads the sections of one parsed file into a workspace.
class Sections {
public:
    Sections(const YamlNode& root, Workspace& workspace, Mistakes& mistakes,
             const QVector<PluginInfo>& plugins, const QByteArray& yaml)
        : m_root(root),
          m_workspace(workspace),
          m_mistakes(mistakes),
          m_plugins(plugins),
          m_yaml(yaml) {}

    void read();

private:
    void readIdentity();
    void readRunbooks();
    void addRunbookPath(const YamlNode& node);
    void readEntries();
    void checkFallbacks(const YamlNode& channels, const QStringList& names);
    void readVariables();
    const YamlNode* section(const char* key) const { return m_root.find(QLatin1String(key)); }

    const YamlNode& m_root;
    Workspace& m_workspace;
    Mistakes& m_mistakes;
    const QVector<PluginInfo>& m_plugins;
    const QByteArray& m_yaml;
};

void Sections::read() {
    reportUnknownKeys(
        m_mistakes, m_root, kFile,
        {QStringLiteral("workspace"), QStringLiteral("runbooks"), QStringLiteral("bundled"),
         QStringLiteral("sources"), QStringLiteral("rules"), QStringLiteral("connections"),
         QStringLiteral("probes"), QStringLiteral("channels"), QStringLiteral("escalation"),
         QStringLiteral("incidents"), QStringLiteral("variables"), QStringLiteral("feed"),
         QStringLiteral("templates"), QStringLiteral("runbook_base")});
    readIdentity();
    readRunbooks();
    readEntries();
    if (const YamlNode* rules = section("rules")) m_workspace.rules = readRules(*rules, m_mistakes);
    readVariables();
}

void Sections::readIdentity() {
    const YamlNode* node = section("workspace");
    if (!node || node->isNull()) return;
    if (!node->isMap()) {
        m_mistakes.error(*node, "wrong-type", node->text,
                         QStringLiteral("“workspace” must be a map such as {name: Studio}, not %1.")
                             .arg(node->kindName()));
        return;
    }
    reportUnknownKeys(m_mistakes, *node, QStringLiteral("workspace"), {QStringLiteral("name")});
    const YamlNode* name = node->find(QStringLiteral("name"));
    if (name && name->isScalar())
        m_workspace.name = name->text;
    else if (name && !name->isNull())
        m_mistakes.error(*name, "wrong-type", {}, QStringLiteral("“name” must be text."));
}

void Sections::readRunbooks() {
    if (const YamlNode* bundled = section("bundled"); bundled && !bundled->isNull()) {
        const auto flag = bundled->isScalar() ? booleanFromText(bundled->text) : std::nullopt;
        if (flag)
            m_workspace.bundled = *flag;
        else
            m_mistakes.error(
                *bundled, "wrong-type", bundled->text,
                QStringLiteral("“bundled” must be true or false%1.").arg(notWhatIs(*bundled)));
    }
    const YamlNode* node = section("runbooks");
    if (!node || node->isNull()) {
        const QString usual = QDir(m_workspace.folder).absoluteFilePath(QStringLiteral("runbooks"));
        if (QFileInfo(usual).isDir()) m_workspace.runbooks << usual;
    } else if (node->isScalar()) {
        addRunbookPath(*node);
    } else if (node->isSequence()) {
        for (const YamlNode& item : node->items)
            addRunbookPath(item);
    } else {
        m_mistakes.error(
            *node, "wrong-type", {},
            QStringLiteral("“runbooks” must be a list of files and folders, [runbooks]."));
    }
}

void Sections::addRunbookPath(const YamlNode& node) {
    if (!node.isScalar() || node.text.isEmpty()) {
        m_mistakes.error(
            node, "wrong-type", {},
            QStringLiteral("A runbook path must be text, not %1.").arg(node.kindName()));
        return;
    }
    QString path = node.text;
    if (path.startsWith(QLatin1String("~/"))) path = QDir::homePath() + path.mid(1);
    path = QDir::cleanPath(QDir(m_workspace.folder).absoluteFilePath(path));
    if (QFileInfo::exists(path))
        m_workspace.runbooks << path;
    else
        m_mistakes.error(node, "missing-path", node.text,
                         QStringLiteral("There is no file or folder %1. Paths are taken from the "
                                        "folder of %2.")
                             .arg(path, kFile));
}

void Sections::readEntries() {
    EntryReader reader(m_mistakes, m_plugins, m_workspace.folder);
    if (const YamlNode* list = section("sources")) {
        m_workspace.sources = reader.read(*list, {"sources", "source", "source"});
        m_workspace.sourcesLeftOut += reader.leftOut();
    }
    if (const YamlNode* list = section("connections")) {
        m_workspace.connections = reader.read(*list, {"connections", "engine", "connection", true});
        checkSignalling(*list, reader.names(), m_mistakes);
    }
    if (const YamlNode* list = section("probes")) {
        m_workspace.probes = reader.read(*list, {"probes", "probe", "probe"});
        checkSlowness(*list, m_mistakes);
    }
    QStringList channelNames;
    if (const YamlNode* list = section("channels")) {
        m_workspace.channels = reader.read(*list, {"channels", "notifier", "channel"});
        channelNames = reader.names();
        checkFallbacks(*list, channelNames);
    }
    if (const YamlNode* node = section("escalation"))
        m_workspace.escalation =
            EscalationReader(m_mistakes, m_workspace.channels, channelNames).read(*node);
    AnnouncementReader announcements(m_mistakes, m_yaml, channelNames);
    if (const YamlNode* node = section("feed")) m_workspace.feed = announcements.readFeed(*node);
    if (const YamlNode* node = section("templates"))
        m_workspace.wordings = announcements.readTemplates(*node);
    if (const YamlNode* node = section("runbook_base"))
        m_workspace.runbookBase = announcements.readRunbookBase(*node);
    if (const YamlNode* node = section("incidents"))
        m_workspace.incidents = IncidentsReader(m_mistakes, m_workspace.folder).read(*node);
}

void Sections::checkFallbacks(const YamlNode& channels, const QStringList& names) {
    for (Entry& entry : m_workspace.channels) {
        const QString fallback = entry.settings.text(QStringLiteral("fallback"));
        if (fallback.isEmpty() || (names.contains(fallback) && fallback != entry.settings.name))
            continue;
        const YamlNode* value = &channels;
        for (const YamlNode& item : channels.items)
            if (const YamlNode* name = item.find(QStringLiteral("name"));
                name && name->text == entry.settings.name)
                if (const YamlNode* found = item.find(QStringLiteral("fallback"))) value = found;
        m_mistakes.error(*value, "unknown-channel", fallback,
                         fallback == entry.settings.name
                             ? QStringLiteral("Channel “%1” cannot stand in for itself; name "
                                              "another one.")
                                   .arg(fallback)
                             : QStringLiteral("There is no channel “%1” under “channels”.%2")
                                   .arg(fallback, didYouMean(fallback, names)));
        entry.settings.values.remove(QStringLiteral("fallback"));
    }
}

void Sections::readVariables() {
    const YamlNode* node = section("variables");
    if (!node || node->isNull()) return;
    if (!node->isMap()) {
        m_mistakes.error(
            *node, "wrong-type", node->text,
            QStringLiteral("“variables” must be a map such as {repo: acme/app}, not %1.")
                .arg(node->kindName()));
        return;
    }
    for (std::size_t i = 0; i < node->keys.size(); ++i) {
        const YamlNode& value = node->items[i];
        if (!value.isScalar())
            m_mistakes.error(value, "wrong-type", {},
                             QStringLiteral("Variable “%1” must be text, not %2.")
                                 .arg(node->keys[i].text, value.kindName()));
        else if (holdsSecret(value.text))
            m_mistakes.error(
                value, "literal-secret", {},
                QStringLiteral("Variable “%1” has a password or token inside it. Variables "
                               "are shown on the screen: keep secrets out of them.")
                    .arg(node->keys[i].text));
        else
            m_workspace.variables.insert(node->keys[i].text, value.text);
    }
}

Workspace withoutFile(const QString& folder, const char* rule, const QString& message) {
    Workspace workspace;
    workspace.folder = folder;
    workspace.mistakes = {{QDir(folder).filePath(kFile),
                           0,
                           0,
                           QStringLiteral("error"),
                           QString::fromLatin1(rule),
                           {},
                           message}};
    return workspace;
}

/// Sources may stand behind it, unread.
bool isEndOfReading(const Mistake& mistake) {
    return mistake.rule == QLatin1String("yaml-syntax") ||
           mistake.rule == QLatin1String("tab-indent") ||
           mistake.rule == QLatin1String("alias-limit") ||
           mistake.rule == QLatin1String("second-document");
}

}  // namespace

const Mistake* whyNotRead(const Workspace& workspace) {
    for (const Mistake& mistake : workspace.mistakes)
        for (const char* rule : {"no-workspace", "unreadable", "not-text", "too-large"})
            if (mistake.rule == QLatin1String(rule)) return &mistake;
    return nullptr;
}

Workspace parseWorkspace(const QByteArray& yaml, const QString& folder,
                         const QVector<PluginInfo>& plugins) {
    Workspace workspace;
    workspace.folder = QDir(folder).absolutePath();
    workspace.name = QFileInfo(workspace.folder).fileName();
    const QString file = QDir(workspace.folder).filePath(kFile);

    YamlDocument document = parseYaml(yaml, file);
    Mistakes mistakes(file);
    mistakes.add(document.mistakes);
    for (const Mistake& mistake : std::as_const(document.mistakes))
        if (isEndOfReading(mistake)) workspace.sourcesLeftOut.append({kFile, mistake.message});
    if (document.root.isMap())
        Sections(document.root, workspace, mistakes, plugins, yaml).read();
    else if (!document.root.isNull())
        mistakes.error(
            document.root, "wrong-type", document.root.text,
            QStringLiteral("%1 must be a map of sections (sources:, connections:, …), not %2.")
                .arg(kFile, document.root.kindName()));
    if (!document.root.isMap() && !document.root.isNull())
        workspace.sourcesLeftOut.append({kFile, mistakes.decisiveSince(0)});
    workspace.mistakes = mistakes.take();
    return workspace;
}

Workspace readWorkspace(const QString& folder, const QVector<PluginInfo>& plugins) {
    const QFileInfo given(folder);
    const QString place = given.isFile() ? given.absolutePath() : given.absoluteFilePath();
    QFile file(given.isFile() ? given.absoluteFilePath() : QDir(place).filePath(kFile));
    if (!file.exists())
        return withoutFile(
            place, "no-workspace",
            QStringLiteral("There is no %1 in %2. Write one, name another folder with "
                           "--workspace, or start with `tocsin drill`.")
                .arg(kFile, place));
    // A pipe or a device would never end.
    const bool isFile = QFileInfo(file).isFile();
    if (!isFile || !file.open(QIODevice::ReadOnly))
        return withoutFile(
            place, "unreadable",
            QStringLiteral("%1 cannot be read: %2.")
                .arg(file.fileName(),
                     isFile ? file.errorString()
                            : QStringLiteral("it is a folder, a pipe or a device, not a file")));
    return parseWorkspace(file.read(kMostRead), place, plugins);
}

}  // namespace tocsin::workspace

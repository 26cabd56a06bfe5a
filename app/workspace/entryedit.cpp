#include "workspace/entryedit.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <algorithm>

#include "sdk/secret.h"
#include "workspace/yamltext.h"

namespace tocsin::workspace {
namespace {

using Kind = YamlNode::Kind;

YamlNode scalarNode(const QString& text) {
    YamlNode node;
    node.kind = Kind::Scalar;
    node.text = text;
    node.quoted = !isPlainScalar(text);
    return node;
}

bool sameContent(const YamlNode& a, const YamlNode& b) {
    const auto same = [](const std::vector<YamlNode>& x, const std::vector<YamlNode>& y) {
        return std::equal(x.begin(), x.end(), y.begin(), y.end(), sameContent);
    };
    return a.kind == b.kind && a.text == b.text && a.quoted == b.quoted && same(a.keys, b.keys) &&
           same(a.items, b.items);
}

QString textOf(const YamlNode& entry, const QString& key) {
    const YamlNode* value = entry.isMap() ? entry.find(key) : nullptr;
    return value && value->isScalar() ? value->text : QString();
}

YamlNode* itemNamed(YamlNode& list, const QString& name) {
    for (YamlNode& item : list.items)
        if (textOf(item, QStringLiteral("name")).trimmed() == name) return &item;
    return nullptr;
}

/// What the file must say afterwards.
void changeTree(YamlNode& entry, const QVector<KeyChange>& changes) {
    entry.kind = Kind::Map;
    for (const KeyChange& change : changes) {
        const auto at = std::find_if(entry.keys.begin(), entry.keys.end(),
                                     [&](const YamlNode& key) { return key.text == change.key; });
        const auto place = at - entry.keys.begin();
        if (at == entry.keys.end()) {
            if (change.now.isEmpty()) continue;
            const auto behind = placeToAdd(entry);
            entry.keys.insert(entry.keys.begin() + behind, scalarNode(change.key));
            entry.items.insert(entry.items.begin() + behind, scalarNode(change.now));
        } else if (change.now.isEmpty()) {
            entry.keys.erase(at);
            entry.items.erase(entry.items.begin() + place);
        } else {
            entry.items[size_t(place)] = scalarNode(change.now);
        }
    }
}

tl::unexpected<Error> refuse(const YamlNode& at, const QString& what) {
    return fail(ErrorCode::Refused,
                QStringLiteral("tocsin.yaml writes %1 in a way that is not changed from here (line "
                               "%2): change it in an editor.")
                    .arg(what)
                    .arg(at.line));
}

Result<YamlDocument> readable(const QByteArray& yaml) {
    YamlDocument document = parseYaml(yaml, QStringLiteral("tocsin.yaml"));
    if (!document.mistakes.isEmpty()) {
        const Mistake& first = document.mistakes.first();
        return fail(ErrorCode::Refused, QStringLiteral("tocsin.yaml has a mistake in line %1, mend "
                                                       "it first: %2")
                                            .arg(first.line)
                                            .arg(first.message));
    }
    if (!document.root.isMap() && !document.root.isNull())
        return refuse(document.root, QStringLiteral("its sections"));
    return document;
}

tl::unexpected<Error> gone(const QString& name) {
    return fail(ErrorCode::NotFound,
                QStringLiteral("tocsin.yaml has no “%1” any more; somebody changed the file. Close "
                               "this form and look at it again.")
                    .arg(name));
}

/// Whether the entry still says what the person saw.
Result<void> checkUnchanged(const YamlNode& entry, const EntryEdit& edit) {
    for (const KeyChange& change : edit.changes)
        if (textOf(entry, change.key) != change.was)
            return fail(ErrorCode::Refused,
                        QStringLiteral("tocsin.yaml was changed meanwhile: “%1” of %2 is “%3” "
                                       "there. Close this form and open it again.")
                            .arg(change.key, edit.name, redact(textOf(entry, change.key))));
    return {};
}

QString newName(const EntryEdit& edit) {
    for (const KeyChange& change : edit.changes)
        if (change.key == QLatin1String("name")) return change.now;
    return edit.name;
}

/// The list under the key `section`, which is made where it lacks or is empty.
YamlNode& sectionOf(YamlNode& root, const QString& section) {
    auto* list = const_cast<YamlNode*>(root.find(section));
    if (!list) {
        root.keys.push_back(scalarNode(section));
        list = &root.items.emplace_back();
    }
    if (list->isNull()) list->kind = Kind::Sequence;
    return *list;
}

Result<QByteArray> withNew(const QByteArray& yaml, const YamlNode& root, YamlNode& list,
                           const EntryEdit& edit) {
    changeTree(list.items.emplace_back(), edit.changes);
    YamlText text(yaml);
    text.append(root, edit.section, entryLine(edit.changes));
    return text.bytes();
}

/// One key after the other: each change moves what stands behind it.
Result<QByteArray> withChanged(const QByteArray& yaml, YamlNode& list, const EntryEdit& edit) {
    YamlNode* entry = itemNamed(list, edit.name);
    if (!entry) return gone(edit.name);
    if (const auto unchanged = checkUnchanged(*entry, edit); !unchanged)
        return tl::unexpected(unchanged.error());
    QByteArray bytes = yaml;
    for (const KeyChange& change : edit.changes) {
        YamlNode root = parseYaml(bytes, {}).root;
        root.kind = Kind::Map;
        const YamlNode* place = itemNamed(sectionOf(root, edit.section),
                                          textOf(*entry, QStringLiteral("name")).trimmed());
        if (!place) return refuse(*entry, u'“' + edit.name + u'”');
        YamlText text(bytes);
        text.change(*place, change);
        bytes = text.bytes();
        changeTree(*entry, {change});
    }
    return bytes;
}

}  // namespace

QString entryLine(const QVector<KeyChange>& changes) {
    QStringList pairs;
    for (const KeyChange& change : changes)
        if (!change.now.isEmpty())
            pairs << change.key + QStringLiteral(": ") + scalarText(change.now);
    return QStringLiteral("- {%1}").arg(pairs.join(QStringLiteral(", ")));
}

Result<QByteArray> edited(const QByteArray& yaml, const EntryEdit& edit) {
    const auto document = readable(yaml);
    if (!document) return tl::unexpected(document.error());
    YamlNode wanted = document->root;
    wanted.kind = Kind::Map;
    YamlNode& list = sectionOf(wanted, edit.section);
    if (!list.isSequence()) return refuse(list, u'“' + edit.section + u'”');
    const QString name = newName(edit);
    if (name != edit.name && itemNamed(list, name))
        return fail(ErrorCode::Refused,
                    QStringLiteral("There is already a “%1” in tocsin.yaml: choose another name.")
                        .arg(name));
    const auto text = edit.name.isEmpty() ? withNew(yaml, document->root, list, edit)
                                          : withChanged(yaml, list, edit);
    if (!text) return text;
    const YamlDocument after = parseYaml(*text, {});
    if (!after.mistakes.isEmpty() || !sameContent(after.root, wanted))
        return refuse(list, u'“' + (edit.name.isEmpty() ? edit.section : edit.name) + u'”');
    return text;
}

Result<QMap<QString, QString>> entryTexts(const QByteArray& yaml, const QString& section,
                                          const QString& name) {
    auto document = readable(yaml);
    if (!document) return tl::unexpected(document.error());
    auto* list =
        document->root.isMap() ? const_cast<YamlNode*>(document->root.find(section)) : nullptr;
    const YamlNode* entry = list ? itemNamed(*list, name) : nullptr;
    if (!entry) return gone(name);
    QMap<QString, QString> texts;
    for (size_t i = 0; i < entry->keys.size(); ++i)
        if (entry->items[i].isScalar()) texts.insert(entry->keys[i].text, entry->items[i].text);
    return texts;
}

QString workspaceFile(const QString& folder) {
    const QFileInfo given(folder);
    return given.isFile() ? given.absoluteFilePath()
                          : QDir(given.absoluteFilePath()).filePath(QStringLiteral("tocsin.yaml"));
}

Result<QByteArray> editedWorkspaceFile(const QString& folder, const EntryEdit& edit) {
    const QString path = workspaceFile(folder);
    QByteArray before;
    if (QFile file(path); file.exists()) {
        if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::Disk,
                        QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString()));
        before = file.readAll();
    }
    return edited(before, edit);
}

Result<QByteArray> editWorkspaceFile(const QString& folder, const EntryEdit& edit) {
    const QString path = workspaceFile(folder);
    auto after = editedWorkspaceFile(folder, edit);
    if (!after) return after;
    QDir().mkpath(QFileInfo(path).path());
    QSaveFile out(path);
    if (!out.open(QIODevice::WriteOnly) || out.write(*after) < 0 || !out.commit())
        return fail(ErrorCode::Disk,
                    QStringLiteral("%1 cannot be written: %2. Nothing was changed.")
                        .arg(path, out.errorString()));
    return after;
}

}  // namespace tocsin::workspace

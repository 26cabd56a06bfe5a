#include "workspace/entryedit.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>
#include <algorithm>

#include "workspace/yamltree.h"

namespace tocsin::workspace {
namespace {

using Kind = YamlNode::Kind;

/// A value that needs no quotes anywhere in a file.
bool isPlain(const QString& text) {
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9/][A-Za-z0-9_./-]*\\z"));
    return plain.match(text).hasMatch() && text.toLower() != QLatin1String("null");
}

/// As a scalar that nothing in it can end.
QString scalarText(const QString& text) {
    if (isPlain(text)) return text;
    QString quoted;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            quoted += u'\\' + QString(c);
        else if (c < u' ' || c == QChar(0x7f))
            quoted += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
        else
            quoted += c;
    }
    return u'"' + quoted + u'"';
}

YamlNode scalarNode(const QString& text) {
    YamlNode node;
    node.kind = Kind::Scalar;
    node.text = text;
    node.quoted = !isPlain(text);
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

/// Behind the last key whose end is plain to see.
std::ptrdiff_t placeToAdd(const YamlNode& entry) {
    const auto last = std::find_if(entry.items.rbegin(), entry.items.rend(),
                                   [](const YamlNode& item) { return item.isScalar(); });
    return entry.items.rend() - last;
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

/// The text of a file, changed at places that the tree names. A place that is not where it seems
/// to be spoils the text, which is then found out by reading it again.
class Text {
public:
    explicit Text(const QByteArray& yaml) : m_text(QString::fromUtf8(yaml)) {
        m_starts << 0;
        for (qsizetype i = 0; i < m_text.size(); ++i)
            if (m_text[i] == u'\n') m_starts << i + 1;
        m_lineEnd =
            m_text.contains(QStringLiteral("\r\n")) ? QStringLiteral("\r\n") : QStringLiteral("\n");
    }

    void change(const YamlNode& entry, const KeyChange& change);
    void append(const YamlNode& root, const QString& section, const QString& line);
    QByteArray bytes() const { return m_text.toUtf8(); }

private:
    qsizetype at(const YamlNode& node) const {
        const qsizetype place = m_starts.value(node.line - 1, m_text.size()) + node.column - 1;
        return std::min(place, m_text.size());
    }
    QChar charAt(qsizetype place) const {
        return place < m_text.size() ? m_text[place] : QChar(u'\n');
    }
    qsizetype lineBegin(qsizetype place) const { return m_text.lastIndexOf(u'\n', place - 1) + 1; }
    qsizetype lineEnd(qsizetype place) const {
        qsizetype end = m_text.indexOf(u'\n', place);
        if (end < 0) end = m_text.size();
        return end > place && m_text[end - 1] == u'\r' ? end - 1 : end;
    }
    qsizetype scalarEnd(qsizetype from, bool isKey, bool inBraces) const;
    qsizetype valueBegin(const YamlNode& key, bool inBraces) const;
    qsizetype valueEnd(const YamlNode& key, const YamlNode& value, bool inBraces) const;
    void add(const YamlNode& entry, const KeyChange& change);
    void remove(const YamlNode& entry, size_t place);
    qsizetype sectionEnd(const YamlNode& root, const YamlNode& section) const;
    void insertLine(qsizetype at, const QString& line);

    QString m_text, m_lineEnd;
    QVector<qsizetype> m_starts;
};

qsizetype Text::scalarEnd(qsizetype from, bool isKey, bool inBraces) const {
    const QChar quote = charAt(from);
    if (quote == u'"' || quote == u'\'') {
        for (qsizetype i = from + 1; i < m_text.size(); ++i) {
            if (m_text[i] == u'\\' && quote == u'"')
                ++i;
            else if (m_text[i] == quote && charAt(i + 1) == quote && quote == u'\'')
                ++i;
            else if (m_text[i] == quote)
                return i + 1;
        }
        return m_text.size();
    }
    qsizetype end = from;
    for (; end < m_text.size() && m_text[end] != u'\n' && m_text[end] != u'\r'; ++end) {
        const QChar c = m_text[end];
        if (inBraces && (c == u',' || c == u'}' || c == u']')) break;
        if (isKey && c == u':') break;
        if (c == u'#' && end > from && m_text[end - 1].isSpace()) break;
    }
    while (end > from && m_text[end - 1].isSpace())
        --end;
    return end;
}

qsizetype Text::valueBegin(const YamlNode& key, bool inBraces) const {
    qsizetype place = scalarEnd(at(key), true, inBraces);
    while (charAt(place) == u' ')
        ++place;
    ++place;  // the colon
    while (charAt(place) == u' ')
        ++place;
    return std::min(place, m_text.size());
}

qsizetype Text::valueEnd(const YamlNode& key, const YamlNode& value, bool inBraces) const {
    const qsizetype begin = valueBegin(key, inBraces);
    return value.isNull() && charAt(begin) == u'#' ? begin : scalarEnd(begin, false, inBraces);
}

/// Keys are added and taken away, values replaced where they stand.
void Text::change(const YamlNode& entry, const KeyChange& change) {
    const bool inBraces = charAt(at(entry)) == u'{';
    for (size_t i = 0; i < entry.keys.size(); ++i) {
        if (entry.keys[i].text != change.key) continue;
        if (change.now.isEmpty()) return remove(entry, i);
        const qsizetype begin = valueBegin(entry.keys[i], inBraces);
        const qsizetype end = valueEnd(entry.keys[i], entry.items[i], inBraces);
        const QString before = m_text[begin - 1] == u':' ? QStringLiteral(" ") : QString();
        const QString behind = charAt(end) == u'#' ? QStringLiteral(" ") : QString();
        m_text.replace(begin, end - begin, before + scalarText(change.now) + behind);
        return;
    }
    if (!change.now.isEmpty()) add(entry, change);
}

void Text::add(const YamlNode& entry, const KeyChange& change) {
    const auto behind = size_t(placeToAdd(entry));
    if (behind == 0) return;
    const bool inBraces = charAt(at(entry)) == u'{';
    const QString pair = change.key + QStringLiteral(": ") + scalarText(change.now);
    const qsizetype end = valueEnd(entry.keys[behind - 1], entry.items[behind - 1], inBraces);
    if (inBraces)
        m_text.insert(end, QStringLiteral(", ") + pair);
    else
        m_text.insert(lineEnd(end), m_lineEnd + QString(entry.keys[0].column - 1, u' ') + pair);
}

void Text::remove(const YamlNode& entry, size_t place) {
    const bool inBraces = charAt(at(entry)) == u'{';
    qsizetype begin = at(entry.keys[place]);
    qsizetype end = valueEnd(entry.keys[place], entry.items[place], inBraces);
    if (inBraces) {
        while (begin > 0 && m_text[begin - 1].isSpace())
            --begin;
        if (begin > 0 && m_text[begin - 1] == u',')
            --begin;
        else if (charAt(end) == u',')
            ++end;
    } else if (place == 0 && entry.keys.size() > 1) {
        end = at(entry.keys[1]);  // the next one takes its place behind the dash
    } else {
        begin = lineBegin(begin);
        end = std::min(lineEnd(end) + m_lineEnd.size(), m_text.size());
    }
    m_text.remove(begin, end - begin);
}

/// Where the next section begins, before what is written above it.
qsizetype Text::sectionEnd(const YamlNode& root, const YamlNode& section) const {
    int next = int(m_starts.size()) + 1;
    for (const YamlNode& key : root.keys)
        if (key.line > section.line) next = std::min(next, key.line);
    qsizetype line = next - 1;
    while (line > section.line) {
        const qsizetype begin = m_starts[line - 1];
        const QString above = m_text.mid(begin, lineEnd(begin) - begin);
        if (!above.trimmed().isEmpty() && !above.startsWith(u'#')) break;
        --line;
    }
    return m_starts.value(line, m_text.size());
}

void Text::insertLine(qsizetype at, const QString& line) {
    const bool open = at > 0 && m_text[at - 1] != u'\n';
    m_text.insert(at, (open ? m_lineEnd : QString()) + line + m_lineEnd);
}

void Text::append(const YamlNode& root, const QString& section, const QString& line) {
    const YamlNode* list = root.isMap() ? root.find(section) : nullptr;
    if (!list) {
        insertLine(m_text.size(), section + u':');
        return insertLine(m_text.size(), QStringLiteral("  ") + line);
    }
    const auto key = std::find_if(root.keys.begin(), root.keys.end(),
                                  [&](const YamlNode& each) { return each.text == section; });
    QString indent = QStringLiteral("  ");
    if (!list->items.empty()) {
        const qsizetype begin = lineBegin(at(list->items.front()));
        indent = m_text.mid(begin, m_text.indexOf(u'-', begin) - begin);
    } else if (list->isSequence()) {
        const qsizetype begin = valueBegin(*key, false);
        m_text.remove(begin, m_text.indexOf(u']', begin) + 1 - begin);
        return insertLine(lineEnd(begin) + 1, indent + line);
    }
    insertLine(sectionEnd(root, *key), indent + line);
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
                            .arg(change.key, edit.name, textOf(entry, change.key)));
    return {};
}

QString newName(const EntryEdit& edit) {
    for (const KeyChange& change : edit.changes)
        if (change.key == QLatin1String("name")) return change.now;
    return edit.name;
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
    YamlNode* list = const_cast<YamlNode*>(wanted.find(edit.section));
    if (!list) {
        wanted.keys.push_back(scalarNode(edit.section));
        list = &wanted.items.emplace_back();
    }
    if (list->isNull()) list->kind = Kind::Sequence;
    if (!list->isSequence()) return refuse(*list, u'“' + edit.section + u'”');
    const QString name = newName(edit);
    if (name != edit.name && itemNamed(*list, name))
        return fail(ErrorCode::Refused,
                    QStringLiteral("There is already a “%1” in tocsin.yaml: choose another name.")
                        .arg(name));
    Text text(yaml);
    if (edit.name.isEmpty()) {
        changeTree(list->items.emplace_back(), edit.changes);
        text.append(document->root, edit.section, entryLine(edit.changes));
    } else {
        YamlNode* entry = itemNamed(*list, edit.name);
        if (!entry) return gone(edit.name);
        if (const auto unchanged = checkUnchanged(*entry, edit); !unchanged)
            return tl::unexpected(unchanged.error());
        for (const KeyChange& change : edit.changes) {
            const QByteArray soFar = text.bytes();
            YamlNode root = parseYaml(soFar, {}).root;
            auto* now = const_cast<YamlNode*>(root.isMap() ? root.find(edit.section) : nullptr);
            const YamlNode* place =
                now ? itemNamed(*now, textOf(*entry, QStringLiteral("name")).trimmed()) : nullptr;
            if (!place) return refuse(*entry, u'“' + edit.name + u'”');
            text = Text(soFar);
            text.change(*place, change);
            changeTree(*entry, {change});
        }
    }
    const YamlDocument after = parseYaml(text.bytes(), {});
    if (!after.mistakes.isEmpty() || !sameContent(after.root, wanted))
        return refuse(*list, u'“' + (edit.name.isEmpty() ? edit.section : edit.name) + u'”');
    return text.bytes();
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

Result<QByteArray> editWorkspaceFile(const QString& folder, const EntryEdit& edit) {
    const QString path = workspaceFile(folder);
    QByteArray before;
    if (QFile file(path); file.exists()) {
        if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::Disk,
                        QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString()));
        before = file.readAll();
    }
    auto after = edited(before, edit);
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

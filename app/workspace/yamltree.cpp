#include "workspace/yamltree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <QHash>
#include <QStringDecoder>
#include <sstream>

namespace tocsin::workspace {
namespace {

constexpr qsizetype kLargestFile = 1024 * 1024;
// A workspace has a few hundred nodes. Aliases are copied in, so that this also stops "billion
// laughs".
constexpr int kMostNodes = 50000;

struct TooManyNodes {
    YAML::Mark mark;
};

/// Builds the tree from yaml-cpp's events, which carry a mark for every node.
class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(const QByteArray& text, QString file)
        : m_lines(text.split('\n')), m_file(std::move(file)) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(node(YamlNode::Kind::Null, mark), anchor);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::Sequence, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::Map, mark, anchor);
    }
    void OnMapEnd() override { close(); }

    /// After an error: keeps finished entries of the document and of its sections, drops the one
    /// the error stands in.
    void abandon();
    int column(const YAML::Mark& mark) const;

    YamlNode root;
    QVector<Mistake> mistakes;

private:
    struct Open {
        YamlNode node;
        YAML::anchor_t anchor = 0;
        std::optional<YamlNode> key;   ///< of a map whose value has not come yet
        std::vector<YamlNode> merged;  ///< what `<<` brings; the map's own keys win
    };

    YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark);
    void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor);
    void close();
    void add(YamlNode node, YAML::anchor_t anchor);
    void addToMap(Open& map, YamlNode node);
    static void merge(YamlNode& map, const YamlNode& merged);
    void count(int nodes, const YAML::Mark& mark);

    QList<QByteArray> m_lines;
    QString m_file;
    std::vector<Open> m_open;
    QHash<YAML::anchor_t, YamlNode> m_anchors;
    int m_nodes = 0;
};

int sizeOf(const YamlNode& node) {
    int size = 1 + int(node.keys.size());
    for (const YamlNode& item : node.items)
        size += sizeOf(item);
    return size;
}

int TreeBuilder::column(const YAML::Mark& mark) const {
    if (mark.line < 0 || mark.line >= m_lines.size()) return mark.column + 1;
    // yaml-cpp counts bytes; people and editors count characters.
    return int(QString::fromUtf8(m_lines[mark.line].left(mark.column)).size()) + 1;
}

YamlNode TreeBuilder::node(YamlNode::Kind kind, const YAML::Mark& mark) {
    count(1, mark);
    YamlNode made;
    made.kind = kind;
    made.line = mark.line + 1;
    made.column = column(mark);
    return made;
}

void TreeBuilder::count(int nodes, const YAML::Mark& mark) {
    m_nodes += nodes;
    if (m_nodes > kMostNodes) throw TooManyNodes{mark};
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
    YamlNode scalar = node(YamlNode::Kind::Scalar, mark);
    scalar.text = QString::fromUtf8(value.data(), qsizetype(value.size()));
    scalar.quoted = tag == "!";
    add(std::move(scalar), anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    YamlNode copy = m_anchors.value(anchor);
    count(sizeOf(copy), mark);
    copy.line = mark.line + 1;
    copy.column = column(mark);
    add(std::move(copy), 0);
}

void TreeBuilder::open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    m_open.push_back({node(kind, mark), anchor, std::nullopt, {}});
}

void TreeBuilder::close() {
    Open done = std::move(m_open.back());
    m_open.pop_back();
    for (const YamlNode& merged : done.merged)
        merge(done.node, merged);
    add(std::move(done.node), done.anchor);
}

void TreeBuilder::add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) {
        count(sizeOf(node), YAML::Mark());
        m_anchors.insert(anchor, node);
    }
    if (m_open.empty()) {
        root = std::move(node);
    } else if (m_open.back().node.isSequence()) {
        m_open.back().node.items.push_back(std::move(node));
    } else {
        addToMap(m_open.back(), std::move(node));
    }
}

void TreeBuilder::addToMap(Open& map, YamlNode node) {
    if (!map.key) {
        map.key = std::move(node);
        return;
    }
    const YamlNode key = *std::exchange(map.key, std::nullopt);
    if (key.text == QLatin1String("<<") && !key.quoted && node.isMap()) {
        map.merged.push_back(std::move(node));
        return;
    }
    if (map.node.find(key.text)) {
        mistakes.append({m_file, key.line, key.column, QStringLiteral("error"),
                         QStringLiteral("duplicate-key"), key.text,
                         QStringLiteral("“%1” stands here a second time; the first one counts. "
                                        "Remove one of them.")
                             .arg(key.text)});
        return;
    }
    map.node.keys.push_back(key);
    map.node.items.push_back(std::move(node));
}

void TreeBuilder::merge(YamlNode& map, const YamlNode& merged) {
    for (std::size_t i = 0; i < merged.keys.size(); ++i) {
        if (map.find(merged.keys[i].text)) continue;
        map.keys.push_back(merged.keys[i]);
        map.items.push_back(merged.items[i]);
    }
}

void TreeBuilder::abandon() {
    if (m_open.empty()) return;
    YamlNode kept = std::move(m_open.front().node);
    // Depth two is a section; a list keeps its finished entries, a half-read map means nothing.
    if (m_open.size() > 1 && kept.isMap() && m_open[0].key && m_open[1].node.isSequence()) {
        kept.keys.push_back(*m_open[0].key);
        kept.items.push_back(std::move(m_open[1].node));
    }
    root = std::move(kept);
}

bool indentedByTab(const QByteArray& line) {
    for (const char c : line) {
        if (c == '\t') return true;
        if (c != ' ') return false;
    }
    return false;
}

Mistake mistake(const QString& file, int line, int column, const char* rule,
                const QString& message) {
    return {file, line, column, QStringLiteral("error"), QString::fromLatin1(rule), {}, message};
}

/// yaml-cpp's words for people: its message begins with the place, which we give ourselves.
Mistake syntaxMistake(const QByteArray& text, const TreeBuilder& builder,
                      const YAML::Exception& error, const QString& file) {
    const QList<QByteArray> lines = text.split('\n');
    const int last = qMin(error.mark.line, int(lines.size()) - 1);
    for (int line = last; line >= 0 && line >= last - 1; --line) {
        if (indentedByTab(lines[line]))
            return mistake(file, line + 1, int(lines[line].indexOf('\t')) + 1, "tab-indent",
                           QStringLiteral("YAML does not allow tabs for indentation. Replace the "
                                          "tab by spaces."));
    }
    const bool placed = !error.mark.is_null();
    // What yaml-cpp says of brackets that are nested too deeply.
    const QString what = error.msg == YAML::ErrorMsg::BAD_FILE
                             ? QStringLiteral("brackets are nested too deeply")
                             : QString::fromStdString(error.msg);
    return mistake(file, placed ? error.mark.line + 1 : 1, placed ? builder.column(error.mark) : 1,
                   "yaml-syntax",
                   QStringLiteral("The YAML ends making sense here: %1. What stands before it is "
                                  "used; nothing after it is read.")
                       .arg(what));
}

std::optional<Mistake> unreadable(const QByteArray& text, const QString& file) {
    if (text.size() > kLargestFile)
        return mistake(file, 0, 0, "too-large",
                       QStringLiteral("%1 has more than 1024 kB, the most a workspace may have. "
                                      "Is this the right file?")
                           .arg(file));
    QStringDecoder utf8(QStringDecoder::Utf8);
    const QString decoded = utf8(text);
    if (utf8.hasError() || decoded.contains(QChar(0)))
        return mistake(file, 0, 0, "not-text",
                       QStringLiteral("%1 is not UTF-8 text. Save it as UTF-8.").arg(file));
    return std::nullopt;
}

}  // namespace

const YamlNode* YamlNode::find(const QString& key) const {
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (keys[i].text == key) return &items[i];
    return nullptr;
}

const YamlNode* YamlNode::given(const QString& key) const {
    const YamlNode* node = find(key);
    return node && !node->isNull() ? node : nullptr;
}

QString YamlNode::kindName() const {
    switch (kind) {
        case Kind::Null:
            return QStringLiteral("nothing");
        case Kind::Scalar:
            return QStringLiteral("text");
        case Kind::Sequence:
            return QStringLiteral("a list");
        case Kind::Map:
            return QStringLiteral("a map");
    }
    return {};
}

YamlDocument parseYaml(const QByteArray& text, const QString& file) {
    if (const auto bad = unreadable(text, file)) return {{}, {*bad}};

    TreeBuilder builder(text, file);
    try {
        std::istringstream stream(text.toStdString());
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        if (parser)
            builder.mistakes.append(
                mistake(file, 0, 0, "second-document",
                        QStringLiteral("The file holds several YAML documents (“---”); only the "
                                       "first one is read.")));
    } catch (const TooManyNodes& stop) {
        builder.abandon();
        builder.mistakes.append(
            mistake(file, stop.mark.line + 1, builder.column(stop.mark), "alias-limit",
                    QStringLiteral("The file unfolds to more than %1 values, most likely through "
                                   "aliases (*name). Write the values out.")
                        .arg(kMostNodes)));
    } catch (const YAML::Exception& error) {
        builder.abandon();
        builder.mistakes.append(syntaxMistake(text, builder, error, file));
    } catch (const std::exception& error) {
        builder.abandon();
        builder.mistakes.append(
            mistake(file, 0, 0, "yaml-syntax", QString::fromUtf8(error.what())));
    }
    return {std::move(builder.root), std::move(builder.mistakes)};
}

}  // namespace tocsin::workspace

#include "ui/query/replymodel.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;

constexpr std::size_t kFetchedAtOnce = 1000;
// A cell is one line; the raw view has the rest.
constexpr qsizetype kLongestCell = 400;
constexpr qsizetype kLongestCommand = 36;

QString typeName(Reply::Kind kind) {
    switch (kind) {
        case Reply::Kind::Null:
            return u"nil"_s;
        case Reply::Kind::SimpleString:
            return u"status"_s;
        case Reply::Kind::Error:
            return u"error"_s;
        case Reply::Kind::Integer:
            return u"integer"_s;
        case Reply::Kind::BulkString:
            return u"string"_s;
        case Reply::Kind::Boolean:
            return u"boolean"_s;
        case Reply::Kind::Double:
            return u"double"_s;
        case Reply::Kind::BigNumber:
            return u"big number"_s;
        case Reply::Kind::Verbatim:
            return u"text"_s;
        case Reply::Kind::Array:
            return u"array"_s;
        case Reply::Kind::Set:
            return u"set"_s;
        case Reply::Kind::Map:
            return u"map"_s;
        case Reply::Kind::Push:
            return u"push"_s;
    }
    return {};
}

std::size_t entriesOf(ReplyView reply) {
    return reply.kind() == Reply::Kind::Map ? reply.children().size() / 2 : reply.children().size();
}

/// The bytes as text where they are text; else as redis-cli quotes them.
QString readable(ReplyView reply) {
    const QString text = QString::fromUtf8(reply.text());
    const auto odd = [](QChar c) {
        return c == QChar::ReplacementCharacter ||
               (c < u' ' && c != u'\n' && c != u'\r' && c != u'\t');
    };
    return std::any_of(text.begin(), text.end(), odd)
               ? toText(Reply(Reply::Kind::BulkString, reply.text()))
               : text;
}

QString fullText(ReplyView reply) {
    if (reply.kind() == Reply::Kind::Null) return u"(nil)"_s;
    if (reply.kind() == Reply::Kind::Boolean) return reply.text() == "t" ? u"true"_s : u"false"_s;
    if (reply.isAggregate())
        return entriesOf(reply) == 1 ? ReplyModel::tr("1 element")
                                     : ReplyModel::tr("%1 elements").arg(entriesOf(reply));
    return readable(reply);
}

QString oneLine(QString text) {
    const bool cut = text.size() > kLongestCell;
    text.truncate(kLongestCell);
    text.replace(u'\r', QString()).replace(u'\n', u'⏎').replace(u'\t', u' ');
    return cut ? text + u'…' : text;
}

}  // namespace

struct ReplyModel::Node {
    std::optional<ReplyView> key = {};    ///< in a map
    std::optional<ReplyView> value = {};  ///< nothing: the root of nothing
    Node* parent = nullptr;
    int row = 0;
    bool isRoot = false;
    std::vector<std::unique_ptr<Node>> children;  ///< those that were asked for

    /// The root stands for the reply itself: a scalar is its only row, an aggregate's children are.
    bool holdsOneScalar() const { return isRoot && value && !value->isAggregate(); }
    std::size_t entries() const {
        if (!value) return 0;
        return holdsOneScalar() ? 1 : entriesOf(*value);
    }

    void fetch(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            auto child = std::make_unique<Node>();
            const std::size_t at = children.size();
            const bool isMap = value->kind() == Reply::Kind::Map;
            if (isMap) child->key = value->children()[at * 2];
            child->value = holdsOneScalar() ? value : value->children()[isMap ? at * 2 + 1 : at];
            child->parent = this;
            child->row = static_cast<int>(at);
            children.push_back(std::move(child));
        }
    }
};

ReplyModel::ReplyModel(QObject* parent)
    : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) {
    m_root->isRoot = true;
}

ReplyModel::~ReplyModel() = default;

void ReplyModel::setReply(std::shared_ptr<const Reply> reply, const QStringList& commands,
                          const QStringList& after) {
    beginResetModel();
    m_commands = commands;
    m_after = after;
    m_root = std::make_unique<Node>();
    m_root->isRoot = true;
    m_reply = std::move(reply);
    m_notes.clear();
    if (m_reply) m_root->value = m_reply->view();
    m_root->fetch(std::min(kFetchedAtOnce, m_root->entries()));
    endResetModel();
}

void ReplyModel::setNotes(const QHash<QByteArray, QString>& notes) {
    m_notes = notes;
    // The keys of one reply are side by side: at the top, or below SCAN's second value.
    const auto told = [this](const QModelIndex& parent) {
        const int rows = rowCount(parent);
        const int type = static_cast<int>(Column::Type);
        if (rows > 0) emit dataChanged(index(0, type, parent), index(rows - 1, type, parent));
    };
    told({});
    if (rowCount() == 2) told(index(1, 0));
}

ReplyModel::Node* ReplyModel::nodeOf(const QModelIndex& index) const {
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex ReplyModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex ReplyModel::parent(const QModelIndex& index) const {
    if (!index.isValid()) return {};
    Node* parent = nodeOf(index)->parent;
    return parent == m_root.get() ? QModelIndex() : createIndex(parent->row, 0, parent);
}

int ReplyModel::rowCount(const QModelIndex& parent) const {
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int ReplyModel::columnCount(const QModelIndex&) const {
    return static_cast<int>(Column::Count);
}

bool ReplyModel::hasChildren(const QModelIndex& parent) const {
    return parent.column() <= 0 && nodeOf(parent)->entries() > 0;
}

bool ReplyModel::canFetchMore(const QModelIndex& parent) const {
    const Node* node = nodeOf(parent);
    return parent.column() <= 0 && node->children.size() < node->entries();
}

void ReplyModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent)) return;
    Node* node = nodeOf(parent);
    const std::size_t count = std::min(kFetchedAtOnce, node->entries() - node->children.size());
    const int first = static_cast<int>(node->children.size());
    beginInsertRows(parent, first, first + static_cast<int>(count) - 1);
    node->fetch(count);
    endInsertRows();
}

bool ReplyModel::isNumbered(const Node& node) const {
    return !node.key && (node.parent != m_root.get() || m_commands.isEmpty());
}

QString ReplyModel::fieldText(const Node& node) const {
    if (node.key) return fullText(*node.key);
    if (node.parent->holdsOneScalar()) return {};
    return isNumbered(node) ? QString::number(node.row + 1) : m_commands.value(node.row);
}

QVariant ReplyModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Node& node = *nodeOf(index);
    if (role == KindRole) return static_cast<int>(node.value->kind());
    if (role == Qt::TextAlignmentRole && index.column() == static_cast<int>(Column::Field) &&
        isNumbered(node))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != FullTextRole && role != Qt::ToolTipRole) return {};
    QString text;
    switch (static_cast<Column>(index.column())) {
        case Column::Field:
            text = fieldText(node);
            break;
        case Column::Type:
            text = m_notes.isEmpty() ? QString() : m_notes.value(node.value->text());
            if (text.isEmpty()) text = typeName(node.value->kind());
            break;
        case Column::Value:
            text = fullText(*node.value);
            break;
        case Column::After:
            if (node.parent == m_root.get()) text = m_after.value(node.row);
            break;
        case Column::Count:
            break;
    }
    if (role == FullTextRole) return text;
    const bool isCommand = index.column() == static_cast<int>(Column::Field) && !node.key;
    if (isCommand && role == Qt::DisplayRole && text.size() > kLongestCommand)
        return oneLine(text.left(kLongestCommand - 1) + u'…');
    if (role == Qt::ToolTipRole)
        return text.size() > (isCommand ? kLongestCommand : 60) ? QVariant(text.left(2000))
                                                                : QVariant();
    return oneLine(text);
}

QVariant ReplyModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::ToolTipRole && section == static_cast<int>(Column::After))
        return tr("How soon after the script was sent the reply was there");
    if (role != Qt::DisplayRole) return {};
    switch (static_cast<Column>(section)) {
        case Column::Field:
            return !m_commands.isEmpty()                            ? tr("command")
                   : m_reply && m_reply->kind() == Reply::Kind::Map ? tr("field")
                                                                    : tr("#");
        case Column::Type:
            return tr("type");
        case Column::Value:
            return tr("value");
        case Column::After:
            return tr("after");
        case Column::Count:
            break;
    }
    return {};
}

}  // namespace tocsin::ui

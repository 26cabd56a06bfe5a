#include "ui/redis/keytree.h"

#include <algorithm>

#include "ui/redis/keywords.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

constexpr int kExposeMs = 100;

struct KeyTree::Node {
    QByteArray name;
    Node* parent = nullptr;
    int row = 0;
    int shown = 0;       ///< children that views know of
    qint64 keys = 0;     ///< in it and below
    bool isKey = false;  ///< a key of that very name exists
    bool isOpen = false;
    std::vector<std::unique_ptr<Node>> children;
    QHash<QByteArrayView, Node*> byName;  ///< views into the children's names
};

KeyTree::KeyTree(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(kExposeMs);
    connect(&m_soon, &QTimer::timeout, this, &KeyTree::expose);
    clear(":");
}

KeyTree::~KeyTree() = default;

void KeyTree::clear(const QByteArray& separator) {
    beginResetModel();
    m_separator = separator;
    m_root = std::make_unique<Node>();
    m_root->isOpen = true;
    m_open = {m_root.get()};
    m_kept = 0;
    endResetModel();
}

qint64 KeyTree::keyCount() const {
    return m_root->keys;
}

void KeyTree::add(const QByteArrayList& keys) {
    for (const QByteArray& key : keys)
        addKey(key);
    if (!m_soon.isActive()) m_soon.start();
}

KeyTree::Node* KeyTree::childOf(Node* parent, QByteArrayView name) {
    if (const auto found = parent->byName.constFind(name); found != parent->byName.cend())
        return *found;
    // New groups at the top are always named, so that nothing large stays unseen.
    const bool isFull = m_kept >= kMostKept && parent != m_root.get();
    if (isFull || parent->children.size() >= kMostShown) return nullptr;
    auto child = std::make_unique<Node>();
    child->name = name.toByteArray();
    child->parent = parent;
    child->row = static_cast<int>(parent->children.size());
    Node* added = child.get();
    parent->byName.insert(QByteArrayView(added->name), added);
    parent->children.push_back(std::move(child));
    ++m_kept;
    return added;
}

/// Counts the key in every group it is in; where a group is full, its members stay unnamed.
void KeyTree::addKey(const QByteArray& key) {
    Node* node = m_root.get();
    const QByteArrayView all(key);
    qsizetype at = 0;
    ++node->keys;
    for (;;) {
        const qsizetype end = m_separator.isEmpty() ? -1 : all.indexOf(m_separator, at);
        Node* next = childOf(node, end < 0 ? all.sliced(at) : all.sliced(at, end - at));
        if (!next) return;
        if (end < 0 && next->isKey) {  // SCAN may tell a key twice
            for (Node* up = next->parent; up; up = up->parent)
                --up->keys;
            return;
        }
        ++next->keys;
        node = next;
        if (end < 0) break;
        at = end + m_separator.size();
    }
    node->isKey = true;
}

void KeyTree::expose() {
    // NOLINTNEXTLINE(modernize-loop-convert): who hears of new rows may open more
    for (std::size_t i = 0; i < m_open.size(); ++i)
        exposeIn(m_open[i]);
    if (m_root->shown > 0)
        emit dataChanged(index(0, 1), index(m_root->shown - 1, 1), {Qt::DisplayRole});
}

void KeyTree::exposeIn(Node* node) {
    const int all = static_cast<int>(node->children.size());
    if (node->shown >= all || m_isExposing) return;
    m_isExposing = true;  // who hears of new rows may ask for more
    beginInsertRows(indexOf(node), node->shown, all - 1);
    node->shown = all;
    endInsertRows();
    m_isExposing = false;
}

KeyTree::Node* KeyTree::nodeOf(const QModelIndex& index) const {
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex KeyTree::indexOf(const Node* node) const {
    return node == m_root.get() ? QModelIndex()
                                : createIndex(node->row, 0, const_cast<Node*>(node));
}

QModelIndex KeyTree::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex KeyTree::parent(const QModelIndex& index) const {
    return index.isValid() ? indexOf(nodeOf(index)->parent) : QModelIndex();
}

int KeyTree::rowCount(const QModelIndex& parent) const {
    return parent.column() > 0 ? 0 : nodeOf(parent)->shown;
}

int KeyTree::columnCount(const QModelIndex&) const {
    return static_cast<int>(Column::Count);
}

bool KeyTree::hasChildren(const QModelIndex& parent) const {
    return parent.column() <= 0 && !nodeOf(parent)->children.empty();
}

bool KeyTree::canFetchMore(const QModelIndex& parent) const {
    const Node* node = nodeOf(parent);
    return !m_isExposing && parent.column() <= 0 &&
           node->shown < static_cast<int>(node->children.size());
}

void KeyTree::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent)) return;
    Node* node = nodeOf(parent);
    if (!node->isOpen) m_open.push_back(node);
    node->isOpen = true;
    exposeIn(node);
}

QByteArray KeyTree::keyOf(const Node* node) const {
    QByteArray key = node->name;
    for (const Node* up = node->parent; up && up != m_root.get(); up = up->parent)
        key = up->name + m_separator + key;
    return key;
}

QVariant KeyTree::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Node* node = nodeOf(index);
    const bool isName = index.column() == static_cast<int>(Column::Name);
    const bool isGroup = !node->children.empty();
    switch (role) {
        case Qt::DisplayRole:
            if (isName) return QString::fromUtf8(isGroup ? node->name + m_separator : node->name);
            return isGroup ? countText(node->keys) : QString();
        case Qt::ToolTipRole: {
            const QString key = QString::fromUtf8(keyOf(node));
            const auto kept = static_cast<qint64>(node->children.size());
            return kept < kMostShown ? key
                                     : tr("%1\nOnly the first %2 are listed; filter to see others.")
                                           .arg(key, countText(kept));
        }
        case Qt::TextAlignmentRole:
            return QVariant((isName ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        case KeyRole:
            return node->isKey ? keyOf(node) : QByteArray();
        default:
            return {};
    }
}

QVariant KeyTree::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == static_cast<int>(Column::Name) ? tr("key") : tr("keys");
}

}  // namespace tocsin::ui

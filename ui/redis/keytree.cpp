#include "ui/redis/keytree.h"

#include <QHash>
#include <algorithm>
#include <array>
#include <cstring>

#include "ui/redis/keywords.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

constexpr int kExposeMs = 100;
constexpr quint32 kNodesInBlock = 4096;
constexpr std::size_t kNameBlock = 256UL * 1024;
constexpr std::size_t kAtOnce = 32;
constexpr std::size_t kFirstTable = 1024;

struct KeyTree::Node {
    Node* parent = nullptr;
    const char* bytes = nullptr;
    quint32 size = 0;
    quint32 number = 0;
    int row = 0;
    int shown = 0;       ///< children that views know of
    qint64 keys = 0;     ///< in it and below
    bool isKey = false;  ///< a key of that very name exists
    bool isOpen = false;
    std::vector<Node*> children;

    /// Also where none of what is in it is named.
    bool isGroup() const { return !children.empty() || keys > (isKey ? 1 : 0); }
    QByteArrayView name() const { return {bytes, static_cast<qsizetype>(size)}; }
};

static quint32 hashIn(quint32 group, QByteArrayView name) {
    return static_cast<quint32>(
        qHashBits(name.data(), static_cast<std::size_t>(name.size()),
                  (static_cast<std::size_t>(group) + 1) * 0x9e37'79b9'7f4a'7c15ULL));
}

KeyTree::KeyTree(QObject* parent) : QAbstractItemModel(parent) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(kExposeMs);
    connect(&m_soon, &QTimer::timeout, this, &KeyTree::expose);
    clear(":");
}

KeyTree::~KeyTree() = default;

void KeyTree::clear(const QByteArray& separator) {
    beginResetModel();
    m_separator = separator;
    m_nodes.clear();
    m_nodeCount = 0;
    m_names.clear();
    m_nameRoom = 0;
    m_table.assign(kFirstTable, {});
    m_root = newNode();
    m_root->isOpen = true;
    m_open = {m_root};
    m_kept = 0;
    endResetModel();
}

KeyTree::Node* KeyTree::nodeAt(quint32 number) const {
    return &m_nodes[number / kNodesInBlock][number % kNodesInBlock];
}

KeyTree::Node* KeyTree::newNode() {
    if (m_nodeCount % kNodesInBlock == 0)
        m_nodes.push_back(std::make_unique<Node[]>(kNodesInBlock));
    Node* node = nodeAt(m_nodeCount);
    node->number = m_nodeCount++;
    return node;
}

const char* KeyTree::keptName(QByteArrayView name) {
    const auto size = static_cast<std::size_t>(name.size());
    if (size > m_nameRoom) {
        m_nameRoom = std::max(size, kNameBlock);
        m_names.push_back(std::unique_ptr<char[]>(new char[m_nameRoom]));
    }
    // From its end to its beginning: then what is left says where the next goes.
    m_nameRoom -= size;
    char* kept = m_names.back().get() + m_nameRoom;
    if (size > 0) std::memcpy(kept, name.data(), size);
    return kept;
}

qint64 KeyTree::keyCount() const {
    return m_root->keys;
}

/// In two rounds: the table is larger than the processor's memory, and what the second round looks
/// at is on its way while the first goes on.
void KeyTree::add(const QByteArrayList& keys) {
    std::array<Leaf, kAtOnce> leaves;
    std::size_t count = 0;
    for (const QByteArray& key : keys) {
        if (findGroup(key, leaves[count])) {
            __builtin_prefetch(&m_table[leaves[count].hash & (m_table.size() - 1)]);
            ++count;
        }
        if (count < leaves.size()) continue;
        addLeaves(leaves.data(), count);
        count = 0;
    }
    addLeaves(leaves.data(), count);
    if (!m_soon.isActive()) m_soon.start();
}

KeyTree::Node* KeyTree::childOf(Node* parent, QByteArrayView name, quint32 hash) {
    const std::size_t mask = m_table.size() - 1;
    std::size_t at = hash & mask;
    for (; m_table[at].node != 0; at = (at + 1) & mask) {
        if (m_table[at].hash != hash) continue;
        Node* found = nodeAt(m_table[at].node);
        if (found->parent == parent && found->name() == name) return found;
    }
    // New groups at the top are always named, so that nothing large stays unseen.
    const bool isFull = m_kept >= kMostKept && parent != m_root;
    if (isFull || parent->children.size() >= kMostShown) return nullptr;
    Node* added = newNode();
    added->bytes = keptName(name);
    added->size = static_cast<quint32>(name.size());
    added->parent = parent;
    added->row = static_cast<int>(parent->children.size());
    parent->children.push_back(added);
    m_table[at] = {hash, added->number};
    ++m_kept;
    if (static_cast<std::size_t>(m_kept) * 2 > m_table.size()) growTable();
    return added;
}

void KeyTree::growTable() {
    std::vector<Slot> old(m_table.size() * 2);
    old.swap(m_table);
    const std::size_t mask = m_table.size() - 1;
    for (const Slot& slot : old) {
        if (slot.node == 0) continue;
        std::size_t at = slot.hash & mask;
        while (m_table[at].node != 0)
            at = (at + 1) & mask;
        m_table[at] = slot;
    }
}

/// Counts the key in every group it is in. False: the last of them is full, and it stays unnamed.
bool KeyTree::findGroup(QByteArrayView all, Leaf& leaf) {
    Node* node = m_root;
    qsizetype at = 0;
    ++node->keys;
    for (;;) {
        const qsizetype end = m_separator.isEmpty() ? -1 : all.indexOf(m_separator, at);
        const QByteArrayView name = end < 0 ? all.sliced(at) : all.sliced(at, end - at);
        const quint32 hash = hashIn(node->number, name);
        if (end < 0) {
            leaf = {node, name, hash};
            return true;
        }
        Node* next = childOf(node, name, hash);
        if (!next) return false;
        ++next->keys;
        node = next;
        at = end + m_separator.size();
    }
}

void KeyTree::addLeaves(const Leaf* leaves, std::size_t count) {
    for (const Leaf* leaf = leaves; leaf != leaves + count; ++leaf) {
        Node* node = childOf(leaf->group, leaf->name, leaf->hash);
        if (!node) continue;
        if (!node->isKey) {
            node->isKey = true;
            ++node->keys;
            continue;
        }
        for (Node* up = node->parent; up; up = up->parent)  // SCAN may tell a key twice
            --up->keys;
    }
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
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root;
}

QModelIndex KeyTree::indexOf(const Node* node) const {
    return node == m_root ? QModelIndex() : createIndex(node->row, 0, const_cast<Node*>(node));
}

QModelIndex KeyTree::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)]);
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
    QByteArray key = node->name().toByteArray();
    for (const Node* up = node->parent; up && up != m_root; up = up->parent)
        key = up->name().toByteArray() + m_separator + key;
    return key;
}

QVariant KeyTree::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Node* node = nodeOf(index);
    const bool isName = index.column() == static_cast<int>(Column::Name);
    const bool isGroup = node->isGroup();
    switch (role) {
        case Qt::DisplayRole:
            if (isName)
                return QString::fromUtf8(node->name().toByteArray() +
                                         (isGroup ? m_separator : QByteArray()));
            return isGroup ? countText(node->keys) : QString();
        case Qt::ToolTipRole: {
            const QString key = QString::fromUtf8(keyOf(node));
            const auto kept = static_cast<qint64>(node->children.size());
            const bool isWhole = kept < kMostShown && (m_kept < kMostKept || !isGroup);
            return isWhole ? key
                   : kept == 0
                       ? tr("%1\nIts keys are counted and not listed; filter to see them.").arg(key)
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

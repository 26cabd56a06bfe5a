#pragma once
#include <QAbstractItemModel>
#include <QTimer>
#include <memory>
#include <vector>

namespace tocsin::ui {

/// Keys as a tree by a separator: "bull:mail:wait" is wait in mail in bull. Every key is counted,
/// but a group keeps only its first kMostShown members, and no more than kMostKept are kept in all:
/// ten million keys are counts and a few thousand names, not ten million names. Rows are only ever
/// added. GUI thread.
class KeyTree : public QAbstractItemModel {
    Q_OBJECT
public:
    enum class Column { Name, Keys, Count };
    enum Role {
        KeyRole = Qt::UserRole + 1,  ///< the whole key; empty for a group that is no key itself
    };
    static constexpr int kMostShown = 5000;
    static constexpr qint64 kMostKept = 300'000;  ///< names in all groups together, about 50 MB

    explicit KeyTree(QObject* parent = nullptr);
    ~KeyTree() override;

    void clear(const QByteArray& separator);
    /// Counts them at once; rows follow within a tenth of a second.
    void add(const QByteArrayList& keys);
    qint64 keyCount() const;
    /// Names kept in memory.
    qint64 keptCount() const { return m_kept; }

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;
    /// Every node but the root by its group and name, in one table without pointers to follow: most
    /// keys of a large walk are looked up, not found and not kept.
    struct Slot {
        quint32 hash = 0;  ///< tells nearly all others apart without looking at them
        quint32 node = 0;  ///< its number; 0 is the root, and here nothing
    };
    Node* nodeOf(const QModelIndex& index) const;
    QModelIndex indexOf(const Node* node) const;
    /// The last part of a key, before it is looked for.
    struct Leaf {
        Node* group = nullptr;
        QByteArrayView name;
        quint32 hash = 0;
    };
    bool findGroup(QByteArrayView all, Leaf& leaf);
    void addLeaves(const Leaf* leaves, std::size_t count);
    Node* childOf(Node* parent, QByteArrayView name, quint32 hash);
    Node* nodeAt(quint32 number) const;
    Node* newNode();
    const char* keptName(QByteArrayView name);
    void growTable();
    void expose();
    void exposeIn(Node* node);
    QByteArray keyOf(const Node* node) const;

    QByteArray m_separator = ":";
    std::vector<std::unique_ptr<Node[]>> m_nodes;  ///< in blocks, which stay where they are
    quint32 m_nodeCount = 0;
    std::vector<std::unique_ptr<char[]>> m_names;  ///< the same, of all names
    std::size_t m_nameRoom = 0;                    ///< left in the last of them
    std::vector<Slot> m_table;                     ///< a power of two, at most half full
    Node* m_root = nullptr;
    std::vector<Node*> m_open;  ///< whose children a view has asked for
    QTimer m_soon;
    qint64 m_kept = 0;
    bool m_isExposing = false;
};

}  // namespace tocsin::ui

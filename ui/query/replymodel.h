#pragma once
#include <QAbstractItemModel>
#include <QHash>
#include <QStringList>
#include <memory>

#include "sdk/reply.h"

namespace tocsin::ui {

/// A Redis reply as a tree of index or field, type, and value; of a script's replies also when they
/// came. Children appear a thousand at a
/// time, when the view asks for them. Holds the reply; GUI thread.
class ReplyModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum class Column { Field, Type, Value, After, Count };
    enum Role {
        FullTextRole = Qt::UserRole + 1,  ///< the cell's whole text, uncut
        KindRole,                         ///< int of Reply::Kind
    };

    explicit ReplyModel(QObject* parent = nullptr);
    ~ReplyModel() override;

    /// Of a script `commands`, which its replies answer, and `after`, how soon each was there.
    void setReply(std::shared_ptr<const Reply> reply, const QStringList& commands = {},
                  const QStringList& after = {});
    /// What is said of some texts instead of their type: "hash, expires in 4 m" of a key.
    void setNotes(const QHash<QByteArray, QString>& notes);

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
    Node* nodeOf(const QModelIndex& index) const;
    QString fieldText(const Node& node) const;
    bool isNumbered(const Node& node) const;

    std::shared_ptr<const Reply> m_reply;
    QStringList m_commands;
    QStringList m_after;
    QHash<QByteArray, QString> m_notes;
    std::unique_ptr<Node> m_root;
};

}  // namespace tocsin::ui

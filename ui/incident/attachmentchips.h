#pragma once
#include <QWidget>

#include "sdk/message.h"

class QHBoxLayout;
class QPushButton;

namespace tocsin::ui {

/// What goes along with a message: chosen files, results that were offered by a pane. A chip that
/// is checked goes along; one that was chosen by hand goes away when it is unchecked.
class AttachmentChips : public QWidget {
    Q_OBJECT
public:
    explicit AttachmentChips(QWidget* parent = nullptr);

    /// A result that may be of use; the newest two are offered. Goes along once it is checked.
    void offer(const QString& caption, const Attachment& attachment);
    /// Goes along. One of the same file name is replaced.
    void add(const Attachment& attachment);
    QVector<Attachment> chosen() const;
    void clear();

signals:
    void changed();

private:
    struct Item {
        QPushButton* chip = nullptr;
        Attachment attachment;
        bool isOffer = false;
    };

    void append(const QString& caption, const Attachment& attachment, bool isOffer);
    void remove(const QPushButton* chip);

    QVector<Item> m_items;
    QHBoxLayout* m_row;
    int m_number = 0;
};

}  // namespace tocsin::ui

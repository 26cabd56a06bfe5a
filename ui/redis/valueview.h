#pragma once
#include <QPointer>
#include <QWidget>

#include "inspection/bitcount.h"
#include "inspection/keyreading.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace tocsin::inspection {
class Connection;
}
namespace tocsin::theme {
class ElidedLabel;
}

namespace tocsin::ui {

class RecordModel;

/// One key: what it is, then its value a page at a time, whatever its type; the chosen cell as
/// text, JSON, hex or what else it is. GUI thread.
class ValueView : public QWidget {
    Q_OBJECT
public:
    explicit ValueView(theme::Theme& theme, QWidget* parent = nullptr);

    /// Asks for the key's facts, then for its first page. Not owned.
    void show(inspection::Connection* connection, const QByteArray& key);
    using QWidget::show;
    void clear();

signals:
    void valuePicked(const QString& value, const QString& origin);

private:
    void build();
    QLayout* buildHead();
    QLayout* buildForm();
    void ask();
    void takeFacts(ReplyView reply);
    void askPage();
    void takePage(ReplyView reply);
    void takeGroups(ReplyView reply);
    void showGroups(const inspection::ValuePage& groups);
    void addRows(const inspection::ValuePage& page);
    void showCell();
    void writeCell();
    void countBits();
    void showBits();
    void pick(const QModelIndex& index);

    theme::Theme& m_theme;
    QPointer<inspection::Connection> m_connection;
    QByteArray m_key;
    inspection::KeyFacts m_facts;
    inspection::ValuePosition m_position;
    std::optional<inspection::ValuePosition> m_next;
    QVector<QVector<QByteArray>> m_rows;
    QByteArray m_cell;
    bool m_isCut = false;  ///< the cell is only the beginning of what is stored
    quint64 m_round = 0;
    theme::ElidedLabel* m_name;
    QLabel* m_said;
    QPushButton* m_again;
    QPushButton* m_more;
    RecordModel* m_model;
    QTableView* m_table;
    RecordModel* m_groupModel;
    QTableView* m_groups;
    inspection::BitCount m_bitCount;
    QComboBox* m_form;
    QPushButton* m_bits;
    QLabel* m_guess;
    QPlainTextEdit* m_text;
};

}  // namespace tocsin::ui

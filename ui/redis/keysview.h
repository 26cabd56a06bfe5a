#pragma once
#include <QPointer>
#include <QWidget>
#include <memory>

#include "inspection/keysample.h"
#include "inspection/keysieve.h"
#include "sdk/clock.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QTreeView;

namespace tocsin::inspection {
class Connection;
class KeyWalk;
}  // namespace tocsin::inspection

namespace tocsin::ui {

class KeyTree;
class SizesView;
class ValueView;

/// The keys of a Redis as a tree, found with SCAN in steps that leave room for others, and what a
/// key holds. Nothing is asked before somebody presses Walk or comes here. GUI thread.
class KeysView : public QWidget {
    Q_OBJECT
public:
    KeysView(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);
    ~KeysView() override;

    /// Not owned; null shows nothing.
    void setConnection(inspection::Connection* connection);

signals:
    void valuePicked(const QString& value, const QString& origin);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QLayout* buildBar();
    void buildFilter();
    QLayout* buildFilterRow();
    inspection::KeyFilter filter() const;
    void buildTree();
    void walk();
    void takeKeys(const QByteArrayList& keys);
    void showProgress();
    void showEnd(const QString& problem);
    void measure();
    void showKey(const QByteArray& key);

    theme::Theme& m_theme;
    Clock& m_clock;
    QPointer<inspection::Connection> m_connection;
    std::unique_ptr<inspection::KeyWalk> m_walk;
    inspection::Reservoir m_sample;
    bool m_isWhole = false;  ///< the last walk saw every key
    QLineEdit* m_pattern;
    QComboBox* m_type;
    QComboBox* m_expiry;
    QComboBox* m_size;
    QLineEdit* m_separator;
    QPushButton* m_button;
    QPushButton* m_measure;
    QLabel* m_status;
    QSplitter* m_parts;
    KeyTree* m_model;
    QTreeView* m_tree;
    SizesView* m_sizes;
    ValueView* m_value;
};

}  // namespace tocsin::ui

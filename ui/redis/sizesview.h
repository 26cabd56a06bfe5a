#pragma once
#include <QWidget>
#include <memory>

#include "inspection/keysample.h"
#include "sdk/clock.h"

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace tocsin::inspection {
class Connection;
class KeySizes;
}  // namespace tocsin::inspection

namespace tocsin::ui {

class RecordModel;

/// What takes the memory: a fair sample of the keys that were found, by prefix and one by one.
/// GUI thread.
class SizesView : public QWidget {
    Q_OBJECT
public:
    /// `clock` outlives the view.
    explicit SizesView(Clock& clock, QWidget* parent = nullptr);
    ~SizesView() override;

    void setConnection(inspection::Connection* connection);
    /// `keys` are a sample of `keysInAll`; `isWhole` when those were all there are.
    void measure(const QByteArrayList& keys, qint64 keysInAll, const QByteArray& separator,
                 bool isWhole);

signals:
    void keyChosen(const QByteArray& key);

private:
    enum Filter { All, NoExpiry, ExpiresSoon, Large };
    void showSizes();
    void showStatus();
    void showKeys();
    bool passes(const inspection::KeyFacts& facts) const;

    Clock& m_clock;
    std::unique_ptr<inspection::KeySizes> m_measuring;
    qint64 m_keysInAll = 0;
    QByteArray m_separator;
    bool m_isWhole = false;
    QLabel* m_status;
    QComboBox* m_filter;
    QPushButton* m_stop;
    RecordModel* m_prefixes;
    QTableView* m_prefixTable;
    RecordModel* m_keys;
    QTableView* m_keyTable;
};

}  // namespace tocsin::ui

#pragma once
#include <QComboBox>

namespace tocsin::ui {

/// Which channel something is posted to: "#incidents". The same wherever one is chosen.
class ChannelBox : public QComboBox {
    Q_OBJECT
public:
    explicit ChannelBox(const QString& name, QWidget* parent = nullptr);

    /// Keeps what was chosen where it is still there.
    void setChannels(const QStringList& channels);
    /// The first one when there is none of that name.
    void choose(const QString& channel);
    QString channel() const { return currentData().toString(); }

signals:
    void chosen();
};

}  // namespace tocsin::ui

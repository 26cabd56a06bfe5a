#pragma once
#include <QMap>
#include <QWidget>

class QHBoxLayout;

namespace tocsin::ui {

/// Who is called: one chip per name that the chosen channel can mention.
class MentionChips : public QWidget {
    Q_OBJECT
public:
    explicit MentionChips(QWidget* parent = nullptr);

    /// Names that can be mentioned in `channel`.
    void setNames(const QString& channel, const QStringList& names);
    /// Shows those of this channel; a name that both have stays chosen.
    void showFor(const QString& channel);
    QStringList chosen() const;
    void clear();  ///< nobody is called

signals:
    void changed();

private:
    void rebuild();

    QMap<QString, QStringList> m_names;
    QString m_channel;
    QHBoxLayout* m_row;
};

}  // namespace tocsin::ui

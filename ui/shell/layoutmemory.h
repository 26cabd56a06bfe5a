#pragma once
#include <QObject>
#include <QVariantMap>

namespace tocsin::ui {

/// How the window was left: sizes, places, theme. Read once when it is made (a few hundred bytes,
/// before the window is shown); written on a pool thread, later changes win.
class LayoutMemory : public QObject {
    Q_OBJECT
public:
    explicit LayoutMemory(const QString& file, QObject* parent = nullptr);

    QVariant value(const QString& key) const { return m_values.value(key); }
    void set(const QString& key, const QVariant& value);
    /// Writes what was set since the last call.
    void save();

private:
    QString m_file;
    QVariantMap m_values;
    bool m_dirty = false;
};

}  // namespace tocsin::ui

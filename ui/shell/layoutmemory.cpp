#include "ui/shell/layoutmemory.h"

#include <QSettings>
#include <QtConcurrent>

namespace tocsin::ui {

LayoutMemory::LayoutMemory(const QString& file, QObject* parent) : QObject(parent), m_file(file) {
    if (m_file.isEmpty()) return;
    const QSettings settings(m_file, QSettings::IniFormat);
    for (const QString& key : settings.allKeys())
        m_values.insert(key, settings.value(key));
}

void LayoutMemory::set(const QString& key, const QVariant& value) {
    if (m_values.value(key) == value) return;
    m_values.insert(key, value);
    m_dirty = true;
}

void LayoutMemory::save() {
    if (!m_dirty || m_file.isEmpty()) return;
    m_dirty = false;
    (void)QtConcurrent::run([file = m_file, values = m_values] {
        QSettings settings(file, QSettings::IniFormat);
        for (auto it = values.begin(); it != values.end(); ++it)
            settings.setValue(it.key(), it.value());
    });
}

}  // namespace tocsin::ui

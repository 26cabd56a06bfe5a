#pragma once
#include <QCoreApplication>
#include <QDir>
#include <QWidget>

namespace tocsin::ui::test {

/// Saves what `widget` looks like into the folder that TOCSIN_PICTURES names, for people to look
/// at; does nothing without it.
inline void picture(QWidget& widget, const QString& name) {
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    if (folder.isEmpty()) return;
    QCoreApplication::processEvents();
    widget.grab().save(QDir(folder).filePath(name + QStringLiteral(".png")));
}

}  // namespace tocsin::ui::test

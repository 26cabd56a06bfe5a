#pragma once
#include <QLocale>
#include <QString>

namespace tocsin::ui {

/// "1.4 kB": powers of 1024 with the traditional names, the same everywhere in the panes.
inline QString sizeText(qint64 bytes) {
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat);
}

}  // namespace tocsin::ui

#include "sdk/figures.h"

#include <QLocale>

namespace tocsin {

QString countText(qint64 count) {
    QLocale locale = QLocale::c();
    locale.setNumberOptions(QLocale::DefaultNumberOptions);  // the C locale leaves groups out
    return locale.toString(count).replace(u',', u' ');
}

QString sizeText(qint64 bytes) {
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat);
}

}  // namespace tocsin

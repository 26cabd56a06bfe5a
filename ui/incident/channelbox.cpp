#include "ui/incident/channelbox.h"

#include <QSignalBlocker>
#include <algorithm>

namespace tocsin::ui {

ChannelBox::ChannelBox(const QString& name, QWidget* parent) : QComboBox(parent) {
    setObjectName(name);
    setAccessibleName(tr("Channel"));
    connect(this, &QComboBox::currentIndexChanged, this, &ChannelBox::chosen);
}

void ChannelBox::setChannels(const QStringList& channels) {
    QStringList shown;
    for (int i = 0; i < count(); ++i)
        shown << itemData(i).toString();
    if (shown == channels) return;
    const QString before = channel();
    {
        const QSignalBlocker quiet(this);
        clear();
        for (const QString& name : channels)
            addItem(u'#' + name, name);
        choose(before);
    }
    emit chosen();
}

void ChannelBox::choose(const QString& channel) {
    setCurrentIndex(std::max(0, findData(channel)));
}

}  // namespace tocsin::ui

#include "ui/incident/mentionchips.h"

#include <QBoxLayout>
#include <QPushButton>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

MentionChips::MentionChips(QWidget* parent) : QWidget(parent) {
    setObjectName(u"composerMentions"_s);
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(6);
}

void MentionChips::setNames(const QString& channel, const QStringList& names) {
    m_names[channel] = names;
    if (channel == m_channel) rebuild();
}

void MentionChips::showFor(const QString& channel) {
    if (channel == m_channel) return;
    m_channel = channel;
    rebuild();
}

QStringList MentionChips::chosen() const {
    QStringList names;
    for (int i = 0; i < m_row->count(); ++i) {
        const auto* chip = qobject_cast<QPushButton*>(m_row->itemAt(i)->widget());
        if (chip && chip->isChecked()) names << chip->property("mention").toString();
    }
    return names;
}

void MentionChips::clear() {
    for (int i = 0; i < m_row->count(); ++i)
        if (auto* chip = qobject_cast<QPushButton*>(m_row->itemAt(i)->widget()))
            chip->setChecked(false);
}

void MentionChips::rebuild() {
    const QStringList before = chosen();
    while (QLayoutItem* item = m_row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QString& name : m_names.value(m_channel)) {
        auto* chip = new QPushButton(u'@' + name);
        chip->setObjectName(u"mention_"_s + name);
        chip->setAccessibleName(tr("Mention %1").arg(name));
        chip->setCheckable(true);
        chip->setChecked(before.contains(name));
        chip->setProperty("mention", name);
        setRole(chip, u"chip"_s);
        connect(chip, &QPushButton::toggled, this, &MentionChips::changed);
        m_row->addWidget(chip);
    }
    emit changed();
}

}  // namespace tocsin::ui

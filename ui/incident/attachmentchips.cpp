#include "ui/incident/attachmentchips.h"

#include <QBoxLayout>
#include <QPushButton>
#include <algorithm>

#include "sdk/figures.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

namespace {

constexpr int kMostOffers = 2;
constexpr int kLongestCaption = 150;  // pixels

QString sizeOf(const Attachment& attachment) {
    return sizeText(attachment.content.size());
}

}  // namespace

AttachmentChips::AttachmentChips(QWidget* parent) : QWidget(parent) {
    setObjectName(u"composerAttachments"_s);
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(6);
    hide();
}

void AttachmentChips::offer(const QString& caption, const Attachment& attachment) {
    QVector<QPushButton*> unused;
    for (const Item& item : std::as_const(m_items))
        if (item.isOffer && !item.chip->isChecked()) unused.append(item.chip);
    for (qsizetype i = 0; i + kMostOffers <= unused.size(); ++i)
        remove(unused.at(i));
    append(tr("attach: %1").arg(caption), attachment, true);
}

void AttachmentChips::add(const Attachment& attachment) {
    for (const Item& item : std::as_const(m_items))
        if (!item.isOffer && item.attachment.filename == attachment.filename) {
            remove(item.chip);
            break;
        }
    append(attachment.filename, attachment, false);
    m_items.last().chip->setChecked(true);
}

void AttachmentChips::append(const QString& caption, const Attachment& attachment, bool isOffer) {
    auto* chip = new QPushButton;
    chip->setText(chip->fontMetrics().elidedText(caption, Qt::ElideMiddle, kLongestCaption));
    chip->setObjectName(u"attachment_%1"_s.arg(++m_number));
    chip->setAccessibleName(caption);
    chip->setToolTip(u"%1 · %2 · %3"_s.arg(
        attachment.filename, sizeOf(attachment),
        isOffer ? tr("goes along when it is checked") : tr("goes along; press to leave it out")));
    chip->setCheckable(true);
    setRole(chip, u"chip"_s);
    m_items.append({chip, attachment, isOffer});
    m_row->addWidget(chip);
    show();
    connect(chip, &QPushButton::toggled, this, [this, chip, isOffer](bool checked) {
        if (!checked && !isOffer) remove(chip);
        emit changed();
    });
    emit changed();
}

void AttachmentChips::remove(const QPushButton* chip) {
    const auto at = std::find_if(m_items.begin(), m_items.end(),
                                 [chip](const Item& item) { return item.chip == chip; });
    if (at == m_items.end()) return;
    at->chip->hide();
    at->chip->deleteLater();
    m_items.erase(at);
    setVisible(!m_items.isEmpty());
}

QVector<Attachment> AttachmentChips::chosen() const {
    QVector<Attachment> out;
    for (const Item& item : m_items)
        if (item.chip->isChecked()) out.append(item.attachment);
    return out;
}

void AttachmentChips::clear() {
    while (!m_items.isEmpty())
        remove(m_items.first().chip);
    emit changed();
}

}  // namespace tocsin::ui

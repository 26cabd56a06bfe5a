#include "ui/query/receiptview.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QFormLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QPushButton>

#include "ui/query/sqloutcome.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

ReceiptView::ReceiptView(theme::Theme& theme, QWidget* parent)
    : QScrollArea(parent),
      m_theme(theme),
      m_page(new QWidget(this)),
      m_form(new QFormLayout),
      m_copy(new QPushButton(tr("Copy as JSON"), this)) {
    setObjectName(u"receipt"_s);
    setAccessibleName(tr("Receipt of the last run"));
    setWidgetResizable(true);
    setFrameShape(NoFrame);
    m_copy->setObjectName(u"receiptCopy"_s);
    m_copy->setAccessibleName(tr("Copy the receipt as JSON"));
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_form->setHorizontalSpacing(18);
    m_form->setVerticalSpacing(5);
    auto* all = new QVBoxLayout(m_page);
    all->setContentsMargins(14, 10, 14, 10);
    all->addLayout(m_form);
    all->addWidget(m_copy, 0, Qt::AlignLeft);
    all->addStretch(1);
    setWidget(m_page);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(json()); });
    showNone(tr("Nothing was run yet. Each run leaves its receipt here and in the timeline."));
}

void ReceiptView::showNone(const QString& why) {
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
    m_receipt.reset();
    m_copy->hide();
    add({}, why, u"muted"_s);
}

void ReceiptView::add(const QString& label, const QString& text, const QString& role) {
    auto* value = new QLabel(m_page);
    value->setTextFormat(Qt::PlainText);
    value->setText(text);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    value->setAccessibleName(label.isEmpty() ? text : label + u": "_s + text);
    theme::setRole(value, role);
    if (label.isEmpty()) return m_form->addRow(value);
    auto* name = new QLabel(label, m_page);
    theme::setRole(name, u"muted"_s);
    m_form->addRow(name, value);
}

void ReceiptView::show(const Receipt& receipt) {
    showNone({});
    m_form->removeRow(0);
    m_receipt = receipt;
    fill(receipt);
    m_copy->show();
}

void ReceiptView::fill(const Receipt& receipt) {
    const ServerIdentity& server = receipt.server;
    add(tr("Server"), tr("%1 · %2 %3 · %4")
                          .arg(server.address, server.product, server.version,
                               server.replica ? tr("replica") : tr("primary")));
    add(tr("Role"), server.user);
    if (!server.warnings.isEmpty()) add(tr("Beware"), server.warnings.join(u'\n'), u"warning"_s);
    add(tr("Verdict"),
        receipt.verdict.effect == Effect::ReadOnly ? tr("read-only") : tr("changes something"),
        receipt.verdict.effect == Effect::ReadOnly ? u"ok"_s : u"critical"_s);
    if (!receipt.verdict.reason.isEmpty()) add(tr("Because"), receipt.verdict.reason);
    if (!receipt.unlockReason.isEmpty())
        add(tr("Unlocked for"), receipt.unlockReason, u"critical"_s);
    add(tr("Guards in force"), receipt.guards.join(u'\n'));
    add(tr("Started"), receipt.startedAt.toUTC().toString(u"yyyy-MM-dd HH:mm:ss.zzz 'UTC'"_s));
    add(tr("Took"),
        tr("first row %1, all %2").arg(spanText(receipt.firstRow), spanText(receipt.total)));
    add(tr("Rows"), tr("%1, %2").arg(QString::number(receipt.rows), bytesText(receipt.bytes)));
    // In two lines: as one word it would be wider than the pane and take the rest along.
    QByteArray sum = receipt.sha256;
    add(tr("SHA-256"), QString::fromLatin1(sum.insert(sum.size() / 2, sum.isEmpty() ? "" : "\n")));
    add(tr("Statement"), receipt.statement);
}

QString ReceiptView::json() const {
    if (!m_receipt) return {};
    return QString::fromUtf8(QJsonDocument(m_receipt->toJson()).toJson());
}

}  // namespace tocsin::ui

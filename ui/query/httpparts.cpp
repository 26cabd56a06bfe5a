#include "ui/query/httpparts.h"

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

QLayout* HttpPane::Parts::buildRequestLine() {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    method = new QComboBox(pane);
    method->setObjectName(u"httpMethod"_s);
    method->setAccessibleName(tr("HTTP method"));
    method->addItems({u"GET"_s, u"HEAD"_s, u"POST"_s, u"PUT"_s, u"PATCH"_s, u"DELETE"_s});
    url = new QLineEdit(pane);
    url->setObjectName(u"httpUrl"_s);
    url->setAccessibleName(tr("Address"));
    url->setPlaceholderText(tr("https://app.example/api/health"));
    url->setFont(theme.monoFont());
    theme::setRole(url, u"code"_s);
    sendButton = new QPushButton(tr("▶ Send"), pane);
    sendButton->setObjectName(u"httpSend"_s);
    sendButton->setAccessibleName(tr("Send the request"));
    theme::setRole(sendButton, u"primary"_s);
    cancelButton = new QPushButton(tr("■ Cancel"), pane);
    cancelButton->setObjectName(u"httpCancel"_s);
    cancelButton->setAccessibleName(tr("Cancel the request"));
    cancelButton->setEnabled(false);
    row->addWidget(method);
    row->addWidget(url, 1);
    row->addWidget(sendButton);
    row->addWidget(cancelButton);
    return row;
}

QLayout* HttpPane::Parts::buildNotice() {
    auto* row = new QHBoxLayout;
    notice = new QFrame(pane);
    auto* inside = new QHBoxLayout(notice);
    inside->setContentsMargins(12, 8, 12, 8);
    noticeText = new QLabel(notice);
    noticeText->setObjectName(u"httpNotice"_s);
    noticeText->setWordWrap(true);
    noticeText->setTextFormat(Qt::PlainText);
    noticeText->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    decline = new QPushButton(tr("Do not send"), notice);
    decline->setObjectName(u"httpDecline"_s);
    confirm = new QPushButton(notice);
    confirm->setObjectName(u"httpConfirm"_s);
    theme::setRole(confirm, u"danger"_s);
    inside->addWidget(noticeText, 1);
    inside->addWidget(decline);
    inside->addWidget(confirm);
    row->addWidget(notice);
    notice->hide();
    return row;
}

QLayout* HttpPane::Parts::buildStatus() {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    chip = new theme::Chip(theme, pane);
    chip->setObjectName(u"httpStatus"_s);
    chip->setFocusPolicy(Qt::NoFocus);
    chip->hide();
    status = new theme::ElidedLabel(tr("Nothing sent yet"), pane);
    status->setObjectName(u"httpTiming"_s);
    theme::setRole(status, u"muted"_s);
    row->addWidget(chip);
    row->addWidget(status, 1);
    return row;
}

QPlainTextEdit* HttpPane::Parts::buildText(const QString& name, const QString& accessible) {
    auto* text = new QPlainTextEdit(pane);
    text->setObjectName(name);
    text->setAccessibleName(accessible);
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setFont(theme.monoFont());
    theme::setRole(text, u"code"_s);
    return text;
}

void HttpPane::Parts::buildAnswer(QVBoxLayout* layout) {
    tabs = new QTabWidget(pane);
    tabs->setObjectName(u"httpTabs"_s);
    tabs->setDocumentMode(true);
    body = buildText(u"httpBody"_s, tr("Body of the answer"));
    headers = buildText(u"httpHeaders"_s, tr("Headers of the answer"));
    tabs->addTab(body, tr("Body"));
    tabs->addTab(headers, tr("Headers"));
    layout->addWidget(tabs, 1);
}

}  // namespace tocsin::ui

#include "ui/incident/inlineform.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>

#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using theme::setRole;

InlineForm::InlineForm(const QString& name, const QString& sentence, QWidget* parent)
    : QFrame(parent) {
    setObjectName(name);
    setAccessibleName(sentence);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(4);
    m_row = new QHBoxLayout;
    m_row->setSpacing(8);
    column->addLayout(m_row);

    m_sentence = new theme::ElidedLabel(sentence);
    m_confirm = new QPushButton;
    m_cancel = new QPushButton(tr("Cancel"));
    m_cancel->setObjectName(name + u"Cancel"_s);
    setRole(m_cancel, u"ghost"_s);
    m_row->addWidget(m_sentence);
    m_row->addWidget(m_confirm);
    m_row->addWidget(m_cancel);
    m_row->addStretch(0);

    m_error = new QLabel;
    m_error->setWordWrap(true);
    m_error->setObjectName(name + u"Error"_s);
    setRole(m_error, u"critical"_s);
    m_error->hide();
    column->addWidget(m_error);

    connect(m_confirm, &QPushButton::clicked, this, &InlineForm::confirmed);
    connect(m_cancel, &QPushButton::clicked, this, &InlineForm::cancelled);
    hide();
}

QLineEdit* InlineForm::addField(const QString& name, const QString& label,
                                const QString& placeholder) {
    auto* field = new QLineEdit;
    field->setObjectName(name);
    field->setAccessibleName(label);
    field->setPlaceholderText(placeholder);
    field->setMinimumWidth(96);
    if (!m_first) m_first = field;
    const int at = m_row->indexOf(m_confirm);
    m_row->insertWidget(at, field, 1);
    connect(field, &QLineEdit::returnPressed, m_confirm, &QPushButton::click);
    return field;
}

QComboBox* InlineForm::addChoice(const QString& name, const QString& label,
                                 const QStringList& choices) {
    auto* choice = new QComboBox;
    choice->setObjectName(name);
    choice->setAccessibleName(label);
    choice->addItems(choices);
    if (!m_first) m_first = choice;
    m_row->insertWidget(m_row->indexOf(m_confirm), choice);
    return choice;
}

void InlineForm::setConfirm(const QString& name, const QString& text, const QString& role) {
    m_confirm->setObjectName(name);
    m_confirm->setText(text);
    m_confirm->setAccessibleName(text);
    setRole(m_confirm, role);
}

void InlineForm::setSentence(const QString& sentence) {
    m_sentence->setText(sentence);
    setAccessibleName(sentence);
}

void InlineForm::ask() {
    showError({});
    setBusy(false);
    show();
    QWidget* first = m_first ? m_first : m_confirm;
    first->setFocus(Qt::OtherFocusReason);
    if (auto* field = qobject_cast<QLineEdit*>(first)) field->selectAll();
}

void InlineForm::setBusy(bool busy) {
    m_confirm->setEnabled(!busy);
}

void InlineForm::showError(const QString& sentence) {
    m_error->setText(sentence);
    m_error->setVisible(!sentence.isEmpty());
    setBusy(false);
}

void InlineForm::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        emit cancelled();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
             m_confirm->isEnabled())
        m_confirm->click();
    else
        QFrame::keyPressEvent(event);
}

}  // namespace tocsin::ui

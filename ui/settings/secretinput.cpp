#include "ui/settings/secretinput.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalBlocker>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

SecretInput::SecretInput(const QString& name)
    : FieldInput(new QComboBox),
      m_where(static_cast<QComboBox*>(part())),
      m_name(new QLineEdit(this)),
      m_value(new QLineEdit(this)) {
    m_where->addItem(tr("none"), QString());
    m_where->addItem(tr("keyring"), u"keychain:"_s);
    m_where->addItem(tr("variable"), u"env:"_s);
    m_where->addItem(tr("file"), u"file:"_s);
    m_name->setObjectName(name + u"Name"_s);
    m_value->setObjectName(name + u"Value"_s);
    m_value->setAccessibleName(tr("The secret itself, for the keyring"));
    m_value->setEchoMode(QLineEdit::Password);
    m_value->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData |
                                 Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    auto* row = static_cast<QHBoxLayout*>(layout());
    row->setSpacing(6);
    row->addWidget(m_name, 1);
    row->addWidget(m_value, 1);
    connect(m_where, &QComboBox::currentIndexChanged, this, [this] {
        m_name->clear();  // of another kind of place
        showWhere();
        emit changed();
    });
    connect(m_name, &QLineEdit::textEdited, this, &FieldInput::changed);
    connect(m_value, &QLineEdit::textEdited, this, &FieldInput::changed);
    showWhere();
}

QString SecretInput::text() const {
    const QString where = m_where->currentData().toString();
    if (where.isEmpty()) return {};
    const QString name = m_name->text().trimmed();
    return where + (name.isEmpty() ? m_name->placeholderText() : name);
}

void SecretInput::setText(const QString& text) {
    const QSignalBlocker quiet(m_where);
    m_isKept = !text.isEmpty();
    m_where->setCurrentIndex(0);
    for (int i = 1; i < m_where->count(); ++i)
        if (text.startsWith(m_where->itemData(i).toString())) m_where->setCurrentIndex(i);
    m_name->setText(text.mid(m_where->currentData().toString().size()));
    m_value->clear();
    showWhere();
}

void SecretInput::setProposal(const QString& name) {
    if (m_where->currentData().toString() == u"keychain:") m_name->setPlaceholderText(name);
}

Secret SecretInput::typed() const {
    return m_value->isHidden() || m_value->text().isEmpty() ? Secret() : Secret(m_value->text());
}

void SecretInput::setTyped(const Secret& secret) {
    m_where->setCurrentIndex(1);
    m_value->setText(secret.reveal());
}

void SecretInput::setWrong(bool wrong) {
    m_name->setProperty("invalid", wrong);
    theme::restyle(m_name);
}

void SecretInput::showWhere() {
    const QString where = m_where->currentData().toString();
    m_name->setVisible(!where.isEmpty());
    m_value->setVisible(where == u"keychain:");
    m_name->setPlaceholderText(where == u"env:" ? u"PGPASSWORD"_s : QString());
    m_name->setAccessibleName(where == u"env:"    ? tr("Name of the variable")
                              : where == u"file:" ? tr("Path of the file")
                                                  : tr("Name in the keyring"));
    m_value->setPlaceholderText(m_isKept ? tr("type to replace it") : tr("type it once"));
}

}  // namespace tocsin::ui

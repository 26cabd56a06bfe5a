#pragma once
#include "ui/settings/fieldinput.h"

class QComboBox;
class QLineEdit;

namespace tocsin::ui {

/// Where a secret is kept: keyring, variable or file; never the secret itself. One for the keyring
/// can be typed here.
class SecretInput : public FieldInput {
    Q_OBJECT
public:
    explicit SecretInput(const QString& name);

    QString text() const override;
    void setText(const QString& text) override;
    void setProposal(const QString& name) override;
    Secret typed() const override;
    void setTyped(const Secret& secret) override;
    void setWrong(bool wrong) override;

private:
    void showWhere();

    QComboBox* m_where;
    QLineEdit *m_name, *m_value;
    bool m_isKept = false;  // the file refers to it already
};

}  // namespace tocsin::ui

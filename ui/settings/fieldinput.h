#pragma once
#include <QWidget>

#include "sdk/field.h"
#include "sdk/secret.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// One field of a plugin as a person fills it in. Its text is what tocsin.yaml holds, without
/// quotes; empty leaves the key out. GUI thread.
class FieldInput : public QWidget {
    Q_OBJECT
public:
    /// What fits the field's kind. `name` is the objectName of the part that takes the keyboard.
    /// Null for kinds that have no input: maps and lists stay with the file.
    static FieldInput* make(theme::Theme& theme, const Field& field, const QString& name);

    virtual QString text() const = 0;
    /// As the file has it. changed() is not emitted.
    virtual void setText(const QString& text) = 0;
    /// What a field without a text of its own stands for, such as the name of a keyring entry.
    virtual void setProposal(const QString&) {}
    /// A secret that was typed here and is not kept anywhere yet.
    virtual Secret typed() const { return {}; }
    virtual void setTyped(const Secret&) {}
    /// Marks it as wrong, or right again.
    virtual void setWrong(bool wrong);

signals:
    void changed();

protected:
    explicit FieldInput(QWidget* part);
    QWidget* part() const { return m_part; }

private:
    QWidget* m_part;
};

}  // namespace tocsin::ui

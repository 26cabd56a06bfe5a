#pragma once
#include <QComboBox>
#include <QFrame>
#include <QLineEdit>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace tocsin::theme {
class ElidedLabel;
}

namespace tocsin::ui {

/// A question inside the window instead of in front of it: one line with a sentence, its fields, a
/// button that does it and one that does not. Enter confirms, Esc cancels; errors appear below.
class InlineForm : public QFrame {
    Q_OBJECT
public:
    InlineForm(const QString& name, const QString& sentence, QWidget* parent = nullptr);

    QLineEdit* addField(const QString& name, const QString& label, const QString& placeholder);
    QComboBox* addChoice(const QString& name, const QString& label, const QStringList& choices);
    void setConfirm(const QString& name, const QString& text, const QString& role);
    void setSentence(const QString& sentence);

    /// Shows the form with the keyboard in its first field.
    void ask();
    /// While the answer is under way the button waits.
    void setBusy(bool busy);
    void showError(const QString& sentence);

signals:
    void confirmed();
    void cancelled();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QBoxLayout* m_row;
    theme::ElidedLabel* m_sentence;  // gives way on small screens
    QLabel* m_error;
    QPushButton* m_confirm;
    QPushButton* m_cancel;
    QWidget* m_first = nullptr;
};

}  // namespace tocsin::ui

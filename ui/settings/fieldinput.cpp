#include "ui/settings/fieldinput.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalBlocker>

#include "ui/settings/secretinput.h"
#include "ui/theme/roles.h"
#include "ui/theme/tickbox.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

class LineInput : public FieldInput {
public:
    explicit LineInput(const Field& field) : FieldInput(new QLineEdit), m_line(edit()) {
        m_line->setPlaceholderText(field.fallback.toString());
        if (field.kind == FieldKind::Url && !field.schemes.isEmpty())
            m_line->setPlaceholderText(field.schemes.first() + u"://"_s);
        connect(m_line, &QLineEdit::textEdited, this, &FieldInput::changed);
        // What was pasted is seen from its beginning.
        connect(m_line, &QLineEdit::editingFinished, m_line,
                [line = m_line] { line->home(false); });
    }
    QString text() const override { return m_line->text().trimmed(); }
    void setText(const QString& text) override {
        m_line->setText(text);
        m_line->home(false);
    }
    void setProposal(const QString& text) override { m_line->setPlaceholderText(text); }

private:
    QLineEdit* edit() { return static_cast<QLineEdit*>(part()); }
    QLineEdit* m_line;
};

class ChoiceInput : public FieldInput {
public:
    explicit ChoiceInput(const Field& field)
        : FieldInput(new QComboBox), m_choice(static_cast<QComboBox*>(part())) {
        m_choice->addItem(field.fallback.isValid()
                              ? tr("as usual (%1)").arg(field.fallback.toString())
                              : tr("as usual"),
                          QString());
        for (const QString& each : field.choices)
            m_choice->addItem(each, each);
        connect(m_choice, &QComboBox::currentIndexChanged, this, &FieldInput::changed);
    }
    QString text() const override { return m_choice->currentData().toString(); }
    void setText(const QString& text) override {
        const QSignalBlocker quiet(m_choice);
        int at = m_choice->findData(text);
        if (at < 0) {  // what the file says stays, also when it is wrong
            m_choice->addItem(text, text);
            at = m_choice->count() - 1;
        }
        m_choice->setCurrentIndex(at);
    }

private:
    QComboBox* m_choice;
};

class SwitchInput : public FieldInput {
public:
    SwitchInput(theme::Theme& theme, const Field& field)
        : FieldInput(new theme::TickBox(theme)),
          m_box(static_cast<QCheckBox*>(part())),
          m_usual(field.fallback.toBool()) {
        m_box->setChecked(m_usual);
        connect(m_box, &QCheckBox::toggled, this, &FieldInput::changed);
    }
    QString text() const override {
        if (m_box->isChecked() == meaning(m_written)) return m_written;
        return m_box->isChecked() == m_usual ? QString()
               : m_box->isChecked()          ? u"true"_s
                                             : u"false"_s;
    }
    void setText(const QString& text) override {
        const QSignalBlocker quiet(m_box);
        m_written = text;
        m_box->setChecked(meaning(text));
    }

private:
    bool meaning(const QString& text) const {
        return text.isEmpty() ? m_usual
                              : QStringList{u"true"_s, u"yes"_s, u"on"_s}.contains(text.toLower());
    }
    QCheckBox* m_box;
    bool m_usual;
    QString m_written;  // as the file has it
};

}  // namespace

FieldInput::FieldInput(QWidget* part) : m_part(part) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(part);
    setFocusProxy(part);
}

FieldInput* FieldInput::make(theme::Theme& theme, const Field& field, const QString& name) {
    FieldInput* made = nullptr;
    switch (field.kind) {
        case FieldKind::Text:
        case FieldKind::Url:
        case FieldKind::Duration:
        case FieldKind::Number:
            made = new LineInput(field);
            break;
        case FieldKind::Choice:
            made = new ChoiceInput(field);
            break;
        case FieldKind::Boolean:
            made = new SwitchInput(theme, field);
            break;
        case FieldKind::Secret:
            made = new SecretInput(name);
            break;
        case FieldKind::TextMap:
        case FieldKind::TextList:
            return nullptr;
    }
    made->part()->setObjectName(name);
    made->part()->setAccessibleName(field.label);
    made->part()->setAccessibleDescription(field.help);
    return made;
}

void FieldInput::setWrong(bool wrong) {
    if (m_part->property("invalid").toBool() == wrong) return;
    m_part->setProperty("invalid", wrong);
    theme::restyle(m_part);
}

}  // namespace tocsin::ui

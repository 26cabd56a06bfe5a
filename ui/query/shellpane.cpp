#include "ui/query/shellpane.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>

#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

struct ShellPane::Parts {
    QLabel* caption = nullptr;
    QPlainTextEdit* text = nullptr;
    QPushButton* copy = nullptr;
};

ShellPane::ShellPane(theme::Theme& theme, QWidget* parent)
    : QWidget(parent), m_parts(std::make_unique<Parts>()) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);

    m_parts->caption = new QLabel(tr("No command chosen"), this);
    m_parts->caption->setWordWrap(true);
    m_parts->caption->setTextFormat(Qt::PlainText);
    theme::setRole(m_parts->caption, u"strong"_s);
    layout->addWidget(m_parts->caption);

    m_parts->text = new QPlainTextEdit(this);
    m_parts->text->setObjectName(u"shellText"_s);
    m_parts->text->setAccessibleName(tr("Shell command"));
    m_parts->text->setReadOnly(true);
    m_parts->text->setTabChangesFocus(true);
    m_parts->text->setPlaceholderText(
        tr("Choose a shell step in the runbook: its command appears here, with its values filled "
           "in."));
    m_parts->text->setFont(theme.monoFont());
    theme::setRole(m_parts->text, u"code"_s);
    layout->addWidget(m_parts->text, 1);

    auto* row = new QHBoxLayout;
    auto* note = new QLabel(tr("Tocsin does not run shell commands yet. Copy it, and run it in a "
                               "terminal on the right machine."),
                            this);
    note->setWordWrap(true);
    theme::setRole(note, u"muted"_s);
    row->addWidget(note, 1);
    m_parts->copy = new QPushButton(tr("Copy"), this);
    m_parts->copy->setObjectName(u"shellCopy"_s);
    m_parts->copy->setAccessibleName(tr("Copy the shell command"));
    m_parts->copy->setEnabled(false);
    theme::setRole(m_parts->copy, u"primary"_s);
    m_parts->copy->setMinimumWidth(m_parts->copy->fontMetrics().horizontalAdvance(tr("Copied")) +
                                   36);
    setFocusProxy(m_parts->copy);
    row->addWidget(m_parts->copy, 0, Qt::AlignTop);
    layout->addLayout(row);

    connect(&theme, &theme::Theme::changed, this,
            [this, &theme] { m_parts->text->setFont(theme.monoFont()); });
    connect(m_parts->copy, &QPushButton::clicked, this, [this] {
        const QString command = m_parts->text->toPlainText();
        QGuiApplication::clipboard()->setText(command);
        m_parts->copy->setText(tr("Copied"));
        emit copied(command);
    });
}

ShellPane::~ShellPane() = default;

void ShellPane::show(const QString& command, const QString& caption) {
    m_parts->caption->setText(caption.isEmpty() ? tr("Shell command") : caption);
    m_parts->text->setPlainText(command);
    m_parts->copy->setText(tr("Copy"));
    m_parts->copy->setEnabled(!command.isEmpty());
}

}  // namespace tocsin::ui

#include "ui/shell/problemsstrip.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>

#include "sdk/async.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using console::Problem;
using theme::setRole;
using workspace::SecretReference;

ProblemsStrip::ProblemsStrip(console::Console& console, QWidget* parent)
    : QFrame(parent), m_console(console) {
    setObjectName(u"problemsStrip"_s);
    setAccessibleName(tr("Problems of the workspace"));
    setRole(this, u"noticeStrip"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 5, 12, 5);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    m_caption = new QLabel;
    m_caption->setObjectName(u"problemsCaption"_s);
    setRole(m_caption, u"warning"_s);
    m_show = new QPushButton(tr("Show"));
    m_show->setObjectName(u"problemsShow"_s);
    m_show->setCheckable(true);
    setRole(m_show, u"ghost"_s);
    auto* dismiss = new QPushButton(tr("Dismiss"));
    dismiss->setObjectName(u"problemsDismiss"_s);
    setRole(dismiss, u"ghost"_s);
    row->addWidget(m_caption);
    row->addStretch(1);
    row->addWidget(m_show);
    row->addWidget(dismiss);
    column->addLayout(row);
    m_area = new QScrollArea;
    m_area->setObjectName(u"problemsArea"_s);
    m_area->setWidgetResizable(true);
    m_area->setMaximumHeight(210);
    m_area->hide();
    column->addWidget(m_area);
    connect(m_show, &QPushButton::toggled, this, [this](bool on) {
        m_area->setVisible(on);
        m_show->setText(on ? tr("Hide") : tr("Show"));
    });
    connect(dismiss, &QPushButton::clicked, this, &QWidget::hide);
    renew();
}

void ProblemsStrip::fill() {
    for (const auto& mistake : m_console.workspace().mistakes) {
        const QString place = u"%1:%2:%3"_s.arg(QFileInfo(mistake.file).fileName())
                                  .arg(mistake.line)
                                  .arg(mistake.column);
        const QString what = mistake.value.isEmpty()
                                 ? mistake.message
                                 : u"“%1”: %2"_s.arg(mistake.value, mistake.message);
        addLine(place, what, mistake.severity == u"error"_s ? u"critical"_s : u"muted"_s);
        ++m_mistakes;
    }
    for (const Problem& problem : m_console.problems()) {
        addLine(u"%1 %2"_s.arg(problem.category, problem.name), problem.error.message,
                u"critical"_s);
        for (const QString& name : keychainNames(problem))
            addSecretForm(name);
        ++m_parts;
    }
    refreshCaption();
}

void ProblemsStrip::addNote(const QString& sentence) {
    if (sentence.isEmpty()) return;
    m_notes << sentence;
    addLine(tr("store"), sentence, u"warning"_s);
    ++m_parts;
    refreshCaption();
}

void ProblemsStrip::renew() {
    auto* list = new QWidget;
    list->setObjectName(u"problemsList"_s);
    m_lines = new QVBoxLayout(list);
    m_lines->setContentsMargins(0, 0, 0, 4);
    m_lines->setSpacing(5);
    m_area->setWidget(list);  // the old one goes
    m_asked.clear();
    m_mistakes = m_parts = 0;
    fill();
    for (const QString& note : std::exchange(m_notes, {}))
        addNote(note);
}

void ProblemsStrip::refreshCaption() {
    QStringList parts;
    if (m_mistakes)
        parts << tr("%1 in tocsin.yaml")
                     .arg(m_mistakes == 1 ? tr("1 problem") : tr("%1 problems").arg(m_mistakes));
    if (m_parts)
        parts << (m_parts == 1 ? tr("1 part does not work")
                               : tr("%1 parts do not work").arg(m_parts));
    m_caption->setText(parts.join(u", "_s) + tr("; everything else works"));
    if (parts.isEmpty())
        hide();
    else if (parentWidget())
        show();
}

void ProblemsStrip::addLine(const QString& place, const QString& sentence, const QString& role) {
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    auto* where = new QLabel(place);
    setRole(where, u"mono"_s);
    where->setMinimumWidth(170);
    where->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* what = new QLabel(sentence);
    what->setTextFormat(Qt::PlainText);
    what->setWordWrap(true);
    what->setTextInteractionFlags(Qt::TextSelectableByMouse);
    what->setAccessibleName(u"%1: %2"_s.arg(place, sentence));
    if (role != u"muted"_s) where->setProperty("severity", role);
    row->addWidget(where, 0, Qt::AlignTop);
    row->addWidget(what, 1);
    m_lines->addLayout(row);
}

QStringList ProblemsStrip::keychainNames(const Problem& problem) const {
    const auto& workspace = m_console.workspace();
    const auto& entries = problem.category == u"source"_s       ? workspace.sources
                          : problem.category == u"connection"_s ? workspace.connections
                          : problem.category == u"probe"_s      ? workspace.probes
                                                                : workspace.channels;
    QStringList names;
    if (problem.error.code != ErrorCode::NotFound && problem.error.code != ErrorCode::Auth)
        return names;
    for (const auto& entry : entries) {
        if (entry.settings.name != problem.name) continue;
        for (const SecretReference& secret : entry.secrets)
            if (secret.where == SecretReference::Where::Keychain) names << secret.name;
    }
    return names;
}

void ProblemsStrip::addSecretForm(const QString& entryName) {
    if (m_asked.contains(entryName)) return;
    m_asked << entryName;
    auto* form = new QWidget;
    form->setObjectName(u"secretForm_"_s + entryName);
    auto* row = new QHBoxLayout(form);
    row->setContentsMargins(182, 0, 0, 0);
    auto* field = new QLineEdit;
    field->setObjectName(u"secretField_"_s + entryName);
    field->setAccessibleName(tr("Secret for keychain:%1").arg(entryName));
    field->setPlaceholderText(tr("secret for keychain:%1").arg(entryName));
    field->setEchoMode(QLineEdit::Password);
    field->setMaximumWidth(320);
    auto* keep = new QPushButton(tr("Store in the keyring"));
    keep->setObjectName(u"secretStore_"_s + entryName);
    auto* answer = new QLabel;
    answer->setObjectName(u"secretAnswer_"_s + entryName);
    auto* reopen = new QPushButton(tr("Open again"));
    reopen->setObjectName(u"secretReopen_"_s + entryName);
    reopen->hide();
    row->addWidget(field, 1);
    row->addWidget(keep);
    row->addWidget(answer, 1);
    row->addWidget(reopen);
    m_lines->addWidget(form);
    connect(field, &QLineEdit::returnPressed, keep, &QPushButton::click);
    connect(keep, &QPushButton::clicked, this, [this, entryName, form] { store(entryName, form); });
    connect(reopen, &QPushButton::clicked, this, &ProblemsStrip::reopenRequested);
}

void ProblemsStrip::store(const QString& entryName, QWidget* form) {
    auto* field = form->findChild<QLineEdit*>(u"secretField_"_s + entryName);
    auto* answer = form->findChild<QLabel*>(u"secretAnswer_"_s + entryName);
    auto* reopen = form->findChild<QPushButton*>(u"secretReopen_"_s + entryName);
    if (field->text().isEmpty()) return;
    field->setEnabled(false);
    whenDone(m_console.secrets().store(entryName, Secret(field->text())), form,
             [field, answer, reopen](const Result<void>& stored) {
                 field->setEnabled(!stored);
                 if (stored) field->clear();
                 answer->setText(stored
                                     ? tr("Stored. It is used when the workspace is opened again.")
                                     : stored.error().message);
                 setRole(answer, stored ? u"ok"_s : u"critical"_s);
                 reopen->setVisible(stored.has_value());
             });
}

}  // namespace tocsin::ui

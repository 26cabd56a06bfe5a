#include "ui/runbook/blockview.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>

#include "runbooks/quoting.h"
#include "ui/runbook/codetext.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using runbooks::BlockKind;

BlockView::BlockView(theme::Theme& theme, runbooks::Run& run, const runbooks::Block& block,
                     const BlockIndex& index, const BlockPlace& place,
                     const QStringList& fieldsElsewhere, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_run(run), m_block(block), m_index(index), m_place(place) {
    setObjectName(QStringLiteral("block") + index.suffix());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 9, 12, 11);
    layout->setSpacing(7);
    auto* line = new QFrame;
    line->setFixedHeight(1);
    theme::setRole(line, QStringLiteral("separator"));
    layout->addWidget(line);
    addCaption();
    addCode();
    auto* fields = new QHBoxLayout;
    fields->setSpacing(6);
    addFields(fields, fieldsElsewhere);
    if (fields->count() > 0)
        layout->addLayout(fields);
    else
        delete fields;
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    addButtons(buttons);
    layout->addLayout(buttons);
    connect(&m_run, &runbooks::Run::bindingsChanged, this, &BlockView::refresh);
    connect(&m_theme, &theme::Theme::changed, this, &BlockView::refresh);
    m_lastText = m_run.text(m_block);
    refresh();
}

void BlockView::addCaption() {
    if (m_block.caption.isEmpty()) return;
    auto* caption = new QLabel(m_block.caption);
    caption->setTextFormat(Qt::PlainText);
    caption->setWordWrap(true);
    theme::setRole(caption, QStringLiteral("muted"));
    layout()->addWidget(caption);
}

void BlockView::addCode() {
    m_code = new QLabel;
    m_code->setObjectName(QStringLiteral("code") + m_index.suffix());
    m_code->setAccessibleName(tr("Command of this block"));
    m_code->setTextFormat(Qt::RichText);
    m_code->setWordWrap(true);
    m_code->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::LinksAccessibleByMouse);
    m_code->setFocusPolicy(Qt::ClickFocus);
    m_code->setMinimumWidth(1);
    connect(m_code, &QLabel::linkActivated, this, &BlockView::follow);
    layout()->addWidget(m_code);
}

void BlockView::addFields(QHBoxLayout* row, const QStringList& fieldsElsewhere) {
    for (const auto& hole : m_block.placeholders) {
        if (m_fields.contains(hole.name) || fieldsElsewhere.contains(hole.name)) continue;
        auto* label = new QLabel(hole.name + QStringLiteral(" ="));
        label->setFont(m_theme.monoFont(-1));
        theme::setRole(label, QStringLiteral("muted"));
        auto* field = new QLineEdit;
        field->setObjectName(QStringLiteral("binding_") + hole.name);
        // Two steps may share a hole: the first keeps the plain name.
        if (window()->findChild<QLineEdit*>(field->objectName()))
            field->setObjectName(field->objectName() + m_index.suffix());
        field->setAccessibleName(tr("Value for %1").arg(hole.name));
        field->setPlaceholderText(tr("value"));
        field->setFont(m_theme.monoFont(-1));
        field->setMaximumWidth(220);
        field->setMinimumWidth(70);
        label->setBuddy(field);
        connect(field, &QLineEdit::textEdited, this, [this, name = hole.name](const QString& text) {
            if (text.isEmpty())
                m_run.unbind(name);
            else
                m_run.bind(name, {text, QStringLiteral("typed")});
        });
        m_fields.insert(hole.name, field);
        row->addWidget(label);
        row->addWidget(field, 1);
    }
    if (row->count() > 0) row->addStretch(1);
}

QPushButton* BlockView::button(const QString& name, const QString& text, const QString& hint) {
    auto* made = new QPushButton(text);
    made->setObjectName(name + m_index.suffix());
    made->setAccessibleName(
        m_block.caption.isEmpty() ? text : text + QStringLiteral(": ") + m_block.caption);
    made->setToolTip(hint);
    made->setAutoDefault(false);
    return made;
}

void BlockView::addButtons(QHBoxLayout* row) {
    m_note = new theme::ElidedLabel;
    m_note->setObjectName(QStringLiteral("note") + m_index.suffix());
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    theme::setRole(m_note, QStringLiteral("muted"));
    row->addWidget(m_note, 1);

    const bool isShell = m_block.kind == BlockKind::Shell;
    auto* copyButton =
        button(QStringLiteral("copyBlock"), isShell ? tr("Copy for Shell") : tr("Copy"),
               tr("Copies the text with its values filled in"));
    connect(copyButton, &QPushButton::clicked, this, &BlockView::copy);
    row->addWidget(copyButton);
    if (m_block.kind != BlockKind::Link) {
        m_editButton = button(QStringLiteral("editBlock"), tr("Edit in pane"),
                              tr("Shows the text in its pane without running it"));
        connect(m_editButton, &QPushButton::clicked, this,
                [this] { emit editRequested(m_run.text(m_block)); });
        row->addWidget(m_editButton);
    } else {
        auto* open = button(QStringLiteral("openBlock"), tr("Open in browser"), m_block.text);
        connect(open, &QPushButton::clicked, this,
                [this] { QDesktopServices::openUrl(QUrl(m_run.text(m_block), QUrl::StrictMode)); });
        row->addWidget(open);
    }
    if (isShell || (m_block.kind == BlockKind::Link && !isStatusPage())) return;
    m_runButton = button(QStringLiteral("runBlock"), {}, {});
    connect(m_runButton, &QPushButton::clicked, this, &BlockView::activate);
    row->addWidget(m_runButton);
}

bool BlockView::isStatusPage() const {
    const QString host = QUrl(m_block.text).host();
    return host.contains(QLatin1String("status")) || host == QLatin1String("health.aws.amazon.com");
}

/// A request that is more than a look: the method says so, or a body goes along.
bool BlockView::sendsData() const {
    static const QRegularExpression method(
        QStringLiteral(
            "(?:-X|--request)[ "
            "=]?\\s*[\"']?(POST|PUT|PATCH|DELETE)|\\s(?:-d|--data\\S*|--json|-F|--form|-T|"
            "--upload-file)\\b"),
        QRegularExpression::CaseInsensitiveOption);
    return m_block.kind == BlockKind::Http && method.match(m_block.text).hasMatch();
}

bool BlockView::changes() const {
    return sendsData() || (m_verdict && m_verdict->effect != Effect::ReadOnly);
}

bool BlockView::canRun() const {
    const bool needsConnection =
        m_block.kind == BlockKind::Postgres || m_block.kind == BlockKind::Redis;
    return m_runButton && m_run.unbound(m_block).isEmpty() &&
           (!needsConnection || !m_place.name.isEmpty());
}

void BlockView::activate() {
    const QStringList missing = m_run.unbound(m_block);
    if (!missing.isEmpty() && m_block.kind != BlockKind::Shell) {
        if (QLineEdit* empty = field(missing.first())) empty->setFocus(Qt::ShortcutFocusReason);
        return;
    }
    if (m_block.kind == BlockKind::Shell)
        copy();
    else if (!m_runButton)
        QDesktopServices::openUrl(QUrl(m_run.text(m_block), QUrl::StrictMode));
    else if (!canRun())
        return;
    else if (changes())
        emit editRequested(m_run.text(m_block));
    else
        emit runRequested(m_run.text(m_block));
}

void BlockView::copy() {
    QGuiApplication::clipboard()->setText(m_run.text(m_block));
    m_note->setText(tr("copied"));
}

void BlockView::follow(const QString& link) {
    if (link.startsWith(QLatin1String("hole:"))) focusField(link.mid(5));
}

void BlockView::focusField(const QString& hole) {
    if (QLineEdit* own = field(hole)) {
        own->setFocus(Qt::ShortcutFocusReason);
        own->selectAll();
    } else {
        emit fieldWanted(hole);
    }
}

QLineEdit* BlockView::field(const QString& name) const {
    return m_fields.value(name);
}

QString BlockView::focusedHole() const {
    for (auto field = m_fields.begin(); field != m_fields.end(); ++field)
        if (field.value()->hasFocus()) return field.key();
    return {};
}

QString BlockView::textToJudge() const {
    QMap<QString, QString> values;
    for (const QString& name : m_run.unbound(m_block))
        values.insert(name, QStringLiteral("1"));
    for (auto bound = m_run.bindings().begin(); bound != m_run.bindings().end(); ++bound)
        values.insert(bound.key(), bound->value);
    return runbooks::filledText(m_block, values);
}

void BlockView::setPlace(const BlockPlace& place) {
    m_place = place;
    refresh();
}

void BlockView::setVerdict(const tocsin::Verdict& verdict) {
    m_verdict = verdict;
    refresh();
}

void BlockView::refresh() {
    m_code->setText(codeHtml(m_block, m_run.bindings(), m_theme.colors(), m_theme.monoFont(-1)));
    for (auto field = m_fields.begin(); field != m_fields.end(); ++field) {
        const auto binding = m_run.bindings().value(field.key());
        if (field.value()->text() != binding.value) field.value()->setText(binding.value);
        field.value()->setToolTip(binding.origin.isEmpty()
                                      ? tr("No value yet: type one, or click a cell of a result")
                                      : tr("From: %1").arg(binding.origin));
    }
    showNote();
    const QString text = m_run.text(m_block);
    if (text != std::exchange(m_lastText, text)) emit textChanged();
}

void BlockView::showNote() {
    const bool isQuery = m_block.kind == BlockKind::Postgres || m_block.kind == BlockKind::Redis;
    const QStringList missing = m_run.unbound(m_block);
    QString note;
    if (isQuery && !m_place.missing.isEmpty())
        note = tr("no connection “%1” in this workspace").arg(m_place.missing);
    else if (isQuery && m_place.name.isEmpty())
        note = m_block.kind == BlockKind::Redis ? tr("no Redis connection in this workspace")
                                                : tr("no Postgres connection in this workspace");
    else if (changes() && m_verdict && m_verdict->effect == Effect::Unproven)
        note = tr("not proved read-only: %1").arg(m_verdict->reason);
    else if (changes())
        note = tr("changes %1: rehearse first")
                   .arg(m_place.isProduction ? tr("production") : m_place.name);
    else if (!missing.isEmpty() && m_block.kind != BlockKind::Shell)
        note = tr("needs %1").arg(missing.join(QStringLiteral(", ")));
    m_note->setText(note);
    m_note->setToolTip(m_verdict && changes() ? m_verdict->reason + u' ' + m_verdict->remedy
                                              : note);
    if (!m_runButton) return;
    const QString text = changes()                         ? tr("Rehearse…")
                         : isQuery                         ? tr("▶ Run read-only")
                         : m_block.kind == BlockKind::Http ? tr("▶ Request")
                                                           : tr("▶ Look");
    m_runButton->setText(text);
    m_runButton->setAccessibleName(
        m_block.caption.isEmpty() ? text : text + QStringLiteral(": ") + m_block.caption);
    m_runButton->setEnabled(canRun());
    const bool isDanger = changes();
    // Rehearsing opens the pane as well; the note needs the room.
    if (m_editButton) m_editButton->setVisible(!isDanger);
    theme::setRole(m_runButton, isDanger ? QStringLiteral("danger") : QStringLiteral("primary"));
    m_runButton->setToolTip(
        isDanger ? tr("Opens it in the pane, unrun: there it can be rehearsed and unlocked")
        : m_place.name.isEmpty() ? QString()
                                 : tr("On %1").arg(m_place.name));
}

}  // namespace tocsin::ui

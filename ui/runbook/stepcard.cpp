#include "ui/runbook/stepcard.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>

#include "ui/runbook/texts.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"
#include "ui/theme/tickbox.h"

namespace tocsin::ui {

using runbooks::BlockKind;
using runbooks::StepState;

StepCard::StepCard(theme::Theme& theme, runbooks::Run& run, int section, int step, QWidget* parent)
    : Card(parent), m_theme(theme), m_run(run), m_section(section), m_index(step) {
    setObjectName(QStringLiteral("stepCard_%1_%2").arg(section).arg(step));
    setAccessibleName(stepOf().title);
    setFocusPolicy(Qt::StrongFocus);
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(2, 2, 2, 2);
    m_layout->setSpacing(0);
    addHeader();
    refresh();
}

const runbooks::Step& StepCard::stepOf() const {
    return m_run.runbook().sections[m_section].steps[m_index];
}

void StepCard::addHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(9, 6, 12, 6);
    row->setSpacing(9);
    m_check = new theme::TickBox(m_theme);
    m_check->setObjectName(QStringLiteral("stepCheck_%1_%2").arg(m_section).arg(m_index));
    m_check->setAccessibleName(tr("Done: %1").arg(stepOf().title));
    m_check->setFocusPolicy(Qt::TabFocus);
    connect(m_check, &QCheckBox::clicked, this, &StepCard::ticked);
    row->addWidget(m_check);
    m_title = new theme::ElidedLabel(stepOf().title);
    m_title->setTextFormat(Qt::PlainText);
    theme::setRole(m_title, QStringLiteral("strong"));
    row->addWidget(m_title, 3);
    m_outcome = new theme::ElidedLabel;
    m_outcome->setObjectName(QStringLiteral("stepOutcome_%1_%2").arg(m_section).arg(m_index));
    m_outcome->setTextFormat(Qt::PlainText);
    m_outcome->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_outcome, 2);
    header->setFixedHeight(header->sizeHint().height());
    m_layout->addWidget(header);
}

void StepCard::addBody() {
    m_body = new QWidget;
    auto* layout = new QVBoxLayout(m_body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    if (!stepOf().prose.isEmpty()) {
        auto* prose = markdownText(stepOf().prose);
        prose->setContentsMargins(36, 0, 12, 10);
        layout->addWidget(prose);
    }
    m_layout->addWidget(m_body);
    for (int i = 0; i < stepOf().blocks.size(); ++i)
        addBlock(i);
}

void StepCard::addBlock(int index) {
    const runbooks::Block& block = stepOf().blocks[index];
    QStringList fieldsElsewhere;
    for (int before = 0; before < index; ++before)
        for (const runbooks::Placeholder& hole : stepOf().blocks[before].placeholders)
            fieldsElsewhere << hole.name;
    auto* view = new BlockView(m_theme, m_run, block, {m_section, m_index, index}, placeOf(block),
                               fieldsElsewhere, m_body);
    m_body->layout()->addWidget(view);
    m_blocks << view;
    connect(view, &BlockView::runRequested, this, [this, index](const QString& text) {
        m_wasRun << index;
        emit runRequested(index, text);
    });
    connect(view, &BlockView::editRequested, this,
            [this, index](const QString& text) { emit editRequested(index, text); });
    connect(view, &BlockView::fieldWanted, this, [this](const QString& hole) {
        for (BlockView* other : std::as_const(m_blocks))
            if (QLineEdit* field = other->field(hole)) field->setFocus(Qt::ShortcutFocusReason);
    });
    connect(view, &BlockView::textChanged, this, [this, view, index] {
        if (m_isOpen) emit verdictWanted(index, view->textToJudge());
    });
}

BlockPlace StepCard::placeOf(const runbooks::Block& block) const {
    return m_places ? m_places(block) : BlockPlace();
}

void StepCard::setOpen(bool open) {
    if (open == m_isOpen) return;
    m_isOpen = open;
    if (open && !m_body) addBody();
    if (m_body) m_body->setVisible(open);
    setLook(open ? Look::Active : Look::Quiet);
    // The active border is a pixel wider; what is inside must not move for it.
    const int margin = open ? 1 : 2;
    m_layout->setContentsMargins(margin, margin, margin, margin);
    if (!open) return;
    emit opened();
    for (int i = 0; i < m_blocks.size(); ++i)
        emit verdictWanted(i, m_blocks[i]->textToJudge());
}

void StepCard::setPlaces(const BlockPlaces& places) {
    m_places = places;
    for (BlockView* view : m_blocks)
        view->setPlace(placeOf(view->block()));
    refresh();
}

/// Before anything was run: where the step goes. "by hand" when nothing in it can be run.
QString StepCard::targetText() const {
    QStringList targets;
    for (const runbooks::Block& block : stepOf().blocks) {
        QString target;
        switch (block.kind) {
            case BlockKind::Postgres:
            case BlockKind::Redis:
                target = placeOf(block).name;
                if (target.isEmpty()) target = placeOf(block).missing;
                if (target.isEmpty())
                    target = block.kind == BlockKind::Redis ? tr("Redis") : tr("Postgres");
                break;
            case BlockKind::Http:
                target = tr("http");
                break;
            case BlockKind::Link:
                target = tr("link");
                break;
            case BlockKind::Shell:
                target = tr("shell");
                break;
        }
        if (!targets.contains(target)) targets << target;
    }
    return targets.isEmpty() ? tr("by hand") : targets.join(QStringLiteral(" · "));
}

void StepCard::refresh() {
    const runbooks::StepProgress progress = m_run.progress(m_section, m_index);
    m_check->setChecked(progress.state == StepState::Done);
    QStringList parts;
    if (progress.state == StepState::Running)
        parts << (progress.outcome.isEmpty() ? tr("running") : progress.outcome);
    else if (!progress.outcome.isEmpty())
        parts << progress.outcome;
    else if (progress.state == StepState::Done)
        parts << tr("done");
    if (!parts.isEmpty() && progress.at.isValid())
        parts << QStringLiteral("%1 %2")
                     .arg(progress.by, progress.at.toUTC().toString(QStringLiteral("hh:mm")))
                     .trimmed();
    m_outcome->setText(parts.isEmpty() ? targetText() : parts.join(QStringLiteral(" · ")));
    m_outcome->setToolTip(progress.at.isValid() ? progress.at.toUTC().toString(Qt::ISODate)
                                                : QString());
    theme::setRole(m_outcome, progress.state == StepState::Failed ? QStringLiteral("critical")
                                                                  : QStringLiteral("muted"));
}

void StepCard::activate() {
    if (!m_isOpen) {
        setOpen(true);
        return;
    }
    BlockView* next = nullptr;
    for (int i = 0; i < m_blocks.size() && !next; ++i) {
        if (m_blocks[i]->isAncestorOf(window()->focusWidget())) next = m_blocks[i];
    }
    for (int i = 0; i < m_blocks.size() && !next; ++i)
        if (!m_wasRun.contains(i)) next = m_blocks[i];
    if (!next && !m_blocks.isEmpty()) next = m_blocks.first();
    if (next) next->activate();
}

void StepCard::toggleDone() {
    m_check->setChecked(!m_check->isChecked());
    emit ticked(m_check->isChecked());
}

void StepCard::keyPressEvent(QKeyEvent* event) {
    const bool isPlain = !(event->modifiers() & ~Qt::KeypadModifier);
    if (isPlain && event->key() == Qt::Key_Up)
        emit moveRequested(-1);
    else if (isPlain && event->key() == Qt::Key_Down)
        emit moveRequested(1);
    else if (isPlain && event->key() == Qt::Key_Space)
        toggleDone();
    else if (isPlain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter))
        setOpen(!m_isOpen);
    else
        Card::keyPressEvent(event);
}

void StepCard::mouseReleaseEvent(QMouseEvent* event) {
    const bool onHeader = event->position().y() <= m_layout->itemAt(0)->geometry().bottom();
    if (event->button() == Qt::LeftButton && onHeader &&
        rect().contains(event->position().toPoint()))
        setOpen(!m_isOpen);
    Card::mouseReleaseEvent(event);
}

void StepCard::focusInEvent(QFocusEvent* event) {
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
        setOpen(true);
    Card::focusInEvent(event);
}

}  // namespace tocsin::ui

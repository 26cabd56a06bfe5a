#include "ui/runbook/runbookpage.h"

#include <QPushButton>
#include <QVBoxLayout>
#include <utility>

#include "ui/runbook/stepcard.h"
#include "ui/runbook/texts.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using runbooks::BlockKind;
using runbooks::Runbook;
using runbooks::Section;
using runbooks::SectionKind;
using runbooks::StepState;

namespace {

/// "database_connections · warning > 80%, critical > 95%"
QString keyLine(const Runbook& runbook) {
    QStringList parts{runbook.keys.join(QStringLiteral(", "))};
    for (const runbooks::Threshold& threshold : runbook.thresholds) {
        QStringList limits;
        if (!threshold.warning.isEmpty())
            limits << QObject::tr("warning %1").arg(threshold.warning);
        if (!threshold.critical.isEmpty())
            limits << QObject::tr("critical %1").arg(threshold.critical);
        QString text = limits.join(QStringLiteral(", "));
        if (!threshold.over.isEmpty()) text += QObject::tr(" over %1").arg(threshold.over);
        parts << text;
    }
    if (runbook.thresholds.isEmpty()) parts << runbook.condition;
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

}  // namespace

RunbookPage::RunbookPage(theme::Theme& theme, std::shared_ptr<runbooks::Run> run,
                         const Places& places, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_run(std::move(run)), m_layout(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("runbookPage"));
    m_layout->setContentsMargins(16, 14, 16, 16);
    m_layout->setSpacing(8);
    addTitle();
    for (int i = 0; i < m_run->runbook().sections.size(); ++i)
        addSection(i);
    m_layout->addStretch(1);
    setPlaces(places);
    updateHeadings();
}

RunbookPage::~RunbookPage() = default;

void RunbookPage::addTitle() {
    const Runbook& runbook = m_run->runbook();
    auto* title = plainText(runbook.title, QStringLiteral("title"));
    title->setObjectName(QStringLiteral("runbookTitle"));
    title->setWordWrap(true);
    m_layout->addWidget(title);
    auto* keys = plainText(keyLine(runbook), QStringLiteral("muted"));
    keys->setObjectName(QStringLiteral("runbookKeys"));
    keys->setWordWrap(true);
    keys->setToolTip(QStringLiteral("%1:%2").arg(runbook.file).arg(runbook.line));
    if (!keys->text().isEmpty()) m_layout->addWidget(keys);
    if (!runbook.prose.isEmpty()) m_layout->addWidget(markdownText(runbook.prose));
}

void RunbookPage::addSection(int index) {
    const Section& section = m_run->runbook().sections[index];
    if (section.steps.isEmpty()) {
        addFolded(section, index);
        return;
    }
    m_layout->addSpacing(6);
    auto* heading = new theme::SectionLabel;
    heading->setObjectName(QStringLiteral("runbookSection_%1").arg(index));
    m_layout->addWidget(heading);
    m_headings << Heading{index, heading};
    if (!section.prose.isEmpty()) m_layout->addWidget(markdownText(section.prose));
    for (int step = 0; step < section.steps.size(); ++step)
        addCard(index, step);
}

/// Text without steps: one line that opens. Resolution is what one looks for, so it is open.
void RunbookPage::addFolded(const Section& section, int index) {
    auto* toggle = new QPushButton;
    toggle->setObjectName(QStringLiteral("runbookFold_%1").arg(index));
    toggle->setCheckable(true);
    theme::setRole(toggle, QStringLiteral("ghost"));
    auto* text = markdownText(section.prose);
    text->setContentsMargins(12, 0, 12, 4);
    const auto apply = [toggle, text, title = section.title](bool open) {
        toggle->setText((open ? QStringLiteral("▾ ") : QStringLiteral("▸ ")) + title);
        toggle->setAccessibleName(title);
        text->setVisible(open);
    };
    connect(toggle, &QPushButton::toggled, text, apply);
    m_layout->addWidget(toggle, 0, Qt::AlignLeft);
    m_layout->addWidget(text);
    const bool isOpen = section.kind == SectionKind::Resolution;
    toggle->setChecked(isOpen);
    apply(isOpen);
}

void RunbookPage::addCard(int section, int step) {
    auto* made = new StepCard(m_theme, *m_run, section, step);
    m_layout->addWidget(made);
    m_cards << made;
    connectCard(made);
}

void RunbookPage::connectCard(StepCard* made) {
    const int section = made->section(), step = made->step();
    const auto blockAt = [this, section, step](int block) {
        return m_run->runbook().sections[section].steps[step].blocks[block];
    };
    connect(made, &StepCard::opened, this, [this, made] { openOnly(made); });
    connect(made, &StepCard::moveRequested, this, [this, made](int by) { move(made, by); });
    connect(made, &StepCard::runRequested, this, [=, this](int block, const QString& text) {
        emit runRequested(blockAt(block), text, section, step);
    });
    connect(made, &StepCard::editRequested, this, [=, this](int block, const QString& text) {
        emit editRequested(blockAt(block), text, section, step);
    });
    connect(made, &StepCard::verdictWanted, this, [=, this](int block, const QString& text) {
        const runbooks::Block asked = blockAt(block);
        if (asked.kind == BlockKind::Postgres || asked.kind == BlockKind::Redis)
            emit verdictWanted(asked, text, section, step, block);
    });
    connect(made, &StepCard::ticked, this,
            [=, this](bool done) { emit ticked(section, step, done); });
}

void RunbookPage::updateHeadings() {
    for (const Heading& heading : std::as_const(m_headings)) {
        const Section& section = m_run->runbook().sections[heading.section];
        int done = 0;
        for (int step = 0; step < section.steps.size(); ++step)
            done += m_run->progress(heading.section, step).state == StepState::Done ? 1 : 0;
        const QString title = section.title.isEmpty() ? tr("Steps") : section.title;
        heading.label->setCaption(
            tr("%1 · %2 of %3").arg(title).arg(done).arg(section.steps.size()));
    }
}

void RunbookPage::openFirst() {
    if (!m_cards.isEmpty()) m_cards.first()->setOpen(true);
}

void RunbookPage::openOnly(const StepCard* opened) {
    for (StepCard* other : std::as_const(m_cards))
        if (other != opened) other->setOpen(false);
}

void RunbookPage::move(const StepCard* from, int by) {
    const qsizetype target = m_cards.indexOf(from) + by;
    if (target < 0 || target >= m_cards.size()) return;
    emit stepWanted(m_cards[target]->section(), m_cards[target]->step());
}

StepCard* RunbookPage::card(int section, int step) const {
    for (StepCard* candidate : m_cards)
        if (candidate->section() == section && candidate->step() == step) return candidate;
    return nullptr;
}

StepCard* RunbookPage::currentCard() const {
    const QWidget* focused = window()->focusWidget();
    StepCard* open = nullptr;
    for (StepCard* candidate : m_cards) {
        if (focused && (candidate == focused || candidate->isAncestorOf(focused))) return candidate;
        if (!open && candidate->isOpen()) open = candidate;
    }
    return open;
}

QString RunbookPage::holeFor(const QString& column) const {
    QString hole, named, empty;
    if (const StepCard* target = currentCard()) {
        for (BlockView* view : target->blocks()) {
            if (hole.isEmpty()) hole = view->focusedHole();
            for (const runbooks::Placeholder& candidate : view->block().placeholders) {
                if (named.isEmpty() && runbooks::sameName(candidate.name, column))
                    named = candidate.name;
                if (empty.isEmpty() && !m_run->bindings().contains(candidate.name))
                    empty = candidate.name;
            }
        }
    }
    for (const QString& candidate : m_run->holes())
        if (named.isEmpty() && runbooks::sameName(candidate, column)) named = candidate;
    return !hole.isEmpty() ? hole : !named.isEmpty() ? named : empty;
}

void RunbookPage::refresh(int section, int step) {
    if (StepCard* target = card(section, step)) target->refresh();
    updateHeadings();
}

void RunbookPage::setPlaces(const Places& places) {
    for (StepCard* candidate : std::as_const(m_cards))
        candidate->setPlaces(places);
}

void RunbookPage::setVerdict(int section, int step, int block, const Verdict& verdict) {
    const StepCard* target = card(section, step);
    if (target && block >= 0 && block < target->blocks().size())
        target->blocks()[block]->setVerdict(verdict);
}

}  // namespace tocsin::ui

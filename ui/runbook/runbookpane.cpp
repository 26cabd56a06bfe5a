#include "ui/runbook/runbookpane.h"

#include <QLineEdit>
#include <QScrollArea>
#include <QShortcut>

#include "ui/runbook/stepcard.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using runbooks::BlockKind;
using runbooks::Runbook;
using runbooks::Section;
using runbooks::SectionKind;
using runbooks::StepProgress;
using runbooks::StepState;

namespace {

QLabel* label(const QString& text, const char* role) {
    auto* made = new QLabel(text);
    made->setTextFormat(Qt::PlainText);
    theme::setRole(made, QString::fromLatin1(role));
    return made;
}

QLabel* markdown(const QString& text) {
    auto* made = new QLabel(text);
    made->setTextFormat(Qt::MarkdownText);
    made->setWordWrap(true);
    made->setMinimumWidth(1);
    made->setOpenExternalLinks(true);
    made->setTextInteractionFlags(Qt::TextBrowserInteraction);
    made->setFocusPolicy(Qt::ClickFocus);
    return made;
}

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

/// What was done in `from` goes on in `to`, where the steps are still the same.
void carryOver(const runbooks::Run& from, runbooks::Run& to) {
    for (auto bound = from.bindings().begin(); bound != from.bindings().end(); ++bound)
        to.bind(bound.key(), *bound);
    const auto& before = from.runbook().sections;
    const auto& after = to.runbook().sections;
    for (int s = 0; s < std::min(before.size(), after.size()); ++s)
        for (int n = 0; n < std::min(before[s].steps.size(), after[s].steps.size()); ++n)
            if (before[s].steps[n].title == after[s].steps[n].title)
                to.setProgress(s, n, from.progress(s, n));
}

}  // namespace

RunbookPane::RunbookPane(theme::Theme& theme, runbooks::Library& library, Clock& clock,
                         QWidget* parent)
    : QWidget(parent), m_theme(theme), m_library(library), m_clock(clock) {
    setObjectName(QStringLiteral("runbookPane"));
    setAccessibleName(tr("Runbook"));
    setAttribute(Qt::WA_StyledBackground);
    theme::setRole(this, QStringLiteral("panel"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    addHeader(layout);
    addBody(layout);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this] {
            StepCard* target = focusedCard() ? focusedCard() : openCard();
            if (target) target->activate();
        });
    }
    connect(&m_library, &runbooks::Library::reloaded, this, &RunbookPane::onReloaded);
    showNothing();
}

RunbookPane::~RunbookPane() = default;

void RunbookPane::addHeader(QVBoxLayout* layout) {
    auto* header = new QFrame;
    theme::setRole(header, QStringLiteral("header"));
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(14, 5, 12, 5);
    row->setSpacing(8);
    row->addWidget(label(tr("Runbook"), "strong"));
    m_reason = new theme::ElidedLabel;
    m_reason->setObjectName(QStringLiteral("runbookReason"));
    theme::setRole(m_reason, QStringLiteral("muted"));
    row->addWidget(m_reason, 1);
    for (const QString& hint : {tr("↑↓ step"), tr("Ctrl ⏎ run")}) {
        auto* cap = label(hint, "key");
        cap->setToolTip(tr("↑↓ moves between steps, Space ticks, Ctrl+Enter runs"));
        row->addWidget(cap, 0, Qt::AlignVCenter);
    }
    m_declare = new QPushButton(tr("Declare…"));
    m_declare->setObjectName(QStringLiteral("declareFromRunbookButton"));
    m_declare->setAccessibleName(tr("Declare an incident from this alert"));
    theme::setRole(m_declare, QStringLiteral("primary"));
    connect(m_declare, &QPushButton::clicked, this, &RunbookPane::declareRequested);
    row->addWidget(m_declare);
    header->setFixedHeight(38);
    layout->addWidget(header);
}

void RunbookPane::addBody(QVBoxLayout* layout) {
    m_scroll = new QScrollArea;
    m_scroll->setObjectName(QStringLiteral("runbookScroll"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_scroll, 1);
}

void RunbookPane::showAlert(const Alert& alert) {
    const bool isSame =
        m_alert && m_alert->fingerprint == alert.fingerprint && m_alert->source == alert.source;
    m_alert = alert;
    const runbooks::Match match = m_library.match(alert);
    const Runbook* runbook = m_library.find(match.runbook);
    const QString key = alert.source + u'|' + alert.fingerprint + u'|' + match.runbook;
    // A source that reports the same alert again must not rebuild what is being read.
    if (isSame && m_run && key == m_runKey) return;
    follow(runbook, key, match.reason);
}

void RunbookPane::showRunbook(const QString& name) {
    m_alert.reset();
    follow(m_library.find(name), u'|' + name, tr("opened by name"));
}

void RunbookPane::showNothing() {
    m_alert.reset();
    showEmpty(tr("No alert is selected"),
              tr("Select an alert on the board to see the runbook that answers it, or open one by "
                 "name with Ctrl+K."));
}

void RunbookPane::showEmpty(const QString& title, const QString& text) {
    clear();
    m_run.reset();
    m_runKey.clear();
    m_reason->setText({});
    m_declare->setVisible(m_alert && !m_incidentIsOpen);
    m_pageLayout->addStretch(1);
    auto* heading = label(title, "heading");
    heading->setObjectName(QStringLiteral("runbookEmpty"));
    heading->setAlignment(Qt::AlignCenter);
    m_pageLayout->addWidget(heading);
    auto* body = label(text, "muted");
    body->setWordWrap(true);
    body->setAlignment(Qt::AlignCenter);
    m_pageLayout->addWidget(body);
    m_pageLayout->addStretch(2);
}

void RunbookPane::follow(const Runbook* runbook, const QString& runKey, const QString& reason) {
    if (!runbook) {
        showEmpty(tr("No runbook answers this alert"),
                  tr("%1. Write one: a Markdown file in the workspace's runbooks folder with "
                     "**Alert:** `%2` below its heading.")
                      .arg(reason, m_alert ? m_alert->key : QStringLiteral("key")));
        return;
    }
    auto& run = m_runs[runKey];
    if (!run || run->runbook() != *runbook) {
        auto fresh = std::make_shared<runbooks::Run>(*runbook);
        if (run) carryOver(*run, *fresh);
        run = fresh;
    }
    clear();
    m_run = run;
    m_runKey = runKey;
    m_reasonText = reason;
    if (m_alert) m_run->bindLabels(*m_alert);
    m_run->bindVariables(m_variables);
    build();
}

void RunbookPane::onReloaded() {
    if (m_alert) {
        const runbooks::Match match = m_library.match(*m_alert);
        const Runbook* runbook = m_library.find(match.runbook);
        const QString key = m_alert->source + u'|' + m_alert->fingerprint + u'|' + match.runbook;
        if (!runbook || !m_run || key != m_runKey || m_run->runbook() != *runbook)
            follow(runbook, key, match.reason);
    } else if (m_run) {
        const Runbook* runbook = m_library.find(m_run->runbook().name);
        if (!runbook)
            showEmpty(tr("This runbook is gone"), tr("Its file was removed or renamed."));
        else if (m_run->runbook() != *runbook)
            follow(runbook, m_runKey, m_reasonText);
    }
}

void RunbookPane::clear() {
    m_cards.clear();
    m_headings.clear();
    m_page = new QWidget;
    m_page->setObjectName(QStringLiteral("runbookPage"));
    m_pageLayout = new QVBoxLayout(m_page);
    m_pageLayout->setContentsMargins(16, 14, 16, 16);
    m_pageLayout->setSpacing(8);
    m_scroll->setWidget(m_page);  // the page before is deleted
}

void RunbookPane::build() {
    m_page->setUpdatesEnabled(false);
    addTitle();
    for (int i = 0; i < m_run->runbook().sections.size(); ++i)
        addSection(i);
    m_pageLayout->addStretch(1);
    m_declare->setVisible(m_alert && !m_incidentIsOpen);
    m_reason->setText(m_reasonText);
    updateHeadings();
    if (!m_cards.isEmpty()) m_cards.first()->setOpen(true);
    m_page->setUpdatesEnabled(true);
}

void RunbookPane::addTitle() {
    const Runbook& runbook = m_run->runbook();
    auto* title = label(runbook.title, "title");
    title->setObjectName(QStringLiteral("runbookTitle"));
    title->setWordWrap(true);
    m_pageLayout->addWidget(title);
    auto* keys = label(keyLine(runbook), "muted");
    keys->setObjectName(QStringLiteral("runbookKeys"));
    keys->setWordWrap(true);
    keys->setToolTip(QStringLiteral("%1:%2").arg(runbook.file).arg(runbook.line));
    if (!keys->text().isEmpty()) m_pageLayout->addWidget(keys);
    if (!runbook.prose.isEmpty()) m_pageLayout->addWidget(markdown(runbook.prose));
}

void RunbookPane::addSection(int index) {
    const Section& section = m_run->runbook().sections[index];
    if (section.steps.isEmpty()) {
        addFolded(section, index);
        return;
    }
    m_pageLayout->addSpacing(6);
    auto* heading = new theme::SectionLabel;
    heading->setObjectName(QStringLiteral("runbookSection_%1").arg(index));
    m_pageLayout->addWidget(heading);
    m_headings << Heading{index, heading};
    if (!section.prose.isEmpty()) m_pageLayout->addWidget(markdown(section.prose));
    for (int step = 0; step < section.steps.size(); ++step)
        addCard(index, step);
}

/// Text without steps: one line that opens. Resolution is what one looks for, so it is open.
void RunbookPane::addFolded(const Section& section, int index) {
    auto* toggle = new QPushButton;
    toggle->setObjectName(QStringLiteral("runbookFold_%1").arg(index));
    toggle->setCheckable(true);
    theme::setRole(toggle, QStringLiteral("ghost"));
    auto* text = markdown(section.prose);
    text->setContentsMargins(12, 0, 12, 4);
    const auto apply = [toggle, text, title = section.title](bool open) {
        toggle->setText((open ? QStringLiteral("▾ ") : QStringLiteral("▸ ")) + title);
        toggle->setAccessibleName(title);
        text->setVisible(open);
    };
    connect(toggle, &QPushButton::toggled, text, apply);
    m_pageLayout->addWidget(toggle, 0, Qt::AlignLeft);
    m_pageLayout->addWidget(text);
    const bool isOpen = section.kind == SectionKind::Resolution;
    toggle->setChecked(isOpen);
    apply(isOpen);
}

void RunbookPane::addCard(int section, int step) {
    auto* made = new StepCard(m_theme, *m_run, section, step);
    made->setPlaces(places());
    m_pageLayout->addWidget(made);
    m_cards << made;
    connectCard(made);
}

void RunbookPane::connectCard(StepCard* made) {
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
        emit editRequested(blockAt(block), text);
    });
    connect(made, &StepCard::verdictWanted, this, [=, this](int block, const QString& text) {
        const runbooks::Block asked = blockAt(block);
        if (asked.kind == BlockKind::Postgres || asked.kind == BlockKind::Redis)
            emit verdictWanted(asked, text, section, step, block);
    });
    connect(made, &StepCard::ticked, this, [=, this](bool done) {
        StepProgress progress = m_run->progress(section, step);
        progress.state = done ? StepState::Done : StepState::Open;
        progress.by = done ? tr("you") : QString();
        progress.at = done ? m_clock.now() : QDateTime();
        m_run->setProgress(section, step, progress);
        made->refresh();
        updateHeadings();
        emit stepTicked(section, step, done, m_run->runbook().sections[section].steps[step].title);
    });
}

void RunbookPane::updateHeadings() {
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

void RunbookPane::openOnly(StepCard* opened) {
    for (StepCard* other : std::as_const(m_cards))
        if (other != opened) other->setOpen(false);
}

void RunbookPane::move(StepCard* from, int by) {
    const qsizetype target = m_cards.indexOf(from) + by;
    if (target < 0 || target >= m_cards.size()) return;
    goToStep(m_cards[target]->section(), m_cards[target]->step());
}

void RunbookPane::goToStep(int section, int step) {
    StepCard* target = card(section, step);
    if (!target) return;
    target->setOpen(true);
    target->setFocus(Qt::OtherFocusReason);
    // Sizes are known only after the layout ran; then bring the whole card into view, its head
    // first.
    m_page->layout()->activate();
    m_scroll->ensureWidgetVisible(target, 0, 12);
}

StepCard* RunbookPane::card(int section, int step) const {
    for (StepCard* candidate : m_cards)
        if (candidate->section() == section && candidate->step() == step) return candidate;
    return nullptr;
}

StepCard* RunbookPane::openCard() const {
    for (StepCard* candidate : m_cards)
        if (candidate->isOpen()) return candidate;
    return nullptr;
}

StepCard* RunbookPane::focusedCard() const {
    QWidget* focused = window()->focusWidget();
    for (StepCard* candidate : m_cards)
        if (focused && (candidate == focused || candidate->isAncestorOf(focused))) return candidate;
    return nullptr;
}

void RunbookPane::setOutcome(int section, int step, const StepProgress& progress) {
    if (!m_run || !card(section, step)) return;
    m_run->setProgress(section, step, progress);
    card(section, step)->refresh();
    updateHeadings();
}

void RunbookPane::offerBinding(const QString& value, const QString& origin) {
    if (!m_run) return;
    const QString column =
        origin.startsWith(QLatin1String("cell ")) ? origin.section(u' ', 1, 1) : QString();
    QString hole, named, empty;
    if (StepCard* target = focusedCard() ? focusedCard() : openCard()) {
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
    for (const QString& candidate : {hole, named, empty})
        if (!candidate.isEmpty()) {
            m_run->bind(candidate, {value, origin});
            return;
        }
}

QMap<BlockKind, BlockPlace> RunbookPane::places() const {
    QMap<BlockKind, BlockPlace> result;
    for (const inspection::ConnectionInfo& info : m_connections) {
        const auto kind = info.kind == QLatin1String("postgres") ? BlockKind::Postgres
                          : info.kind == QLatin1String("redis")  ? BlockKind::Redis
                                                                 : BlockKind::Shell;
        if (kind != BlockKind::Shell && !result.contains(kind))
            result.insert(kind, {info.name, info.isProduction()});
    }
    return result;
}

void RunbookPane::setConnections(const QVector<inspection::ConnectionInfo>& connections) {
    m_connections = connections;
    for (StepCard* candidate : std::as_const(m_cards))
        candidate->setPlaces(places());
}

void RunbookPane::setVariables(const QMap<QString, QString>& variables) {
    m_variables = variables;
    if (m_run) m_run->bindVariables(variables);
}

void RunbookPane::setIncidentOpen(bool open) {
    m_incidentIsOpen = open;
    m_declare->setVisible(m_alert && !open);
}

void RunbookPane::setVerdict(int section, int step, int block, const Verdict& verdict) {
    const StepCard* target = card(section, step);
    if (target && block >= 0 && block < target->blocks().size())
        target->blocks()[block]->setVerdict(verdict);
}

}  // namespace tocsin::ui

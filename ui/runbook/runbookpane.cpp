#include "ui/runbook/runbookpane.h"

#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

#include "inspection/target.h"
#include "ui/runbook/runbookpage.h"
#include "ui/runbook/stepcard.h"
#include "ui/runbook/texts.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using runbooks::BlockKind;
using runbooks::Runbook;
using runbooks::StepProgress;
using runbooks::StepState;

namespace {

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
            StepCard* target = m_page ? m_page->currentCard() : nullptr;
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
    row->addWidget(plainText(tr("Runbook"), QStringLiteral("strong")));
    m_reason = new theme::ElidedLabel;
    m_reason->setObjectName(QStringLiteral("runbookReason"));
    theme::setRole(m_reason, QStringLiteral("muted"));
    row->addWidget(m_reason, 1);
    for (const QString& hint : {tr("↑↓ step"), tr("Ctrl ⏎ run")}) {
        auto* cap = plainText(hint, QStringLiteral("key"));
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
    auto* notice = new QWidget;
    auto* layout = new QVBoxLayout(notice);
    layout->setContentsMargins(16, 14, 16, 16);
    layout->setSpacing(8);
    layout->addStretch(1);
    auto* heading = plainText(title, QStringLiteral("heading"));
    heading->setObjectName(QStringLiteral("runbookEmpty"));
    heading->setAlignment(Qt::AlignCenter);
    layout->addWidget(heading);
    auto* body = plainText(text, QStringLiteral("muted"));
    body->setWordWrap(true);
    body->setAlignment(Qt::AlignCenter);
    layout->addWidget(body);
    layout->addStretch(2);
    m_page = nullptr;
    m_scroll->setWidget(notice);  // the page before is deleted
    m_run.reset();
    m_runKey.clear();
    m_reason->setText({});
    m_declare->setVisible(m_alert && !m_incidentIsOpen);
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

void RunbookPane::build() {
    const auto places = [this](const runbooks::Block& block) { return placeOf(block); };
    m_page = new RunbookPage(m_theme, m_run, places);
    connect(m_page, &RunbookPage::runRequested, this, &RunbookPane::runRequested);
    connect(m_page, &RunbookPage::editRequested, this, &RunbookPane::editRequested);
    connect(m_page, &RunbookPage::verdictWanted, this, &RunbookPane::verdictWanted);
    connect(m_page, &RunbookPage::stepWanted, this, &RunbookPane::goToStep);
    connect(m_page, &RunbookPage::ticked, this, &RunbookPane::tick);
    m_scroll->setWidget(m_page);  // the page before is deleted
    m_declare->setVisible(m_alert && !m_incidentIsOpen);
    m_reason->setText(m_reasonText);
    m_page->openFirst();
}

void RunbookPane::tick(int section, int step, bool done) {
    StepProgress progress = m_run->progress(section, step);
    progress.state = done ? StepState::Done : StepState::Open;
    progress.by = done ? tr("you") : QString();
    progress.at = done ? m_clock.now() : QDateTime();
    m_run->setProgress(section, step, progress);
    m_page->refresh(section, step);
    emit stepTicked(section, step, done, m_run->runbook().sections[section].steps[step].title);
}

void RunbookPane::goToStep(int section, int step) {
    StepCard* target = m_page ? m_page->card(section, step) : nullptr;
    if (!target) return;
    target->setOpen(true);
    target->setFocus(Qt::OtherFocusReason);
    // Sizes are known only after the layout ran; then bring the whole card into view, its head
    // first.
    m_page->layout()->activate();
    m_scroll->ensureWidgetVisible(target, 0, 12);
}

void RunbookPane::setOutcome(int section, int step, const StepProgress& progress) {
    if (!m_page || !m_page->card(section, step)) return;
    m_run->setProgress(section, step, progress);
    m_page->refresh(section, step);
}

void RunbookPane::offerBinding(const QString& value, const QString& origin) {
    if (!m_page) return;
    const QString column =
        origin.startsWith(QLatin1String("cell ")) ? origin.section(u' ', 1, 1) : QString();
    const QString hole = m_page->holeFor(column);
    if (!hole.isEmpty()) m_run->bind(hole, {value, origin});
}

BlockPlace RunbookPane::placeOf(const runbooks::Block& block) const {
    if (block.kind != BlockKind::Postgres && block.kind != BlockKind::Redis) return {};
    const qsizetype at =
        inspection::indexOfTarget(m_connections, toString(block.kind), block.target);
    if (at < 0) return {{}, true, inspection::targetName(block.target)};
    return {m_connections[at].name, m_connections[at].isProduction()};
}

void RunbookPane::setConnections(const QVector<inspection::ConnectionInfo>& connections) {
    m_connections = connections;
    if (m_page) m_page->setPlaces([this](const runbooks::Block& block) { return placeOf(block); });
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
    if (m_page) m_page->setVerdict(section, step, block, verdict);
}

}  // namespace tocsin::ui

#include "ui/probes/statuspane.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <algorithm>

#include "sdk/async.h"
#include "ui/probes/levels.h"
#include "ui/probes/probecard.h"
#include "ui/theme/roles.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kTick{1000};
// Vendors ask for no more than one look a minute.
constexpr std::chrono::seconds kLookEvery{60};

QString pathOf(const QUrl& url) {
    QString path = url.path();
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    return path;
}

/// Whether `asked` is the page of a probe: the same host, and the same path where both name one.
bool isSamePage(const QUrl& page, const QUrl& asked) {
    if (page.host().isEmpty() || page.host() != asked.host() || page.port() != asked.port())
        return false;
    return pathOf(page).isEmpty() || pathOf(asked).isEmpty() || pathOf(page) == pathOf(asked);
}

}  // namespace

StatusPane::StatusPane(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_clock(clock) {
    setObjectName(u"statusPane"_s);
    setAccessibleName(tr("Status of vendors and endpoints"));
    theme::setRole(this, u"panel"_s);
    setAttribute(Qt::WA_StyledBackground);
    build();
    recount();
    tick();
}

void StatusPane::build() {
    m_summary = new QLabel(this);
    m_summary->setObjectName(u"statusSummary"_s);
    theme::setRole(m_summary, u"strong"_s);
    m_lookAll = new QPushButton(tr("Look at all"), this);
    m_lookAll->setObjectName(u"statusLookAllButton"_s);
    m_lookAll->setAccessibleName(tr("Look at all probes again"));
    connect(m_lookAll, &QPushButton::clicked, this, &StatusPane::lookAgain);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 8, 12, 4);
    head->addWidget(m_summary, 1);
    head->addWidget(m_lookAll);

    m_empty = new QLabel(tr("Nothing to look at. Add status pages and endpoints under “probes” in "
                            "tocsin.yaml, or follow a status link in a runbook."),
                         this);
    m_empty->setObjectName(u"statusEmpty"_s);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(12, 8, 12, 8);
    theme::setRole(m_empty, u"muted"_s);

    auto* inside = new QWidget;
    m_list = new QVBoxLayout(inside);
    m_list->setContentsMargins(12, 4, 12, 12);
    m_list->setSpacing(8);
    m_list->addStretch();
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(u"statusList"_s);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(inside);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_empty);
    column->addWidget(m_scroll, 1);
}

void StatusPane::addProbe(const QString& name, Probe* probe) {
    const auto same = [&](const ProbeCard* card) { return card->name() == name; };
    auto found = std::find_if(m_cards.begin(), m_cards.end(), same);
    if (found == m_cards.end()) {
        auto* card = new ProbeCard(m_theme, m_clock, name, probe);
        connect(card, &ProbeCard::lookRequested, this, [this, card] { look(card, true); });
        m_list->insertWidget(m_list->count() - 1, card);
        found = m_cards.insert(m_cards.end(), card);
    }
    ProbeCard* card = *found;
    card->setProbe(probe);
    connect(probe, &QObject::destroyed, card, [this, card, probe] {
        if (card->probe() && card->probe() != probe) return;  // replaced meanwhile
        std::erase(m_cards, card);
        card->deleteLater();
        recount();
    });
    look(card, false);
    recount();
}

void StatusPane::look(ProbeCard* card, bool asked, RunTicket ticket) {
    if (!card->probe()) return;
    card->showLooking();
    whenDone(card->probe()->look(), card, [this, card, asked, ticket](const ProbeReport& report) {
        card->showReport(report);
        recount();
        if (!asked) return;
        card->setOpen(report.level != ProbeLevel::Ok);
        emit ran({report.level != ProbeLevel::Unknown,
                  u"%1: %2 · %3 ms"_s
                      .arg(report.name,
                           report.summary.isEmpty() ? levelWord(report.level) : report.summary)
                      .arg(report.latency.count()),
                  report.page.toString(QUrl::RemoveUserInfo), u"probe"_s, evidenceOf(report),
                  ticket});
    });
}

void StatusPane::lookAt(const QUrl& url, RunTicket ticket) {
    ProbeCard* card = cardFor(url);
    if (!card) {
        emit unknownPage(url, ticket);
        return;
    }
    m_scroll->ensureWidgetVisible(card);
    look(card, true, ticket);
}

ProbeCard* StatusPane::cardFor(const QUrl& url) const {
    ProbeCard* best = nullptr;
    for (ProbeCard* card : m_cards) {
        if (!card->probe() || !isSamePage(card->probe()->page(), url)) continue;
        if (pathOf(card->probe()->page()) == pathOf(url)) return card;
        if (!best) best = card;
    }
    return best;
}

void StatusPane::lookAgain() {
    for (ProbeCard* card : m_cards)
        look(card, false);
}

void StatusPane::tick() {
    for (ProbeCard* card : m_cards) {
        card->tick();
        const auto& report = card->report();
        if (report && !card->isLooking() &&
            report->checkedAt.addSecs(kLookEvery.count()) <= m_clock.now())
            look(card, false);
    }
    m_clock.callAfter(kTick, this, [this] { tick(); });
}

void StatusPane::recount() {
    ProbeLevel worst = ProbeLevel::Ok;
    int notOk = 0, looked = 0;
    for (const ProbeCard* card : m_cards) {
        if (!card->report()) continue;
        ++looked;
        worst = worseLevel(worst, card->report()->level);
        if (card->report()->level != ProbeLevel::Ok) ++notOk;
    }
    m_empty->setVisible(m_cards.empty());
    m_lookAll->setVisible(!m_cards.empty());
    const auto count = static_cast<int>(m_cards.size());
    if (count == 0 || looked == 0)
        m_summary->setText(count == 0 ? QString() : tr("Looking at %1").arg(count));
    else if (notOk == 0 && looked == count)
        m_summary->setText(tr("All %1 ok").arg(count));
    else
        m_summary->setText(tr("%1 of %2 not ok").arg(notOk).arg(count));
    if (looked == 0 || (worst == m_worst && notOk == m_notOk)) return;
    m_worst = worst;
    m_notOk = notOk;
    emit worstChanged(worst, notOk);
}

ProbeLevel StatusPane::worst() const {
    return m_notOk < 0 ? ProbeLevel::Unknown : m_worst;
}

}  // namespace tocsin::ui

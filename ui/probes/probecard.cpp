#include "ui/probes/probecard.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "ui/probes/levelmark.h"
#include "ui/probes/levels.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

// A page with 300 components is read on the page.
constexpr int kComponentsShown = 40;
constexpr int kBodyIndent = 24;

QString agoText(const QDateTime& then, const QDateTime& now) {
    const qint64 seconds = std::max<qint64>(0, then.secsTo(now));
    if (seconds < 60) return QStringLiteral("%1 s ago").arg(seconds);
    if (seconds < 3600) return QStringLiteral("%1 min ago").arg(seconds / 60);
    return QStringLiteral("%1 h ago").arg(seconds / 3600);
}

QLabel* label(const QString& text, const QString& role, QWidget* parent) {
    auto* made = new QLabel(text, parent);
    if (!role.isEmpty()) theme::setRole(made, role);
    return made;
}

}  // namespace

ProbeCard::ProbeCard(theme::Theme& theme, Clock& clock, const QString& name, Probe* probe,
                     QWidget* parent)
    : QFrame(parent), m_theme(theme), m_clock(clock), m_name(name), m_probe(probe) {
    setObjectName(u"probeCard_"_s + name);
    theme::setRole(this, u"card"_s);
    build();
    setOpen(false);
    tick();
}

void ProbeCard::build() {
    m_mark = new LevelMark(m_theme, ProbeLevel::Unknown, this);
    auto* title = label(m_name, u"strong"_s, this);
    title->setTextFormat(Qt::PlainText);
    m_level = label({}, u"muted"_s, this);
    m_level->setObjectName(u"probeLevel_"_s + m_name);
    m_figures = label({}, u"faint"_s, this);
    m_figures->setObjectName(u"probeFigures_"_s + m_name);
    m_look = new QPushButton(tr("Look again"), this);
    m_look->setObjectName(u"probeLookButton_"_s + m_name);
    m_look->setAccessibleName(tr("Look at %1 again").arg(m_name));
    m_expand = new QToolButton(this);
    m_expand->setObjectName(u"probeExpandButton_"_s + m_name);
    m_expand->setAccessibleName(tr("Components and notices of %1").arg(m_name));
    m_expand->setCheckable(true);
    theme::setRole(m_expand, u"ghost"_s);
    m_summary = label({}, u"muted"_s, this);
    m_summary->setObjectName(u"probeSummary_"_s + m_name);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);

    auto* line = new QHBoxLayout;
    line->setSpacing(9);
    line->addWidget(m_mark);
    line->addWidget(title);
    line->addWidget(m_level);
    line->addStretch();
    line->addWidget(m_figures);
    line->addWidget(m_expand);
    line->addWidget(m_look);
    m_body = new QWidget(this);
    m_lines = new QVBoxLayout(m_body);
    m_lines->setContentsMargins(kBodyIndent, 4, 0, 2);
    m_lines->setSpacing(5);
    auto* second = new QHBoxLayout;
    second->setContentsMargins(kBodyIndent, 0, 0, 0);
    second->addWidget(m_summary);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 10, 9);
    column->setSpacing(3);
    column->addLayout(line);
    column->addLayout(second);
    column->addWidget(m_body);
    connect(m_look, &QPushButton::clicked, this, &ProbeCard::lookRequested);
    connect(m_expand, &QToolButton::toggled, this, &ProbeCard::setOpen);
}

void ProbeCard::setProbe(Probe* probe) {
    m_probe = probe;
}

void ProbeCard::setOpen(bool open) {
    m_expand->setChecked(open);
    m_expand->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    m_body->setVisible(open && m_lines->count() > 0);
}

void ProbeCard::showLooking() {
    m_lookingSince = m_clock.elapsed();
    m_look->setEnabled(false);
    tick();
}

void ProbeCard::showReport(const ProbeReport& report) {
    m_report = report;
    m_lookingSince.reset();
    m_look->setEnabled(true);
    m_mark->setLevel(report.level);
    m_level->setText(levelWord(report.level));
    m_summary->setText(report.summary);
    m_summary->setVisible(!report.summary.isEmpty());
    setAccessibleName(u"%1: %2, %3"_s.arg(m_name, levelWord(report.level), report.summary));
    fillBody();
    tick();
}

void ProbeCard::tick() {
    if (m_lookingSince) {
        const auto elapsed = (m_clock.elapsed() - *m_lookingSince).count() / 1000;
        m_figures->setText(elapsed > 0 ? tr("looking for %1 s").arg(elapsed) : tr("looking"));
        return;
    }
    if (!m_report) {
        m_level->setText(tr("not looked at yet"));
        m_figures->clear();
        return;
    }
    QString text = agoText(m_report->checkedAt, m_clock.now());
    if (m_report->latency.count() > 0) text.prepend(u"%1 ms · "_s.arg(m_report->latency.count()));
    if (m_figures->text() != text) m_figures->setText(text);
    m_figures->setToolTip(
        m_report->checkedAt.toUTC().toString(u"'looked at' yyyy-MM-dd HH:mm:ss 'UTC'"_s));
}

void ProbeCard::fillBody() {
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const ProbeNotice& notice : m_report->notices)
        addLine(noticeLine(notice));
    QVector<ProbeComponent> components = m_report->components;
    // What is broken is what one opens the card for.
    std::stable_sort(components.begin(), components.end(), [](const auto& a, const auto& b) {
        return (a.level != ProbeLevel::Ok) > (b.level != ProbeLevel::Ok);
    });
    for (qsizetype i = 0; i < std::min<qsizetype>(components.size(), kComponentsShown); ++i)
        addLine(componentLine(components[i]));
    if (components.size() > kComponentsShown)
        addLine(label(tr("… %1 more on the page").arg(components.size() - kComponentsShown),
                      u"faint"_s, m_body));
    if (m_report->page.isValid()) {
        const QString url = m_report->page.toString(QUrl::FullyEncoded).toHtmlEscaped();
        auto* link = label(u"<a href=\"%1\">%1</a>"_s.arg(url), u"link"_s, m_body);
        link->setOpenExternalLinks(true);
        link->setTextInteractionFlags(Qt::TextBrowserInteraction);
        link->setObjectName(u"probePageLink_"_s + m_name);
        addLine(link);
    }
    m_expand->setVisible(m_lines->count() > 0);
    m_body->setVisible(m_expand->isChecked() && m_lines->count() > 0);
}

void ProbeCard::addLine(QWidget* line) {
    m_lines->addWidget(line);
}

QWidget* ProbeCard::noticeLine(const ProbeNotice& notice) {
    auto* frame = new QFrame(m_body);
    theme::setRole(frame, notice.level == ProbeLevel::Outage ? u"criticalNotice"_s : u"notice"_s);
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(10, 6, 10, 6);
    column->setSpacing(2);
    QString head = notice.title;
    if (!notice.status.isEmpty()) head += u" · "_s + notice.status;
    if (notice.since.isValid())
        head += notice.since.toUTC().toString(u" · 'since' d MMM HH:mm 'UTC'"_s);
    for (const auto& [text, role] : {std::pair{head, u"strong"_s}, {notice.latest, u"muted"_s}}) {
        if (text.isEmpty()) continue;
        auto* line = label(text, role, frame);
        line->setTextFormat(Qt::PlainText);
        line->setWordWrap(true);
        column->addWidget(line);
    }
    return frame;
}

QWidget* ProbeCard::componentLine(const ProbeComponent& component) {
    auto* row = new QWidget(m_body);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(new LevelMark(m_theme, component.level, row));
    auto* name = label(component.name, {}, row);
    name->setTextFormat(Qt::PlainText);
    line->addWidget(name);
    QString text = levelWord(component.level);
    if (!component.detail.isEmpty()) text += u" · "_s + component.detail;
    auto* detail = new theme::ElidedLabel(text, row);
    theme::setRole(detail, u"muted"_s);
    line->addWidget(detail, 1);
    return row;
}

}  // namespace tocsin::ui

#include "ui/incident/simulationpane.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>

#include "escalation/wording.h"
#include "ui/incident/simulationmodel.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using escalation::Told;
using std::chrono::milliseconds;

namespace {

struct Span {
    QString title;
    std::optional<milliseconds> length;
};

QVector<Span> acknowledgements() {
    return {{SimulationPane::tr("never"), {}},
            {u"5 min"_s, 5min},
            {u"10 min"_s, 10min},
            {u"20 min"_s, 20min},
            {u"1 h"_s, 1h}};
}

QVector<Span> horizons() {
    return {{u"1 h"_s, 1h}, {u"4 h"_s, 4h}, {u"12 h"_s, 12h}, {u"24 h"_s, 24h}};
}

QStringList titles(const QVector<Span>& spans) {
    QStringList out;
    for (const Span& span : spans)
        out.append(span.title);
    return out;
}

}  // namespace

SimulationPane::SimulationPane(theme::Theme& theme, escalation::Policy policy, Clock& clock,
                               QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_policy(std::move(policy)),
      m_clock(clock),
      m_model(new SimulationModel(this)) {
    setObjectName(u"simulationPane"_s);
    setAccessibleName(tr("Who would be told when"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(8);
    column->addWidget(buildQuestion());
    m_summary = new QLabel;
    m_summary->setObjectName(u"simulationSummary"_s);
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    m_table = new QTableView;
    m_table->setObjectName(u"simulationTable"_s);
    m_table->setAccessibleName(tr("Who would be told when"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    column->addWidget(m_table, 1);
    refresh();
}

QComboBox* SimulationPane::choice(const QString& name, const QString& label,
                                  const QStringList& texts) {
    auto* made = new QComboBox;
    made->setObjectName(name);
    made->setAccessibleName(label);
    made->addItems(texts);
    connect(made, &QComboBox::currentIndexChanged, this, &SimulationPane::refresh);
    return made;
}

QWidget* SimulationPane::buildQuestion() {
    auto* question = new QWidget;
    auto* grid = new QGridLayout(question);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(6);
    m_severity =
        choice(u"simulationSeverity"_s, tr("Severity"), {u"P1"_s, u"P2"_s, u"P3"_s, u"P4"_s});
    m_acknowledged =
        choice(u"simulationAcknowledged"_s, tr("Acknowledged after"), titles(acknowledgements()));
    m_horizon = choice(u"simulationHorizon"_s, tr("How far to look"), titles(horizons()));
    m_horizon->setCurrentIndex(1);
    m_at = new QLineEdit;
    m_at->setObjectName(u"simulationAt"_s);
    m_at->setAccessibleName(tr("Declared at, UTC"));
    m_at->setPlaceholderText(tr("now, or 22:30, or 2026-01-31 22:30"));
    connect(m_at, &QLineEdit::textChanged, this, &SimulationPane::refresh);
    const QVector<QPair<QString, QWidget*>> fields = {{tr("Severity"), m_severity},
                                                      {tr("declared at (UTC)"), m_at},
                                                      {tr("acknowledged after"), m_acknowledged},
                                                      {tr("look ahead"), m_horizon}};
    for (int i = 0; i < fields.size(); ++i) {
        auto* label = new QLabel(fields[i].first);
        theme::setRole(label, u"muted"_s);
        label->setBuddy(fields[i].second);
        grid->addWidget(label, i / 2, (i % 2) * 2);
        grid->addWidget(fields[i].second, i / 2, (i % 2) * 2 + 1);
    }
    grid->setColumnStretch(3, 1);
    return question;
}

QDateTime SimulationPane::declaredAt(bool& understood) const {
    const QDateTime now = m_clock.now();
    const QString text = m_at->text().trimmed();
    understood = true;
    if (text.isEmpty()) return now;
    if (const QTime time = QTime::fromString(text, u"H:mm"_s); time.isValid())
        return QDateTime(now.date(), time, Qt::UTC);
    QDateTime at = QDateTime::fromString(text, u"yyyy-MM-dd H:mm"_s);
    at.setTimeSpec(Qt::UTC);
    understood = at.isValid();
    return understood ? at : now;
}

void SimulationPane::ask(incidents::Priority priority) {
    m_at->clear();
    m_severity->setCurrentText(nameOf(priority));
    refresh();
}

void SimulationPane::refresh() {
    if (!m_summary || !m_table) return;
    bool understood = true;
    escalation::Question question;
    question.priority =
        incidents::priorityFromText(m_severity->currentText()).value_or(incidents::Priority::P1);
    question.declaredAt = declaredAt(understood);
    question.acknowledgedAfter = acknowledgements().at(m_acknowledged->currentIndex()).length;
    question.horizon = *horizons().at(m_horizon->currentIndex()).length;
    const auto lines = understood ? escalation::simulate(m_policy, question) : QVector<Told>();
    m_model->setLines(lines);
    m_table->resizeColumnsToContents();
    theme::setRole(m_summary, understood ? u"muted"_s : u"critical"_s);
    if (understood) return summarise(lines, question);
    m_summary->setText(tr("That is not a time. Write 22:30 or 2026-01-31 22:30, in UTC."));
}

void SimulationPane::summarise(const QVector<Told>& lines, const escalation::Question& question) {
    if (m_policy.levels.isEmpty())
        return m_summary->setText(
            tr("The workspace has no ladder: name levels under “escalation” in tocsin.yaml."));
    int pages = 0;
    const Told* first = nullptr;
    for (const Told& told : lines) {
        if (told.kind != Told::Kind::Page) continue;
        if (!first) first = &told;
        ++pages;
    }
    if (!first)
        return m_summary->setText(
            tr("Nobody would be paged within %1.").arg(escalation::spoken(question.horizon)));
    const QString when = first->after.count() == 0
                             ? tr("at once")
                             : tr("after %1").arg(escalation::spoken(first->after));
    const QString count = pages == 1 ? tr("1 page") : tr("%1 pages").arg(pages);
    m_summary->setText(
        tr("%1: %2 within %3, the first %4. Nothing is posted.")
            .arg(nameOf(question.priority), count, escalation::spoken(question.horizon), when));
}

}  // namespace tocsin::ui

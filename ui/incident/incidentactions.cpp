#include "ui/incident/incidentactions.h"

#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QStandardPaths>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/incident/ladderactions.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Phase;

using namespace std::chrono_literals;

namespace {

struct VerifySpan {
    QString title;
    std::chrono::seconds span;
};

/// What the team usually does first.
QVector<VerifySpan> verifySpans(std::chrono::seconds usual) {
    QVector<VerifySpan> spans;
    for (const std::chrono::seconds span :
         {usual, std::chrono::seconds(5min), std::chrono::seconds(15min),
          std::chrono::seconds(30min), std::chrono::seconds(1h), std::chrono::seconds(0)}) {
        const auto same = [span](const VerifySpan& one) { return one.span == span; };
        if (std::any_of(spans.begin(), spans.end(), same)) continue;
        const QString title = span.count() == 0
                                  ? IncidentActions::tr("do not verify")
                                  : IncidentActions::tr("verify for %1 min").arg(span.count() / 60);
        spans.append({title, span});
    }
    return spans;
}

}  // namespace

IncidentActions::IncidentActions(const Services& services, QWidget* parent)
    : QWidget(parent),
      m_services(services),
      m_column(new QVBoxLayout(this)),
      m_error(new QLabel),
      m_ladder(
          new LadderActions(services.current, services.engine, services.clock, services.person)) {
    setObjectName(u"incidentActions"_s);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_error->setObjectName(u"incidentError"_s);
    m_error->setWordWrap(true);
    theme::setRole(m_error, u"critical"_s);
    m_error->hide();
    m_column->addWidget(m_error);
    m_column->addWidget(m_ladder);
    buildForms();
    connect(m_ladder, &LadderActions::opened, this, &IncidentActions::close);
    connect(m_ladder, &LadderActions::closed, this, &IncidentActions::closed);
    connect(m_ladder, &LadderActions::failed, this, &IncidentActions::complain);
    connect(&services.current, &CurrentIncident::switched, this, &IncidentActions::close);
    connect(&services.engine, &escalation::Engine::failed, this, &IncidentActions::complain);
    connect(&services.journal, &incidents::Journal::failed, this, &IncidentActions::complain);
}

InlineForm* IncidentActions::add(InlineForm* form) {
    m_column->addWidget(form);
    connect(form, &InlineForm::cancelled, this, &IncidentActions::close);
    return form;
}

void IncidentActions::buildForms() {
    buildHandOver();
    buildResolve();
    buildExport();
    buildAssess();
    buildTask();
    buildAnswer();
    buildReopen();
    buildMerge();
}

void IncidentActions::buildHandOver() {
    m_handOver = add(new InlineForm(u"handOverForm"_s, tr("Hand command over to")));
    auto* to = m_handOver->addField(u"handOverTo"_s, tr("New commander"), tr("name"));
    auto* note = m_handOver->addField(u"handOverNote"_s, tr("State of things"),
                                      tr("what is known, what is being tried"));
    m_handOver->setConfirm(u"handOverConfirm"_s, tr("Hand over"), u"primary"_s);
    connect(m_handOver, &InlineForm::confirmed, this, [this, to, note] {
        const QString name = to->text().trimmed();
        if (name.isEmpty()) return m_handOver->showError(tr("Name who takes command."));
        follow(m_services.engine.handOver(m_services.current.id(), m_services.person, name,
                                          note->text().trimmed()),
               m_handOver);
    });
}

void IncidentActions::buildResolve() {
    m_resolve = add(new InlineForm(u"resolveForm"_s, tr("Resolve. What fixed it?")));
    auto* text = m_resolve->addField(u"resolveText"_s, tr("What fixed it"),
                                     tr("one sentence for the post-mortem"));
    QStringList titles;
    for (const VerifySpan& each : verifySpans(m_services.practice.verify))
        titles << each.title;
    auto* span =
        m_resolve->addChoice(u"resolveVerify"_s, tr("How long the alerts must stay clear"), titles);
    m_resolve->setConfirm(u"resolveConfirm"_s, tr("Resolve"), u"primary"_s);
    connect(m_resolve, &InlineForm::confirmed, this, [this, text, span] {
        if (text->text().trimmed().isEmpty())
            return m_resolve->showError(tr("Say what fixed it, or “went away by itself”."));
        resolveWith(text->text().trimmed(),
                    verifySpans(m_services.practice.verify).at(span->currentIndex()).span);
    });
}

void IncidentActions::resolveWith(const QString& fix, std::chrono::seconds verify) {
    const QString id = m_services.current.id();
    const auto& incident = m_services.current.incident();
    const bool hasAlerts = incident && !(incident->alerts.isEmpty() && incident->keys.isEmpty());
    follow(m_services.engine.resolve(id, m_services.person, fix,
                                     hasAlerts ? verify : std::chrono::seconds(0)),
           m_resolve);
}

void IncidentActions::buildExport() {
    m_export = add(new InlineForm(u"exportForm"_s, tr("Write the post-mortem to")));
    auto* path = m_export->addField(u"exportPath"_s, tr("File"),
                                    tr("path of a .md, .html, .pdf or .json file"));
    auto* format = m_export->addChoice(u"exportFormat"_s, tr("Format"),
                                       {u"Markdown"_s, u"HTML"_s, u"PDF"_s, u"JSON"_s});
    // The path's ending decides; the list follows it and changes it.
    static const QStringList endings{u"md"_s, u"html"_s, u"pdf"_s, u"json"_s};
    connect(format, &QComboBox::activated, this, [path](int chosen) {
        const QFileInfo file(path->text());
        path->setText(QDir::toNativeSeparators(
            file.dir().filePath(file.completeBaseName() + u'.' + endings.at(chosen))));
    });
    connect(path, &QLineEdit::textChanged, format, [format](const QString& text) {
        const auto at = endings.indexOf(QFileInfo(text).suffix().toLower());
        if (at >= 0) format->setCurrentIndex(int(at));
    });
    m_export->setConfirm(u"exportConfirm"_s, tr("Write"), u"primary"_s);
    connect(m_export, &InlineForm::confirmed, this, [this, path] {
        if (!m_exporter) return m_export->showError(tr("There is nothing that could write it."));
        follow(m_exporter(m_services.current.id(), path->text().trimmed()), m_export);
    });
}

void IncidentActions::open(InlineForm* form) {
    m_error->hide();
    m_ladder->close();
    if (m_open && m_open != form) m_open->hide();
    m_open = form;
    form->ask();
}

void IncidentActions::close() {
    m_error->hide();
    if (!m_open) return;
    m_open->hide();
    m_open = nullptr;
    emit closed();
}

void IncidentActions::complain(const Error& error) {
    m_error->setText(error.message);
    m_error->show();
}

void IncidentActions::advance() {
    const auto& incident = m_services.current.incident();
    if (!incident) return;
    const QString& person = m_services.person;
    switch (incident->phase) {
        case Phase::Acknowledge:
            return follow(m_services.engine.acknowledge(incident->id, person), nullptr);
        case Phase::Assess:
            return follow(m_services.journal.setPhase(incident->id, person, Phase::Investigate),
                          nullptr);
        case Phase::Investigate:
            return follow(m_services.journal.setPhase(incident->id, person, Phase::Resolve),
                          nullptr);
        case Phase::Resolve:
            return resolve();
        case Phase::PostMortem:
            return exportPostMortem();
    }
}

void IncidentActions::hold() {
    m_ladder->hold();
}

void IncidentActions::escalate() {
    m_ladder->escalate();
}

void IncidentActions::changePriority() {
    m_ladder->changePriority();
}

void IncidentActions::handOver() {
    if (m_services.current.isOpen()) open(m_handOver);
}

void IncidentActions::resolve() {
    if (!m_services.current.isOpen()) return;
    QString sentence = tr("Resolve. What fixed it?");
    if (m_services.verifier) {
        const auto outlook = m_services.verifier->outlook(*m_services.current.incident());
        if (!outlook.firing.isEmpty())
            sentence = tr("%1 still fires. What fixed it?").arg(outlook.firing.join(u", "_s));
    }
    m_resolve->setSentence(sentence);
    open(m_resolve);
}

void IncidentActions::exportPostMortem() {
    if (m_services.current.id().isEmpty()) return;
    auto* path = m_export->findChild<QLineEdit*>(u"exportPath"_s);
    if (path->text().isEmpty() || !path->text().contains(m_services.current.id())) {
        const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
        path->setText(QDir::toNativeSeparators(folder + u'/' + m_services.current.id() + u".md"_s));
    }
    emit postMortemAsked();
    open(m_export);
}

}  // namespace tocsin::ui

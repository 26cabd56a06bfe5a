#include "ui/incident/incidentactions.h"

#include <QDir>
#include <QLabel>
#include <QStandardPaths>
#include <QVBoxLayout>

#include "sdk/async.h"
#include "ui/incident/inlineform.h"
#include "ui/incident/ladderactions.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Phase;

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
        const QString id = m_services.current.id();
        const QString state = note->text().trimmed();
        follow(m_services.journal.setCommander(id, m_services.person, name), m_handOver);
        if (!state.isEmpty())
            follow(m_services.journal.append(id, m_services.person, u"note"_s,
                                             tr("for %1: %2").arg(name, state)),
                   nullptr);
    });
}

void IncidentActions::buildResolve() {
    m_resolve = add(new InlineForm(u"resolveForm"_s, tr("Resolve. What fixed it?")));
    auto* text = m_resolve->addField(u"resolveText"_s, tr("What fixed it"),
                                     tr("one sentence for the post-mortem"));
    m_resolve->setConfirm(u"resolveConfirm"_s, tr("Resolve"), u"primary"_s);
    connect(m_resolve, &InlineForm::confirmed, this, [this, text] {
        if (text->text().trimmed().isEmpty())
            return m_resolve->showError(tr("Say what fixed it, or “went away by itself”."));
        follow(m_services.engine.resolve(m_services.current.id(), m_services.person,
                                         text->text().trimmed()),
               m_resolve);
    });
}

void IncidentActions::buildExport() {
    m_export = add(new InlineForm(u"exportForm"_s, tr("Write the post-mortem's material to")));
    auto* path = m_export->addField(u"exportPath"_s, tr("File"), tr("path of a .md file"));
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

template <typename T>
void IncidentActions::follow(QFuture<Result<T>> answer, InlineForm* form) {
    if (form) form->setBusy(true);
    whenDone(answer, this, [this, form](const Result<T>& result) {
        if (!result)
            form ? form->showError(result.error().message) : complain(result.error());
        else if (form && form == m_open)
            close();
    });
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
    if (m_services.current.isOpen()) open(m_resolve);
}

void IncidentActions::exportPostMortem() {
    if (m_services.current.id().isEmpty()) return;
    auto* path = m_export->findChild<QLineEdit*>(u"exportPath"_s);
    if (path->text().isEmpty() || !path->text().contains(m_services.current.id())) {
        const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
        path->setText(QDir::toNativeSeparators(folder + u'/' + m_services.current.id() + u".md"_s));
    }
    open(m_export);
}

}  // namespace tocsin::ui

#include "ui/runbook/runbookpane.h"
namespace tocsin::ui {
class RunbookPane::Body {};
RunbookPane::RunbookPane(theme::Theme&, runbooks::Library&, Clock&, QWidget* parent)
    : QWidget(parent) {
}
RunbookPane::~RunbookPane() = default;
const runbooks::Run* RunbookPane::run() const {
    return nullptr;
}
void RunbookPane::showAlert(const Alert&) {
}
void RunbookPane::showRunbook(const QString&) {
}
void RunbookPane::showNothing() {
}
void RunbookPane::setOutcome(int, int, const runbooks::StepProgress&) {
}
void RunbookPane::offerBinding(const QString&, const QString&) {
}
void RunbookPane::setConnections(const QVector<inspection::ConnectionInfo>&) {
}
void RunbookPane::setVariables(const QMap<QString, QString>&) {
}
void RunbookPane::setIncidentOpen(bool) {
}
void RunbookPane::setVerdict(int, int, int, const Verdict&) {
}
void RunbookPane::goToStep(int, int) {
}
}  // namespace tocsin::ui

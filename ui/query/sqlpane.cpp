#include "ui/query/sqlpane.h"

namespace tocsin::ui {

struct SqlPane::Parts {};

SqlPane::SqlPane(theme::Theme&, Clock&, QWidget* parent) : QWidget(parent) {
}
SqlPane::~SqlPane() = default;
void SqlPane::setConnections(const QVector<inspection::Connection*>&) {
}
void SqlPane::run(const QString&, const QString&) {
}
void SqlPane::edit(const QString&, const QString&) {
}
void SqlPane::rehearse(const QString&, const QString&) {
}

}  // namespace tocsin::ui

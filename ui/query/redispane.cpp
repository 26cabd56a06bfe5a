#include "ui/query/redispane.h"

namespace tocsin::ui {

struct RedisPane::Parts {};

RedisPane::RedisPane(theme::Theme&, Clock&, QWidget* parent) : QWidget(parent) {
}
RedisPane::~RedisPane() = default;

}  // namespace tocsin::ui
namespace tocsin::ui {
void RedisPane::setConnections(const QVector<inspection::Connection*>&) {
}
void RedisPane::run(const QString&, const QString&) {
}
void RedisPane::edit(const QString&, const QString&) {
}
}  // namespace tocsin::ui

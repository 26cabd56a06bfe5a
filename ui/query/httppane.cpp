#include "ui/query/httppane.h"

namespace tocsin::ui {

struct HttpPane::Parts {};

HttpPane::HttpPane(theme::Theme&, Clock&, QWidget* parent) : QWidget(parent) {
}
HttpPane::~HttpPane() = default;

}  // namespace tocsin::ui
namespace tocsin::ui {
void HttpPane::request(const QString&) {
}
void HttpPane::requestUrl(const QUrl&) {
}
}  // namespace tocsin::ui

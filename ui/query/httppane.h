#pragma once
#include <QUrl>
#include <QWidget>
#include <memory>

#include "sdk/clock.h"
#include "ui/query/outcome.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// The HTTP pane: one request, its status, headers and body. GET and HEAD are sent at once;
/// everything else asks in place first, with method and host. GUI thread.
class HttpPane : public QWidget {
    Q_OBJECT
public:
    /// `theme` and `clock` outlive the pane.
    HttpPane(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);
    ~HttpPane() override;

    /// Reads a curl command line and sends what it would send. ran() follows in every case: after
    /// the confirmation where there is one, with "Not sent" when it is declined, and at once when
    /// another request is still under way.
    void request(const QString& curlLine, RunTicket ticket = 0);
    /// GET `url`.
    void requestUrl(const QUrl& url, RunTicket ticket = 0);

signals:
    void ran(const tocsin::ui::Outcome& outcome);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace tocsin::ui

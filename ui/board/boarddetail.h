#pragma once
#include <QWidget>
#include <optional>

#include "sdk/alert.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// The strip below the list: the number behind the selected alert, its limit and its recent past.
/// Takes no room while the selected alert has no number. GUI thread.
class BoardDetail : public QWidget {
    Q_OBJECT
public:
    /// `theme` must outlive the strip.
    explicit BoardDetail(theme::Theme& theme, QWidget* parent = nullptr);

    void show(const std::optional<Alert>& alert);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    theme::Theme& m_theme;
    std::optional<Alert> m_alert;
};

}  // namespace tocsin::ui

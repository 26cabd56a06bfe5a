#pragma once
#include <QWidget>
#include <memory>

#include "ui/theme/theme.h"

namespace tocsin::ui {

/// The Shell pane: shows the command with its placeholders filled, ready to copy. Tocsin does not
/// run shell commands yet. GUI thread.
class ShellPane : public QWidget {
    Q_OBJECT
public:
    explicit ShellPane(theme::Theme& theme, QWidget* parent = nullptr);
    ~ShellPane() override;

    /// `command` may have several lines; `caption` says what it is for, and may be empty.
    void show(const QString& command, const QString& caption);
    using QWidget::show;

signals:
    /// The text went to the clipboard.
    void copied(const QString& command);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace tocsin::ui

#pragma once
#include <QPointer>
#include <QWidget>
#include <memory>

#include "inspection/connection.h"
#include "sdk/clock.h"
#include "sdk/listening.h"
#include "ui/theme/labels.h"
#include "ui/theme/theme.h"

class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace tocsin::ui {

/// Hears what other sessions notify on one channel, on a connection of its own that is held until a
/// person stops it or looks at another server. GUI thread.
class ListenView : public QWidget {
    Q_OBJECT
public:
    /// `theme` and `clock` outlive the view.
    ListenView(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);

    /// Not owned; ends what is heard from another.
    void follow(inspection::Connection* connection);

private:
    void toggle();
    void begin();
    void end(const QString& why, bool bad);
    void heard(const Notification& notification);
    void showState();

    Clock& m_clock;
    QPointer<inspection::Connection> m_connection;
    std::shared_ptr<void> m_listening;
    QString m_channel;
    int m_heard = 0;
    QLineEdit* m_name;
    QPushButton* m_button;
    theme::ElidedLabel* m_state;
    QPlainTextEdit* m_lines;
};

}  // namespace tocsin::ui

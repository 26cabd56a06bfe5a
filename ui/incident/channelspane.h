#pragma once
#include <QHash>
#include <QWidget>

#include "announcements/cardwording.h"
#include "announcements/feedwording.h"
#include "console/stoppedchannels.h"
#include "escalation/engine.h"
#include "escalation/planner.h"
#include "sdk/alert.h"
#include "ui/incident/currentincident.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QVBoxLayout;

namespace tocsin::ui {

class ChannelBox;
class ChannelRow;
class PostPreview;

/// The places to post: whether each works, a test post for each, and what a page, the card of an
/// incident and the alert feed look like there, exactly as they would be sent now: from the
/// incident in front and the alerts on the board, or from examples. GUI thread.
class ChannelsPane : public QWidget {
    Q_OBJECT
public:
    /// What the previews are made of.
    struct Sources {
        std::function<QFuture<Result<announcements::CardFacts>>(const QString& incident)> cardFacts;
        std::function<announcements::CardStyle()> cardStyle;
        std::function<announcements::FeedStyle()> feedStyle;
        std::function<QHash<QString, Alert>()> alerts;
    };
    /// All outlive the pane.
    struct Services {
        theme::Theme& theme;
        CurrentIncident& current;
        console::StoppedChannels& stopped;
        delivery::Dispatcher& dispatcher;
        escalation::Engine& engine;
        Clock& clock;
        QString person;
    };
    ChannelsPane(const Services& services, Sources sources, QWidget* parent = nullptr);

    /// What readers of that channel see for each id of a role or person.
    void setMentions(const QString& channel, const QMap<QString, QString>& ids);

signals:
    void messagesRequested(const QString& channel);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildRows();
    QWidget* buildQuestion();
    void refreshRows();
    void refreshPreview();
    void previewCard(const incidents::Incident& incident);
    void show(const Message& message);
    using QWidget::show;
    void post(const QString& channel);
    void heard(const delivery::Entry& entry);
    incidents::Incident incident() const;

    Services m_services;
    Sources m_sources;
    QHash<QString, ChannelRow*> m_rows;
    QVBoxLayout* m_list = nullptr;
    ChannelBox* m_channel = nullptr;
    QComboBox* m_what = nullptr;
    QLabel* m_about = nullptr;
    PostPreview* m_preview = nullptr;
    QHash<QString, QMap<QString, QString>> m_names;  ///< by channel: id → name
    int m_asked = 0;  ///< which preview is wanted; older ones are not
};

}  // namespace tocsin::ui

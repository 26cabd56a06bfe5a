#pragma once
#include <QWidget>

#include "delivery/dispatcher.h"
#include "escalation/engine.h"
#include "ui/incident/composermenus.h"
#include "ui/incident/currentincident.h"
#include "ui/incident/posting.h"
#include "ui/theme/theme.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;

namespace tocsin::ui {

class AttachmentChips;
class ChannelBox;
class MentionChips;
class PostPreview;

/// What we tell the others: one text, the channel it goes to, who is mentioned, what is attached,
/// a preview of exactly what is sent, and what became of the last message.
class ComposerPane : public QWidget {
    Q_OBJECT
public:
    ComposerPane(theme::Theme& theme, CurrentIncident& current, delivery::Dispatcher& dispatcher,
                 escalation::Engine& engine, Clock& clock, const QString& person,
                 QWidget* parent = nullptr);

    /// What can be drafted and attached, and the workspace's wording of an update.
    void setSources(const ComposerSources& sources);
    /// Who can be mentioned in `channel`: a name → the id over there ("111", "user:222").
    void setMentions(const QString& channel, const QMap<QString, QString>& ids);
    /// What a run in a pane came to; offered as an attachment until it is used.
    void offerAttachment(const QString& caption, const Attachment& attachment);
    /// "delivered · 0.4 s" and the like, below the text.
    void showState(const delivery::Entry& entry);
    void focusText();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* buildHeader();
    QWidget* buildText();
    QWidget* buildChips();
    QWidget* buildFooter();
    void wire();
    void refresh();
    void channelChosen();
    void refreshCount();
    void refreshPreview();
    void say(const QString& sentence, const QString& role);
    void takeDraft(const QString& text);
    void send();
    void sent(const delivery::Entry& entry);
    Message compose() const;

    theme::Theme& m_theme;
    CurrentIncident& m_current;
    delivery::Dispatcher& m_dispatcher;
    escalation::Engine& m_engine;
    QString m_person;
    QMap<QString, QMap<QString, QString>> m_ids;  // channel → name → id
    ComposerMenus* m_menus;
    int m_update = 1;

    ChannelBox* m_channel;
    MentionChips* m_mentions;
    AttachmentChips* m_attachments;
    PostPreview* m_preview;
    QLabel *m_number, *m_state, *m_count;
    QPlainTextEdit* m_text;
    QPushButton *m_silent, *m_previewButton, *m_send;
};

}  // namespace tocsin::ui

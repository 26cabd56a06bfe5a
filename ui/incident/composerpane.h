#pragma once
#include <QWidget>

#include "delivery/dispatcher.h"
#include "escalation/engine.h"
#include "ui/incident/currentincident.h"
#include "ui/incident/posting.h"
#include "ui/theme/theme.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace tocsin::ui {

/// What we tell the others: one text, the channel it goes to, who is mentioned, what is attached,
/// a preview of exactly what is sent, and what became of the last message.
class ComposerPane : public QWidget {
    Q_OBJECT
public:
    ComposerPane(theme::Theme& theme, CurrentIncident& current, delivery::Dispatcher& dispatcher,
                 escalation::Engine& engine, const QString& person, QWidget* parent = nullptr);

    /// Names that can be mentioned in `channel`.
    void setMentions(const QString& channel, const QStringList& names);
    /// What a run in a pane came to; offered as an attachment until it is used.
    void offerAttachment(const QString& caption, const Attachment& attachment);
    /// "delivered · 0.4 s" and the like, below the text.
    void showState(const delivery::Entry& entry);
    void focusText();

private:
    QWidget* buildHeader();
    QWidget* buildFooter();
    void refresh();
    void refreshMentions();
    void refreshCount();
    void refreshPreview();
    void send();
    void sent(const delivery::Entry& entry);
    Message compose() const;
    QString channel() const;

    theme::Theme& m_theme;
    CurrentIncident& m_current;
    delivery::Dispatcher& m_dispatcher;
    escalation::Engine& m_engine;
    QString m_person;
    QHash<QString, QStringList> m_mentions;
    std::optional<Attachment> m_attachment;
    int m_update = 1;

    QComboBox* m_channel;
    QLabel *m_number, *m_state, *m_count;
    QPlainTextEdit *m_text, *m_preview;
    QHBoxLayout* m_chips;
    QPushButton *m_attach, *m_previewButton, *m_send;
};

}  // namespace tocsin::ui

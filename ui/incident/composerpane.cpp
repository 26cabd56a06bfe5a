#include "ui/incident/composerpane.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>

#include "sdk/async.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using delivery::Entry;
using delivery::EntryState;
using theme::setRole;

namespace {
// Discord's limit for one post; what is longer leaves as several.
constexpr qsizetype kPostLimit = 2000;
}  // namespace

ComposerPane::ComposerPane(theme::Theme& theme, CurrentIncident& current,
                           delivery::Dispatcher& dispatcher, escalation::Engine& engine,
                           const QString& person, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_current(current),
      m_dispatcher(dispatcher),
      m_engine(engine),
      m_person(person) {
    setObjectName(u"composerPane"_s);
    setRole(this, u"panel"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 6, 14, 10);
    column->setSpacing(7);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(u"composerText"_s);
    m_text->setAccessibleName(tr("Message"));
    m_text->setPlaceholderText(
        tr("What is broken, who feels it, what happens next, when you write again"));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(44);
    m_preview = new QPlainTextEdit;
    m_preview->setObjectName(u"composerPreviewText"_s);
    m_preview->setAccessibleName(tr("Exactly what will be sent"));
    m_preview->setReadOnly(true);
    setRole(m_preview, u"code"_s);
    m_preview->hide();
    column->addWidget(buildHeader());
    auto* texts = new QHBoxLayout;
    texts->addWidget(m_text, 1);
    texts->addWidget(m_preview, 1);
    column->addLayout(texts, 1);
    column->addWidget(buildFooter());

    connect(m_text, &QPlainTextEdit::textChanged, this, &ComposerPane::refreshCount);
    auto* enter = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), m_text);
    enter->setContext(Qt::WidgetShortcut);
    connect(enter, &QShortcut::activated, this, &ComposerPane::send);
    connect(&current, &CurrentIncident::changed, this, &ComposerPane::refresh);
    connect(&current, &CurrentIncident::switched, this, [this] {
        m_state->clear();
        m_update = 1;
    });
    connect(&dispatcher, &delivery::Dispatcher::channelStopped, this,
            [this](const QString& name, const Error& why) {
                m_state->setText(tr("#%1 is stopped: %2").arg(name, why.message));
                setRole(m_state, u"critical"_s);
            });
    refresh();
}

QWidget* ComposerPane::buildHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(7);
    auto* to = new QLabel(tr("Post to"));
    setRole(to, u"strong"_s);
    m_channel = new QComboBox;
    m_channel->setObjectName(u"composerChannel"_s);
    m_channel->setAccessibleName(tr("Channel"));
    m_number = new QLabel;
    m_number->setObjectName(u"composerNumber"_s);
    setRole(m_number, u"muted"_s);
    m_state = new QLabel;
    m_state->setObjectName(u"composerState"_s);
    m_state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_state->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(to);
    row->addWidget(m_channel);
    row->addWidget(m_number);
    row->addWidget(m_state, 1);
    connect(m_channel, &QComboBox::currentIndexChanged, this, &ComposerPane::refreshMentions);
    return header;
}

QWidget* ComposerPane::buildFooter() {
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    m_chips = new QHBoxLayout;
    m_chips->setSpacing(6);
    m_attach = new QPushButton;
    m_attach->setObjectName(u"composerAttach"_s);
    m_attach->setCheckable(true);
    m_attach->hide();
    setRole(m_attach, u"chip"_s);
    m_count = new QLabel;
    m_count->setObjectName(u"composerCount"_s);
    m_previewButton = new QPushButton(tr("Preview"));
    m_previewButton->setObjectName(u"composerPreview"_s);
    m_previewButton->setAccessibleName(tr("Show exactly what will be sent"));
    m_previewButton->setCheckable(true);
    m_send = new QPushButton(tr("Send"));
    m_send->setObjectName(u"composerSend"_s);
    m_send->setAccessibleName(tr("Send to the channel"));
    m_send->setToolTip(tr("Ctrl+Enter"));
    setRole(m_send, u"primary"_s);
    row->addLayout(m_chips);
    row->addWidget(m_attach);
    row->addStretch(1);
    row->addWidget(m_count);
    row->addWidget(m_previewButton);
    row->addWidget(m_send);
    connect(m_attach, &QPushButton::toggled, this, &ComposerPane::refreshPreview);
    connect(m_previewButton, &QPushButton::toggled, this, &ComposerPane::refreshPreview);
    connect(m_send, &QPushButton::clicked, this, &ComposerPane::send);
    return footer;
}

QString ComposerPane::channel() const {
    return m_channel->currentData().toString();
}

void ComposerPane::refresh() {
    const QStringList channels = m_dispatcher.channels();
    if (m_channel->count() != channels.size()) {
        m_channel->clear();
        for (const QString& name : channels)
            m_channel->addItem(u'#' + name, name);
    }
    const auto& incident = m_current.incident();
    if (incident && !incident->channel.isEmpty() && m_text->toPlainText().isEmpty())
        m_channel->setCurrentIndex(std::max(0, m_channel->findData(incident->channel)));
    m_text->setEnabled(!channels.isEmpty());
    if (channels.isEmpty()) {
        m_state->setText(tr("No channel in tocsin.yaml: add one under “channels”."));
        setRole(m_state, u"muted"_s);
    }
    m_number->setText(incident ? tr("update %1").arg(m_update) : tr("no incident"));
    refreshMentions();
    refreshCount();
}

void ComposerPane::setMentions(const QString& channel, const QStringList& names) {
    m_mentions[channel] = names;
    refreshMentions();
}

void ComposerPane::refreshMentions() {
    const QStringList names = m_mentions.value(channel());
    QStringList shown;
    for (int i = 0; i < m_chips->count(); ++i)
        shown << m_chips->itemAt(i)->widget()->property("mention").toString();
    if (shown == names) return;
    while (QLayoutItem* item = m_chips->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QString& name : names) {
        auto* chip = new QPushButton(u'@' + name);
        chip->setObjectName(u"mention_"_s + name);
        chip->setAccessibleName(tr("Mention %1").arg(name));
        chip->setCheckable(true);
        chip->setProperty("mention", name);
        setRole(chip, u"chip"_s);
        connect(chip, &QPushButton::toggled, this, &ComposerPane::refreshPreview);
        m_chips->addWidget(chip);
    }
    refreshPreview();
}

void ComposerPane::refreshCount() {
    const qsizetype length = m_text->toPlainText().trimmed().size();
    m_count->setText(tr("%1 / %2").arg(length).arg(kPostLimit));
    setRole(m_count, length > kPostLimit ? u"warning"_s : u"muted"_s);
    m_count->setToolTip(length > kPostLimit ? tr("Longer than one post: it leaves as several")
                                            : QString());
    m_send->setEnabled(length > 0 && !channel().isEmpty());
    refreshPreview();
}

Message ComposerPane::compose() const {
    Message message;
    message.text = m_text->toPlainText().trimmed();
    for (int i = 0; i < m_chips->count(); ++i) {
        const auto* chip = qobject_cast<QPushButton*>(m_chips->itemAt(i)->widget());
        if (chip && chip->isChecked()) message.mentions << chip->property("mention").toString();
    }
    if (m_attachment && m_attach->isChecked()) message.attachments << *m_attachment;
    return message;
}

void ComposerPane::refreshPreview() {
    m_preview->setVisible(m_previewButton->isChecked());
    if (!m_previewButton->isChecked()) return;
    Notifier* notifier = m_dispatcher.notifier(channel());
    if (!notifier)
        return m_preview->setPlainText(
            tr("#%1 could not be set up; see the problems above.").arg(channel()));
    QStringList bodies;
    for (const Message& part : notifier->split(compose()))
        bodies << QString::fromUtf8(notifier->preview(part));
    m_preview->setPlainText(bodies.join(u"\n\n"_s));
}

void ComposerPane::send() {
    if (!m_send->isEnabled()) return;
    m_send->setEnabled(false);
    whenDone(m_engine.post(m_current.id(), channel(), compose(), m_person), this,
             [this](const Result<Entry>& entry) {
                 if (entry) return sent(*entry);
                 refreshCount();
                 m_state->setText(entry.error().message);
                 setRole(m_state, u"critical"_s);
             });
}

void ComposerPane::sent(const Entry& entry) {
    ++m_update;
    m_attachment.reset();
    m_attach->setChecked(false);
    m_attach->hide();
    m_text->clear();
    showState(entry);
    refresh();
}

void ComposerPane::offerAttachment(const QString& caption, const Attachment& attachment) {
    m_attachment = attachment;
    m_attach->setText(tr("attach: %1").arg(caption));
    m_attach->setAccessibleName(m_attach->text());
    m_attach->setChecked(false);
    m_attach->show();
}

void ComposerPane::showState(const Entry& entry) {
    QString text = tr("#%1: %2").arg(entry.channel, stateWords(entry));
    if (entry.state == EntryState::Confirmed)
        text +=
            tr(" · %1 s").arg(double(entry.createdAt.msecsTo(entry.changedAt)) / 1000.0, 0, 'f', 1);
    else if (!entry.answer.isEmpty())
        text += u": "_s + entry.answer;
    m_state->setText(text);
    m_state->setToolTip(text);
    setRole(m_state, entry.state == EntryState::Confirmed ? u"ok"_s
                     : entry.state == EntryState::Failed  ? u"critical"_s
                                                          : u"muted"_s);
}

void ComposerPane::focusText() {
    m_text->setFocus(Qt::ShortcutFocusReason);
}

}  // namespace tocsin::ui

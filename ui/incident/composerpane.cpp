#include "ui/incident/composerpane.h"

#include <QBoxLayout>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>

#include "sdk/async.h"
#include "ui/incident/attachmentchips.h"
#include "ui/incident/channelbox.h"
#include "ui/incident/mentionchips.h"
#include "ui/incident/postpreview.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using delivery::Entry;
using delivery::EntryState;
using theme::setRole;

namespace {

QHBoxLayout* rowIn(QWidget* widget, int spacing) {
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing);
    return row;
}

QPushButton* toggle(const QString& text, const QString& name, const QString& accessible) {
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    button->setAccessibleName(accessible);
    button->setToolTip(accessible);
    button->setCheckable(true);
    return button;
}

/// What readers see for each id: a role's or a person's name.
QMap<QString, QString> namesById(const QMap<QString, QString>& ids) {
    QMap<QString, QString> names;
    for (auto it = ids.begin(); it != ids.end(); ++it)
        names.insert(it.value().section(u':', -1), it.key());
    return names;
}

}  // namespace

ComposerPane::ComposerPane(theme::Theme& theme, CurrentIncident& current,
                           delivery::Dispatcher& dispatcher, escalation::Engine& engine,
                           Clock& clock, const QString& person, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_current(current),
      m_dispatcher(dispatcher),
      m_engine(engine),
      m_person(person),
      m_menus(new ComposerMenus(theme, current, clock, this)) {
    setObjectName(u"composerPane"_s);
    setRole(this, u"panel"_s);
    setAcceptDrops(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 6, 14, 10);
    column->setSpacing(7);
    column->addWidget(buildHeader());
    column->addWidget(buildText(), 1);
    column->addWidget(buildChips());
    column->addWidget(buildFooter());
    wire();
    refresh();
}

QWidget* ComposerPane::buildHeader() {
    auto* header = new QWidget;
    auto* row = rowIn(header, 7);
    auto* to = new QLabel(tr("Post to"));
    setRole(to, u"strong"_s);
    m_channel = new ChannelBox(u"composerChannel"_s);
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
    return header;
}

QWidget* ComposerPane::buildText() {
    auto* texts = new QWidget;
    auto* row = rowIn(texts, 8);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(u"composerText"_s);
    m_text->setAccessibleName(tr("Message"));
    m_text->setPlaceholderText(
        tr("What is broken, who feels it, what happens next, when you write again"));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(44);
    m_text->setAcceptDrops(false);  // files go to the pane
    m_preview = new PostPreview(m_theme, u"composerPreview"_s);
    m_preview->hide();
    row->addWidget(m_text, 1);
    row->addWidget(m_preview, 1);
    return texts;
}

QWidget* ComposerPane::buildChips() {
    auto* chips = new QWidget;
    auto* row = rowIn(chips, 6);
    m_mentions = new MentionChips;
    m_attachments = new AttachmentChips;
    row->addWidget(m_mentions);
    row->addWidget(m_attachments);
    row->addStretch(1);
    return chips;
}

QWidget* ComposerPane::buildFooter() {
    auto* footer = new QWidget;
    auto* row = rowIn(footer, 6);
    m_silent = toggle(tr("Silent"), u"composerSilent"_s, tr("No sound on the other side"));
    setRole(m_silent, u"chip"_s);
    m_count = new QLabel;
    m_count->setObjectName(u"composerCount"_s);
    m_previewButton =
        toggle(tr("Preview"), u"composerPreview"_s, tr("Show exactly what will be sent"));
    m_send = new QPushButton(tr("Send"));
    m_send->setObjectName(u"composerSend"_s);
    m_send->setAccessibleName(tr("Send to the channel"));
    m_send->setToolTip(tr("Ctrl+Enter"));
    setRole(m_send, u"primary"_s);
    row->addWidget(m_menus->draftButton());
    row->addWidget(m_menus->attachButton());
    row->addWidget(m_silent);
    row->addStretch(1);
    row->addWidget(m_count);
    row->addWidget(m_previewButton);
    row->addWidget(m_send);
    return footer;
}

void ComposerPane::wire() {
    connect(m_text, &QPlainTextEdit::textChanged, this, &ComposerPane::refreshCount);
    auto* enter = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), m_text);
    enter->setContext(Qt::WidgetShortcut);
    connect(enter, &QShortcut::activated, this, &ComposerPane::send);
    connect(m_send, &QPushButton::clicked, this, &ComposerPane::send);
    connect(m_channel, &ChannelBox::chosen, this, &ComposerPane::channelChosen);
    connect(m_mentions, &MentionChips::changed, this, &ComposerPane::refreshPreview);
    connect(m_attachments, &AttachmentChips::changed, this, &ComposerPane::refreshCount);
    connect(m_silent, &QPushButton::toggled, this, &ComposerPane::refreshPreview);
    connect(m_previewButton, &QPushButton::toggled, this, &ComposerPane::refreshPreview);
    connect(m_menus, &ComposerMenus::drafted, this, &ComposerPane::takeDraft);
    connect(m_menus, &ComposerMenus::attached, m_attachments, &AttachmentChips::add);
    connect(m_menus, &ComposerMenus::failed, this,
            [this](const QString& sentence) { say(sentence, u"critical"_s); });
    connect(&m_current, &CurrentIncident::changed, this, &ComposerPane::refresh);
    connect(&m_current, &CurrentIncident::switched, this, [this] {
        say({}, u"muted"_s);
        m_update = 1;
        refresh();
    });
    connect(&m_dispatcher, &delivery::Dispatcher::channelStopped, this,
            [this](const QString& name, const Error& why) {
                say(tr("#%1 is stopped: %2").arg(name, why.message), u"critical"_s);
            });
}

void ComposerPane::say(const QString& sentence, const QString& role) {
    m_state->setText(sentence);
    m_state->setToolTip(sentence);
    setRole(m_state, role);
}

void ComposerPane::setSources(const ComposerSources& sources) {
    m_menus->setSources(sources);
    refreshPreview();
}

void ComposerPane::setMentions(const QString& channel, const QMap<QString, QString>& ids) {
    m_ids[channel] = ids;
    m_mentions->setNames(channel, ids.keys());
    channelChosen();
}

void ComposerPane::refresh() {
    const QStringList channels = m_dispatcher.channels();
    m_channel->setChannels(channels);
    const auto& incident = m_current.incident();
    if (incident && !incident->channel.isEmpty() && m_text->toPlainText().isEmpty())
        m_channel->choose(incident->channel);
    m_text->setEnabled(!channels.isEmpty());
    if (channels.isEmpty())
        say(tr("No channel in tocsin.yaml: add one under “channels”."), u"muted"_s);
    m_number->setText(incident ? tr("update %1").arg(m_update) : tr("no incident"));
    channelChosen();
    refreshCount();
}

void ComposerPane::channelChosen() {
    m_mentions->showFor(m_channel->channel());
    m_preview->setNames(namesById(m_ids.value(m_channel->channel())));
    refreshPreview();
}

void ComposerPane::refreshCount() {
    const qsizetype length = m_text->toPlainText().trimmed().size();
    m_count->setText(tr("%1 / %2").arg(length).arg(kPostLimit));
    setRole(m_count, length > kPostLimit ? u"warning"_s : u"muted"_s);
    m_count->setToolTip(length > kPostLimit ? tr("Longer than one post: it leaves as several")
                                            : QString());
    const bool hasFiles = !m_attachments->chosen().isEmpty();
    m_send->setEnabled((length > 0 || hasFiles) && !m_channel->channel().isEmpty());
    refreshPreview();
}

Message ComposerPane::compose() const {
    Message message;
    const QString text = m_text->toPlainText().trimmed();
    const auto& incident = m_current.incident();
    message.text =
        incident ? announcements::wordedUpdate(text, *incident, m_update, m_menus->clock().now(),
                                               m_menus->wordings(), m_menus->rhythm())
                 : text;
    message.mentions = m_mentions->chosen();
    message.attachments = m_attachments->chosen();
    message.silent = m_silent->isChecked();
    return message;
}

void ComposerPane::refreshPreview() {
    const bool shown = m_previewButton->isChecked();
    m_preview->setVisible(shown);
    if (!shown) return;
    const Notifier* notifier = m_dispatcher.notifier(m_channel->channel());
    if (!notifier)
        return m_preview->showProblem(
            tr("#%1 could not be set up; see the problems above.").arg(m_channel->channel()));
    QVector<QByteArray> bodies;
    for (const Message& part : m_dispatcher.split(m_channel->channel(), compose()))
        bodies << notifier->preview(part);
    m_preview->show(bodies, m_menus->clock().now());
}

void ComposerPane::takeDraft(const QString& text) {
    // What was written stays: a draft never replaces it.
    const QString before = m_text->toPlainText().trimmed();
    m_text->setPlainText(before.isEmpty() ? text : before + u"\n\n"_s + text);
    m_text->moveCursor(QTextCursor::End);
    focusText();
}

void ComposerPane::send() {
    if (!m_send->isEnabled()) return;
    m_send->setEnabled(false);
    whenDone(m_engine.post(m_current.id(), m_channel->channel(), compose(), m_person), this,
             [this](const Result<Entry>& entry) {
                 if (entry) return sent(*entry);
                 refreshCount();
                 say(entry.error().message, u"critical"_s);
             });
}

void ComposerPane::sent(const Entry& entry) {
    ++m_update;
    m_attachments->clear();
    m_mentions->clear();
    m_silent->setChecked(false);
    m_text->clear();
    showState(entry);
    refresh();
}

void ComposerPane::offerAttachment(const QString& caption, const Attachment& attachment) {
    m_attachments->offer(caption, attachment);
}

void ComposerPane::showState(const Entry& entry) {
    // The card is edited by itself; here it would hide what became of the update.
    if (entry.event.contains(u"/card"_s)) return;
    QString text = tr("#%1: %2").arg(entry.channel, stateWords(entry));
    if (entry.state == EntryState::Confirmed)
        text +=
            tr(" · %1 s").arg(double(entry.createdAt.msecsTo(entry.changedAt)) / 1000.0, 0, 'f', 1);
    else if (!entry.answer.isEmpty())
        text += u": "_s + entry.answer;
    say(text, entry.state == EntryState::Confirmed ? u"ok"_s
              : entry.state == EntryState::Failed  ? u"critical"_s
                                                   : u"muted"_s);
}

void ComposerPane::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void ComposerPane::dropEvent(QDropEvent* event) {
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) paths << url.toLocalFile();
    m_menus->attachFiles(paths);
    event->acceptProposedAction();
}

void ComposerPane::focusText() {
    m_text->setFocus(Qt::ShortcutFocusReason);
}

}  // namespace tocsin::ui

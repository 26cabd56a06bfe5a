#include "ui/incident/ledgerpane.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "sdk/async.h"
#include "ui/incident/inlineform.h"
#include "ui/incident/ledgerfilter.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using delivery::Entry;
using delivery::EntryState;
using theme::setRole;

namespace {

bool canSendAgain(const Entry& entry) {
    return entry.state != EntryState::Sending && entry.state != EntryState::Folded;
}

bool canCallBack(const Entry& entry) {
    return entry.state == EntryState::Intent || entry.state == EntryState::InDoubt;
}

QString againSentence(const Entry& entry) {
    const QString to = u'#' + entry.channel;
    if (entry.state == EntryState::Confirmed)
        return LedgerPane::tr("It was delivered. Post it to %1 once more, marked as a repeat?")
            .arg(to);
    if (entry.state == EntryState::InDoubt)
        return LedgerPane::tr("It may have arrived. Try %1 again now, marked as a repeat?").arg(to);
    if (entry.state == EntryState::Intent)
        return LedgerPane::tr("Try %1 again now, without waiting?").arg(to);
    return LedgerPane::tr("It did not arrive. Try %1 again?").arg(to);
}

QString backSentence(const Entry& entry) {
    const QString to = u'#' + entry.channel;
    return entry.doubtedAt.isValid()
               ? LedgerPane::tr("Stop trying %1? An earlier try may have arrived.").arg(to)
               : LedgerPane::tr("Call it back from %1? It did not leave yet.").arg(to);
}

/// Event, mentions, tries and answer: what the columns have no room for.
QString detailOf(const Entry& entry) {
    QStringList words{entry.event};
    if (!entry.message.mentions.isEmpty()) words << u'@' + entry.message.mentions.join(u" @"_s);
    if (entry.tries > 1) words << LedgerPane::tr("%1 tries").arg(entry.tries);
    if (!entry.message.divertedFrom.isEmpty())
        words << LedgerPane::tr("meant for #%1").arg(entry.message.divertedFrom);
    if (!entry.remoteId.isEmpty()) words << LedgerPane::tr("id %1").arg(entry.remoteId);
    if (!entry.answer.isEmpty()) words << entry.answer;
    return words.join(u" · "_s);
}

}  // namespace

LedgerPane::LedgerPane(LedgerView* view, console::StoppedChannels& stopped,
                       delivery::Dispatcher& dispatcher, escalation::Engine& engine,
                       const QString& person, QWidget* parent)
    : QWidget(parent),
      m_view(view),
      m_stopped(stopped),
      m_dispatcher(dispatcher),
      m_engine(engine),
      m_person(person) {
    setObjectName(u"ledgerPane"_s);
    setRole(this, u"panel"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHeader());
    column->addWidget(buildTrouble());
    view->setMinimumHeight(50);  // the window decides how high it is
    column->addWidget(view, 1);
    column->addWidget(buildActs());
    connect(view, &LedgerView::chosenChanged, this, &LedgerPane::refreshActs);
    connect(&stopped, &console::StoppedChannels::changed, this, &LedgerPane::refreshTrouble);
    connect(&dispatcher, &delivery::Dispatcher::storeFailed, this, [this](const Error& error) {
        m_storeTrouble = error.message;
        refreshTrouble();
    });
    connect(&dispatcher, &delivery::Dispatcher::entryChanged, this, [this] {
        // Something was recorded, so the store works again.
        if (m_storeTrouble.isEmpty()) return;
        m_storeTrouble.clear();
        refreshTrouble();
    });
    refreshTrouble();
    refreshActs();
}

QWidget* LedgerPane::buildHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(14, 6, 14, 6);
    row->setSpacing(8);
    auto* filter = m_words = new QLineEdit;
    filter->setObjectName(u"ledgerFilter"_s);
    filter->setAccessibleName(tr("Filter messages"));
    filter->setPlaceholderText(tr("Filter: words, #channel, event, answer"));
    filter->setClearButtonEnabled(true);
    auto* states = m_states = new QComboBox;
    states->setObjectName(u"ledgerStates"_s);
    states->setAccessibleName(tr("Which messages"));
    states->addItems({tr("All states"), tr("On the way"), tr("Not delivered"), tr("Delivered")});
    auto* everything = m_everything = new QCheckBox(tr("All incidents"));
    everything->setObjectName(u"ledgerEverything"_s);
    everything->setAccessibleName(tr("Messages of all incidents"));
    row->addWidget(filter, 1);
    row->addWidget(states);
    row->addWidget(everything);
    m_close = new QPushButton(tr("Close"));
    m_close->setObjectName(u"messagesClose"_s);
    m_close->setAccessibleName(tr("Close the messages"));
    setRole(m_close, u"ghost"_s);
    m_close->hide();
    row->addWidget(m_close);
    connect(m_close, &QPushButton::clicked, this, &LedgerPane::closeRequested);
    connect(filter, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_view->filter().setWords(QString(words).remove(u'#'));
    });
    connect(states, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_view->filter().setShow(static_cast<LedgerFilter::Show>(index));
    });
    connect(everything, &QCheckBox::toggled, m_view, &LedgerView::setEverything);
    return header;
}

QWidget* LedgerPane::buildTrouble() {
    m_trouble = new QWidget;
    m_trouble->setObjectName(u"ledgerTrouble"_s);
    auto* row = new QHBoxLayout(m_trouble);
    row->setContentsMargins(14, 2, 14, 6);
    m_troubleText = new theme::ElidedLabel;  // the whole of it is its tool tip
    m_troubleText->setObjectName(u"ledgerTroubleText"_s);
    m_troubleText->setAccessibleName(tr("Trouble with delivery"));
    setRole(m_troubleText, u"critical"_s);
    m_resume = new QPushButton(tr("Try again"));
    m_resume->setObjectName(u"ledgerResume"_s);
    m_resume->setAccessibleName(tr("Let the stopped channel try again"));
    row->addWidget(m_troubleText, 1);
    row->addWidget(m_resume);
    connect(m_resume, &QPushButton::clicked, this, [this] {
        const auto all = m_stopped.all();
        for (const console::StoppedChannel& one : all)
            if (one.canTryAgain) m_stopped.tryAgain(one.channel);
    });
    m_trouble->hide();
    return m_trouble;
}

void LedgerPane::refreshTrouble() {
    QStringList lines;
    bool canTry = false;
    for (const console::StoppedChannel& one : m_stopped.all()) {
        lines << stoppedSentence(one);
        canTry = canTry || one.canTryAgain;
    }
    if (!m_storeTrouble.isEmpty()) lines << m_storeTrouble;
    m_troubleText->setText(lines.join(u"  ·  "_s));
    m_resume->setVisible(canTry);
    m_trouble->setVisible(!lines.isEmpty());
}

void LedgerPane::showChannel(const QString& channel) {
    m_everything->setChecked(true);
    m_states->setCurrentIndex(0);
    m_words->setText(channel.isEmpty() ? QString() : u'#' + channel);
}

void LedgerPane::setClosable(bool closable) {
    m_close->setVisible(closable);
}

QWidget* LedgerPane::buildActs() {
    auto* acts = new QWidget;
    auto* column = new QVBoxLayout(acts);
    column->setContentsMargins(14, 4, 14, 6);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_detail = new QLabel;
    m_detail->setObjectName(u"ledgerDetail"_s);
    m_detail->setAccessibleName(tr("The chosen message"));
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setRole(m_detail, u"muted"_s);
    m_again = new QPushButton(tr("Send again…"));
    m_again->setObjectName(u"ledgerSendAgain"_s);
    m_again->setAccessibleName(tr("Send the chosen message again"));
    m_back = new QPushButton(tr("Call back…"));
    m_back->setObjectName(u"ledgerCallBack"_s);
    m_back->setAccessibleName(tr("Call the chosen message back"));
    row->addWidget(m_detail, 1);
    row->addWidget(m_again);
    row->addWidget(m_back);
    column->addLayout(row);
    m_againForm = new InlineForm(u"ledgerAgainForm"_s, {});
    m_againForm->setConfirm(u"ledgerAgainConfirm"_s, tr("Send"), u"primary"_s);
    m_backForm = new InlineForm(u"ledgerBackForm"_s, {});
    m_backForm->setConfirm(u"ledgerBackConfirm"_s, tr("Call back"), u"danger"_s);
    connect(m_again, &QPushButton::clicked, this, &LedgerPane::askSendAgain);
    connect(m_back, &QPushButton::clicked, this, &LedgerPane::askCallBack);
    for (InlineForm* form : {m_againForm, m_backForm}) {
        column->addWidget(form);
        connect(form, &InlineForm::cancelled, form, &QWidget::hide);
    }
    connect(m_againForm, &InlineForm::confirmed, this,
            [this] { act(m_againForm, m_engine.sendAgain(m_asked, m_person)); });
    connect(m_backForm, &InlineForm::confirmed, this,
            [this] { act(m_backForm, m_engine.callBack(m_asked, m_person)); });
    return acts;
}

void LedgerPane::refreshActs() {
    const auto entry = m_view->chosen();
    m_again->setEnabled(entry && canSendAgain(*entry));
    m_back->setEnabled(entry && canCallBack(*entry));
    m_detail->setText(entry ? detailOf(*entry) : tr("Choose a message to send it again."));
    m_detail->setToolTip(entry ? m_detail->text() : QString());
}

void LedgerPane::askSendAgain() {
    const auto entry = m_view->chosen();
    if (!entry) return;
    m_asked = entry->id;
    m_askedChannel = entry->channel;
    m_backForm->hide();
    m_againForm->setSentence(againSentence(*entry));
    m_againForm->ask();
}

void LedgerPane::askCallBack() {
    const auto entry = m_view->chosen();
    if (!entry) return;
    m_asked = entry->id;
    m_askedChannel = entry->channel;
    m_againForm->hide();
    m_backForm->setSentence(backSentence(*entry));
    m_backForm->ask();
}

void LedgerPane::act(InlineForm* form, const QFuture<Result<void>>& done) {
    form->setBusy(true);
    whenDone(done, this, [this, form](const Result<void>& outcome) {
        form->setBusy(false);
        if (!outcome) return form->showError(outcome.error().message);
        form->hide();
        if (form == m_againForm)
            m_dispatcher.hurry(m_askedChannel);
        else
            m_dispatcher.lookAgain(m_askedChannel);
        m_view->reload();
    });
}

}  // namespace tocsin::ui

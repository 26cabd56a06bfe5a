#include "ui/query/listenview.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostHeardLines = 1000;
constexpr int kLongestChannel = 63;  // bytes of a name in PostgreSQL

}  // namespace

ListenView::ListenView(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent),
      m_clock(clock),
      m_name(new QLineEdit(this)),
      m_button(new QPushButton(tr("Listen"), this)),
      m_state(new theme::ElidedLabel(QString(), this)),
      m_lines(new QPlainTextEdit(this)) {
    setAccessibleName(tr("Notifications of the server"));
    m_name->setObjectName(u"sqlListenChannel"_s);
    m_name->setAccessibleName(tr("Channel to listen to"));
    m_name->setPlaceholderText(tr("channel, as in NOTIFY"));
    m_name->setMaxLength(kLongestChannel);
    m_button->setObjectName(u"sqlListen"_s);
    m_button->setAccessibleName(tr("Listen to the channel, or stop"));
    m_state->setObjectName(u"sqlListenState"_s);
    theme::setRole(m_state, u"muted"_s);
    m_lines->setObjectName(u"sqlListenLines"_s);
    m_lines->setAccessibleName(tr("What was heard, newest last"));
    m_lines->setReadOnly(true);
    m_lines->setMaximumBlockCount(kMostHeardLines);
    m_lines->setFont(theme.monoFont(-1));
    m_lines->setPlaceholderText(tr("What other sessions say with NOTIFY appears here."));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 4, 12, 2);
    head->addWidget(m_name, 1);
    head->addWidget(m_button);
    head->addWidget(m_state, 2);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(2);
    all->addLayout(head);
    all->addWidget(m_lines, 1);
    connect(m_button, &QPushButton::clicked, this, &ListenView::toggle);
    connect(m_name, &QLineEdit::returnPressed, this, [this] {
        if (!m_listening) begin();
    });
    showState();
}

void ListenView::follow(inspection::Connection* connection) {
    if (m_connection == connection) return;
    if (m_listening) end(tr("stopped: another server is shown"), false);
    m_connection = connection;
    showState();
}

void ListenView::toggle() {
    if (m_listening) return end(tr("stopped"), false);
    begin();
}

void ListenView::begin() {
    const QString channel = m_name->text().trimmed();
    auto* listening = m_connection ? qobject_cast<Listening*>(m_connection->engine()) : nullptr;
    if (!listening || channel.isEmpty()) return m_name->setFocus();
    m_channel = channel;
    m_heard = 0;
    m_lines->clear();
    m_state->setText(tr("connecting…"));
    theme::setRole(m_state, u"muted"_s);
    m_listening = listening->listen(
        channel,
        {[this] { showState(); }, [this](const Notification& notification) { heard(notification); },
         [this](const Error& error) { end(error.message, true); }});
    m_button->setText(tr("Stop"));
    m_name->setEnabled(false);
}

void ListenView::end(const QString& why, bool bad) {
    m_listening.reset();
    showState();
    m_state->setText(why);
    theme::setRole(m_state, bad ? u"critical"_s : u"muted"_s);
}

void ListenView::heard(const Notification& notification) {
    ++m_heard;
    QString payload = notification.payload;
    payload.replace(u'\n', u"⏎"_s);
    m_lines->appendPlainText(u"%1  %2  %3"_s.arg(m_clock.now().toString(u"HH:mm:ss.zzz"_s),
                                                 tr("pid %1").arg(notification.session), payload));
    showState();
}

void ListenView::showState() {
    const bool usable = m_connection && qobject_cast<Listening*>(m_connection->engine());
    m_button->setText(m_listening ? tr("Stop") : tr("Listen"));
    m_button->setEnabled(usable || m_listening);
    m_name->setEnabled(usable && !m_listening);
    if (!m_listening) return m_state->clear();
    m_state->setText(
        tr("listening to “%1”, %2 heard; holds a connection").arg(m_channel).arg(m_heard));
}

}  // namespace tocsin::ui

#include "ui/query/httppane.h"

#include <QShortcut>

#include "inspection/curl.h"
#include "sdk/async.h"
#include "sdk/secret.h"
#include "ui/query/httpparts.h"
#include "ui/query/httpwords.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kFormattedAtOnce = 64LL * 1024;
constexpr qsizetype kHighlighted = 512LL * 1024;

}  // namespace

HttpPane::HttpPane(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent), m_parts(std::make_unique<Parts>(this, theme, clock)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(8);
    layout->addLayout(m_parts->buildRequestLine());
    m_parts->carried = new theme::ElidedLabel({}, this);
    m_parts->carried->hide();
    theme::setRole(m_parts->carried, u"muted"_s);
    layout->addWidget(m_parts->carried);
    layout->addLayout(m_parts->buildNotice());
    layout->addLayout(m_parts->buildStatus());
    m_parts->buildAnswer(layout);
    setFocusProxy(m_parts->url);
    m_parts->wire();
}

HttpPane::~HttpPane() = default;

void HttpPane::Parts::wire() {
    connect(sendButton, &QPushButton::clicked, pane, [this] { send(); });
    connect(url, &QLineEdit::returnPressed, pane, [this] { send(); });
    connect(url, &QLineEdit::textEdited, pane, [this] { showCarried(); });
    connect(method, &QComboBox::activated, pane, [this] { showCarried(); });
    connect(cancelButton, &QPushButton::clicked, pane, [this] { client.abortAll(); });
    connect(decline, &QPushButton::clicked, pane, [this] { withdraw(); });
    connect(confirm, &QPushButton::clicked, pane, [this] {
        asking = false;
        if (const auto request = assembled()) deliver(*request);
    });
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), pane);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, pane,
            [this] { running ? client.abortAll() : withdraw(); });
    connect(&theme, &theme::Theme::changed, pane, [this] {
        for (QWidget* widget : {static_cast<QWidget*>(url), static_cast<QWidget*>(body),
                                static_cast<QWidget*>(headers)})
            widget->setFont(theme.monoFont());
    });
}

/// One request at a time; the one that would come second says so.
bool HttpPane::Parts::isBusy(RunTicket asked) {
    withdraw();
    if (!running) return false;
    const QString line =
        tr("Another request is still under way; wait for its answer or cancel it.");
    emit pane->ran({false, line, {}, u"http"_s, {}, asked, false});
    return true;
}

/// A question that is not answered with yes is a request that was not sent.
void HttpPane::Parts::withdraw() {
    notice->hide();
    if (!std::exchange(asking, false)) return;
    status->setText(tr("Not sent"));
    const QString subject = method->currentText() + u' ' + redact(url->text());
    emit pane->ran(
        {false, tr("Not sent"), subject, u"http"_s, {}, std::exchange(ticket, 0), false});
}

void HttpPane::request(const QString& curlLine, RunTicket ticket) {
    if (m_parts->isBusy(ticket)) return;
    const auto read = inspection::parseCurl(curlLine);
    if (!read) {
        m_parts->say(read.error().message, true, false);
        emit ran({false,
                  read.error().message,
                  redact(curlLine.simplified()).left(100),
                  u"http"_s,
                  {{u"error"_s, read.error().message}},
                  ticket,
                  false});
        return;
    }
    m_parts->prepare(*read);
    m_parts->send(ticket);
}

void HttpPane::requestUrl(const QUrl& url, RunTicket ticket) {
    if (m_parts->isBusy(ticket)) return;
    HttpRequest request;
    request.url = url;
    m_parts->prepare(request);
    m_parts->send(ticket);
}

void HttpPane::Parts::prepare(const HttpRequest& request) {
    prepared = request;
    const QString name = QString::fromLatin1(request.method);
    if (method->findText(name) < 0) method->addItem(name);
    method->setCurrentText(name);
    url->setText(request.url.toString(QUrl::FullyEncoded));
    url->setCursorPosition(0);
    showCarried();
}

/// What the line shows, with what came along in the curl line as long as it goes to the same host:
/// a token for one host is never sent to another.
Result<HttpRequest> HttpPane::Parts::assembled() const {
    const QString typed = url->text().trimmed();
    const QUrl target(typed.contains(u"://"_s) ? typed : u"http://"_s + typed, QUrl::TolerantMode);
    if (typed.isEmpty() || !target.isValid() || target.host().isEmpty() ||
        (target.scheme() != u"http" && target.scheme() != u"https"))
        return fail(ErrorCode::Parse,
                    tr("“%1” is not an http or https address.").arg(redact(typed)));
    const bool sameHost = target.host() == prepared.url.host() &&
                          target.port() == prepared.url.port() &&
                          target.scheme() == prepared.url.scheme();
    HttpRequest request = sameHost ? prepared : HttpRequest();
    request.url = target;
    request.method = method->currentText().toLatin1();
    if (request.method == "GET" || request.method == "HEAD") request.body.clear();
    return request;
}

void HttpPane::Parts::showCarried() {
    withdraw();
    const auto request = assembled();
    QStringList parts;
    if (request) {
        for (const auto& header : request->headers)
            parts << QString::fromLatin1(header.first);
        if (!request->body.isEmpty()) parts << tr("%1 bytes of body").arg(request->body.size());
    }
    carried->setVisible(!parts.isEmpty());
    carried->setText(tr("Sent along: %1").arg(parts.join(u", "_s)));
}

void HttpPane::Parts::send(RunTicket asked) {
    if (running || asking) return;
    ticket = asked;
    const auto request = assembled();
    if (!request) {
        say(request.error().message, true, false);
        emit pane->ran({false,
                        request.error().message,
                        redact(url->text()),
                        u"http"_s,
                        {},
                        std::exchange(ticket, 0),
                        false});
        return;
    }
    request->method == "GET" || request->method == "HEAD" ? deliver(*request) : ask(*request);
}

void HttpPane::Parts::ask(const HttpRequest& request) {
    asking = true;
    const QString name = QString::fromLatin1(request.method);
    confirm->setText(tr("Send %1").arg(name));
    confirm->setAccessibleName(tr("Send %1 to %2").arg(name, request.url.host()));
    say(tr("%1 %2 at %3 may change something there. Nothing has been sent yet.")
            .arg(name, request.url.path().isEmpty() ? u"/"_s : request.url.path(),
                 request.url.host()),
        true, true);
}

void HttpPane::Parts::say(const QString& text, bool isError, bool asks) {
    theme::setRole(notice, isError ? u"criticalNotice"_s : u"notice"_s);
    noticeText->setText(text);
    confirm->setVisible(asks);
    decline->setVisible(asks);
    notice->show();
    if (asks) decline->setFocus();
}

void HttpPane::Parts::deliver(const HttpRequest& request) {
    notice->hide();
    chip->hide();
    body->clear();
    headers->clear();
    ++generation;
    running = true;
    startedAt = clock.elapsed();
    sendButton->setEnabled(false);
    cancelButton->setEnabled(true);
    tick();
    whenDone(client.send(request), pane,
             [this, request](const Result<HttpReply>& reply) { finish(request, reply); });
}

void HttpPane::Parts::tick() {
    if (!running) return;
    status->setText(
        tr("Waiting for %1 s")
            .arg(static_cast<double>((clock.elapsed() - startedAt).count()) / 1000.0, 0, 'f', 1));
    clock.callAfter(std::chrono::milliseconds(100), pane, [this] { tick(); });
}

void HttpPane::Parts::finish(const HttpRequest& request, const Result<HttpReply>& reply) {
    running = false;
    sendButton->setEnabled(true);
    cancelButton->setEnabled(false);
    if (reply) {
        showReply(*reply);
    } else {
        status->setText(reply.error().code == ErrorCode::Cancelled ? tr("Cancelled")
                                                                   : tr("No answer"));
        say(reply.error().message, true, false);
    }
    Outcome outcome = httpOutcome(request, reply);
    outcome.ticket = std::exchange(ticket, 0);
    emit pane->ran(outcome);
}

void HttpPane::Parts::showReply(const HttpReply& reply) {
    const theme::Tone tone = reply.status >= 500   ? theme::Tone::Critical
                             : reply.status >= 400 ? theme::Tone::Warning
                             : reply.status >= 300 ? theme::Tone::Info
                                                   : theme::Tone::Ok;
    const theme::Mark mark = reply.status >= 400 ? theme::Mark::Cross : theme::Mark::Check;
    chip->setParts(mark, QString::number(reply.status), statusWord(reply.status), tone);
    chip->setAccessibleName(tr("Status %1 %2").arg(reply.status).arg(statusWord(reply.status)));
    chip->show();
    status->setText(httpTiming(reply));
    QStringList lines;
    for (const auto& [name, value] : reply.headers)
        lines << QString::fromLatin1(name) + u": "_s + redact(QString::fromUtf8(value));
    headers->setPlainText(lines.join(u'\n'));
    tabs->setTabText(1, tr("Headers · %1").arg(reply.headers.size()));
    showBody(reply);
}

void HttpPane::Parts::showBody(const HttpReply& reply) {
    const QByteArray type = reply.header("content-type");
    const auto fill = [this](const QString& text) {
        delete highlighter;
        body->setPlainText(text.isEmpty() ? tr("(no body)") : text);
        if (text.size() < kHighlighted && (text.startsWith(u'{') || text.startsWith(u'[')))
            highlighter = new JsonHighlighter(theme, body->document());
    };
    if (reply.body.size() < kFormattedAtOnce) return fill(readableBody(reply.body, type));
    body->setPlainText(tr("Setting out %1 kB…").arg(reply.body.size() / 1024));
    runOnPool(
        pane, [data = reply.body, type] { return readableBody(data, type); },
        [this, fill, wanted = generation](const QString& text) {
            if (wanted == generation) fill(text);
        });
}

}  // namespace tocsin::ui

#pragma once
// The inside of the HTTP pane: httpparts.cpp builds it, httppane.cpp makes it work.
#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTabWidget>

#include "sdk/http.h"
#include "ui/query/httpbody.h"
#include "ui/query/httppane.h"
#include "ui/theme/chip.h"
#include "ui/theme/labels.h"

namespace tocsin::ui {

struct HttpPane::Parts {
    Parts(HttpPane* owner, theme::Theme& paneTheme, Clock& paneClock)
        : pane(owner), theme(paneTheme), clock(paneClock) {}

    HttpPane* pane;
    theme::Theme& theme;
    Clock& clock;
    HttpClient client;
    QComboBox* method = nullptr;
    QLineEdit* url = nullptr;
    QPushButton* sendButton = nullptr;
    QPushButton* cancelButton = nullptr;
    theme::ElidedLabel* carried = nullptr;
    QFrame* notice = nullptr;
    QLabel* noticeText = nullptr;
    QPushButton* confirm = nullptr;
    QPushButton* decline = nullptr;
    theme::Chip* chip = nullptr;
    theme::ElidedLabel* status = nullptr;
    QPlainTextEdit* body = nullptr;
    QPlainTextEdit* headers = nullptr;
    QTabWidget* tabs = nullptr;
    QPointer<JsonHighlighter> highlighter;
    HttpRequest prepared;  ///< headers and body of a curl line, for its host only
    bool running = false;
    bool asking = false;
    RunTicket ticket = 0;  ///< of the request that is asked about or under way
    int generation = 0;
    std::chrono::milliseconds startedAt{0};

    QLayout* buildRequestLine();
    QLayout* buildNotice();
    QLayout* buildStatus();
    void buildAnswer(QVBoxLayout* layout);
    QPlainTextEdit* buildText(const QString& name, const QString& accessible);
    void wire();

    void prepare(const HttpRequest& request);
    Result<HttpRequest> assembled() const;
    void showCarried();
    void send(RunTicket asked = 0);
    void ask(const HttpRequest& request);
    void withdraw();
    bool isBusy(RunTicket asked);
    void say(const QString& text, bool isError, bool asks);
    void deliver(const HttpRequest& request);
    void tick();
    void finish(const HttpRequest& request, const Result<HttpReply>& reply);
    void showReply(const HttpReply& reply);
    void showBody(const HttpReply& reply);
};

}  // namespace tocsin::ui

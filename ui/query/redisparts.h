#pragma once
// The inside of the Redis pane: redisparts.cpp builds it, redispane.cpp makes it work.
#include <QBoxLayout>
#include <QComboBox>
#include <QPointer>
#include <QPushButton>
#include <QTabWidget>

#include "inspection/connection.h"
#include "ui/query/queryhistory.h"
#include "ui/query/rediscommandedit.h"
#include "ui/query/redispane.h"
#include "ui/query/redisresult.h"
#include "ui/query/setupbutton.h"
#include "ui/query/sqlconfirm.h"
#include "ui/redis/keysview.h"
#include "ui/redis/queuesview.h"
#include "ui/redis/serverview.h"
#include "ui/theme/badge.h"
#include "ui/theme/chip.h"
#include "ui/theme/labels.h"

namespace tocsin::ui {

struct RedisPane::Parts {
    Parts(RedisPane* owner, theme::Theme& paneTheme, Clock& paneClock)
        : pane(owner), theme(paneTheme), clock(paneClock) {}

    RedisPane* pane;
    theme::Theme& theme;
    Clock& clock;
    QVector<QPointer<inspection::Connection>> connections;
    theme::EnvironmentBadge* badge = nullptr;
    QComboBox* choice = nullptr;
    theme::ElidedLabel* place = nullptr;
    theme::Chip* guard = nullptr;
    SetUpButton* setUp = nullptr;
    QPushButton* advice = nullptr;  ///< a user that could not write; shown when this one may
    QTabWidget* tabs = nullptr;
    QueuesView* queues = nullptr;
    KeysView* keys = nullptr;
    ServerView* server = nullptr;
    RedisCommandEdit* command = nullptr;
    QueryHistory* history = nullptr;
    QPushButton* runButton = nullptr;
    QPushButton* cancelButton = nullptr;
    theme::ElidedLabel* status = nullptr;
    QFrame* notice = nullptr;
    QLabel* noticeText = nullptr;
    QPushButton* change = nullptr;  ///< beside a refusal that a person may overrule
    QPushButton* nextPage = nullptr;
    QString nextCommand;
    QPointer<inspection::Connection> documented;  ///< whose commands the line knows
    QString switched;                             ///< the failover that was told of last
    bool needsName = false;  ///< what was refused wants the name even when unlocked
    SqlConfirm* confirm = nullptr;
    RedisResult* result = nullptr;
    QString ranOn, ranText;  ///< connection and command of what is shown
    QString told;            ///< what was said of it
    bool running = false;
    QPointer<inspection::Connection> runningOn;  ///< which Cancel means, whatever is chosen now
    RunTicket rehearsed = 0;                     ///< of what the confirmation is about
    std::chrono::milliseconds startedAt{0};

    QWidget* buildHeader();
    QWidget* buildConsole();
    QLayout* buildCommand();
    void buildNotice(QVBoxLayout* layout);
    void buildConfirm(QVBoxLayout* layout);
    void wire();

    inspection::Connection* current() const { return connections.value(choice->currentIndex()); }
    inspection::Connection* find(const QString& name) const;
    bool choose(const QString& name, const QString& text, RunTicket ticket);
    bool isBusy(const QString& text, RunTicket ticket);
    void withdraw();
    void cancel();
    void showConnection();
    void showHistory();
    void tellFailover(const QStringList& warnings);
    void showGuard();
    void send(RunTicket ticket = 0);
    void follow(inspection::Connection* connection, const QString& text, RunTicket ticket,
                const QFuture<Result<QueryResult>>& answer);
    void toggleLock();
    void rehearse(RunTicket ticket = 0);
    void suggestUser();
    void refuse(const QString& why, const QString& text, RunTicket ticket);
    void tellUnlock(const ConfirmRequest& request);
    void runConfirmed(const ConfirmRequest& request);
    void learnCommands();
    void learnLives(inspection::Connection* connection, const QString& text,
                    const QueryResult& answer);
    void begin(inspection::Connection* connection);
    void tick();
    void finish(const QString& name, const QString& text, RunTicket ticket,
                const Result<QueryResult>& answer);
    void showResult(const QueryResult& answer);
    void showError(const Error& error);
    void showTold();
    /// "cache · LLEN x": where a picked value comes from.
    QString origin() const;
    void say(const QString& text, bool isError);
};

}  // namespace tocsin::ui

#pragma once
#include <QPointer>
#include <QWidget>
#include <memory>

#include "inspection/serverlists.h"
#include "sdk/clock.h"
#include "sdk/queryengine.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace tocsin::inspection {
class Connection;
class ServerWatch;
}  // namespace tocsin::inspection

namespace tocsin::ui {

class FigureStrip;
class RecordModel;
struct Record;
struct RecordColumn;

/// The Redis server itself: live figures, what is wrong with it in words, and the lists it keeps:
/// slow commands, latency spikes, clients, keyspaces, settings, channels. Follows only while it is
/// visible; each list is read when it is chosen. GUI thread.
class ServerView : public QWidget {
    Q_OBJECT
public:
    ServerView(theme::Theme& theme, Clock& clock, QWidget* parent = nullptr);
    ~ServerView() override;

    /// Not owned; null shows nothing.
    void setConnection(inspection::Connection* connection);
    /// Queues live here: some settings matter more then.
    void setHasQueues(bool hasQueues);

signals:
    void valuePicked(const QString& value, const QString& origin);
    /// A command that changes something, or MONITOR's sample: to be confirmed elsewhere.
    void changeWanted(const QString& command);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum Page { Findings, SlowLog, Latency, Clients, Keyspace, Settings, Channels, Doctor };
    void build();
    QLayout* buildBar();
    void follow(bool on);
    void buildNodeBar();
    void startWatch();
    void askNodes();
    void offerNodes(const QVector<inspection::ClusterNode>& nodes);
    void chooseNode();
    QString node() const;
    bool mayBeMerged() const;
    void showFigures();
    void showFailure(const Error& error);
    void showFindings();
    void choose();
    void read(const QString& script);
    void take(const QueryResult& result);
    void takeSlowLog(ReplyView reply);
    void takeLatency(ReplyView reply);
    void showClients();
    void showKeyspace();
    void takeSettings(ReplyView reply);
    void takeChannels(ReplyView reply);
    void takeDoctor(ReplyView reply);
    void showRecords(const QVector<RecordColumn>& columns, const QVector<Record>& records,
                     const QString& said);
    void endClient();
    Page page() const;

    theme::Theme& m_theme;
    Clock& m_clock;
    QPointer<inspection::Connection> m_connection;
    std::unique_ptr<inspection::ServerWatch> m_watch;
    bool m_isAlone = false;  ///< it says that it is in no cluster
    std::optional<bool> m_hasQueues;  ///< nothing before somebody looked
    quint64 m_round = 0;
    QVector<inspection::RedisClient> m_clients;
    QWidget* m_nodeBar;
    QComboBox* m_node;
    FigureStrip* m_figures;
    QComboBox* m_page;
    QComboBox* m_grouping;
    QLineEdit* m_filter;
    QPushButton* m_end;
    QPushButton* m_sample;
    QPushButton* m_again;
    QLabel* m_said;
    RecordModel* m_model;
    QTableView* m_table;
    QPlainTextEdit* m_text;
};

}  // namespace tocsin::ui

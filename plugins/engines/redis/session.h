#pragma once
#include <QObject>
#include <QPromise>
#include <QTimer>
#include <deque>
#include <vector>

#include "plugins/engines/redis/commandline.h"
#include "plugins/engines/redis/guard.h"
#include "plugins/engines/redis/knownsizes.h"
#include "plugins/engines/redis/paging.h"
#include "plugins/engines/redis/sentinel.h"
#include "plugins/engines/redis/wire.h"
#include "sdk/clock.h"
#include "sdk/queryengine.h"
#include "sdk/sshtunnel.h"

namespace tocsin::redis {

class Node;
class PrimaryCheck;
class SentinelWatch;
struct Sample;

/// The conversation of one engine, on the thread it was moved to: jobs one after the other, each
/// against a deadline of its own. The engine reaches it through queued calls only.
class Session : public QObject {
    Q_OBJECT
public:
    Session(const Address& address, Clock& clock);

    void open(std::shared_ptr<QPromise<Result<ServerIdentity>>> promise);
    void run(const Query& query, std::shared_ptr<QPromise<Result<QueryResult>>> promise);
    void judgeText(const QString& text, const std::shared_ptr<QPromise<Verdict>>& promise);
    /// Ends the job under way, by closing the connection: Redis has no other way to stop a command
    /// from its own connection. What the server already began it finishes.
    void cancel();
    void close();
    /// Settles everything that was asked and takes nothing more. Call it before the thread ends.
    void end();

signals:
    void stateChanged(tocsin::EngineState state);
    /// The lines of a sample, while they come.
    void rowsArrived(std::shared_ptr<const tocsin::ResultSet> rows);

private:
    struct Job;
    using Next = std::function<void(Answer)>;
    using NextAll = std::function<void(std::vector<Answer>)>;

    void enqueue(std::shared_ptr<Job> job);
    void startNext();
    void finish(Result<QueryResult> result);
    void failWith(const Error& error) { finish(tl::unexpected<Error>(error)); }
    void setState(EngineState state);

    // connecting, in this order
    void ensureOpen();
    void connectTo(const Place& place);
    void findPrimary();
    void takePrimary(const Place& place);
    void checkPrimary(const Place& place);
    void dropCheck();
    void followFailover();
    void lookAtTunnel(const Place& place);
    void openWire(const Place& place, const std::optional<Place>& way);
    void greet();
    void greetOld();
    void selectDatabase();
    void introduce();
    void readRights();
    void readIdentity();
    void readNodes();
    void takeNodes(ReplyView ranges, const QByteArray& own);
    void takeMembers(const QByteArray& lines);
    void takeOwnPlace(const QByteArray& lines);
    bool isHere(const Place& place) const;
    void readRole();
    void readCommands();
    void ready();
    void goToNode();

    // running, in this order
    void judgeJob();
    Receipt freshReceipt() const;
    bool refuseOtherPlace();
    void gatherProofs();
    void askThere(const QVector<QByteArrayList>& commands,
                  std::function<void(const std::vector<Answer>&)> next);
    void weighProofs(const std::vector<Answer>& proofs, bool askedAcl);
    bool cutToPage(const std::vector<Answer>& proofs);
    void askArea();
    bool isAllowed(const Judgement& judgement, Receipt& receipt) const;
    void refuse();
    void send();
    void conclude(Answer answer);
    bool followMove(const QByteArray& line);
    void shapePage(Reply& reply);
    void explainWrongType(const QByteArray& line);
    void checkMissingKey();
    void walk(const QByteArray& cursor);
    QByteArray cursorAfter(qsizetype node, const QByteArray& cursor) const;
    bool endsWalk(const Answer& answer);
    void keepWalked(const Answer& answer);
    void sample();
    void takeSample(Sample heard);
    bool endSample(const Error& why);
    // several at once
    void judgeScript();
    void sizeScript();
    QVector<QByteArrayList> dryRunsOfScript() const;
    void noteDryRuns(const std::vector<Answer>& answers, std::size_t count);
    QVector<QByteArrayList> sizesOfScript();
    bool recallSmall(const QByteArrayList& command, const QVector<QByteArrayList>& questions);
    void noteSizes(const QVector<QByteArrayList>& sizes, const std::vector<Answer>& answers,
                   std::size_t first);
    bool weighScript();
    void sendScript(const QVector<QByteArrayList>& dryRuns = {});
    void keepOfScript(Answer answer);
    void deliver();

    // in a cluster
    struct Round;
    Node* nodeAt(const Place& place);
    void forgetNodes();
    void askEverywhere(const QVector<QByteArrayList>& commands, qint64 byteCap, NextAll next);
    void shareOut(Round& round) const;
    void askPart(const std::shared_ptr<Round>& round, std::size_t at);
    void askScript(const QVector<QByteArrayList>& commands, qint64 byteCap, NextAll next);
    void askMember(const QVector<QByteArrayList>& commands, qint64 byteCap, NextAll next);
    void sendToEach();
    void sayWhichNode();

    /// For the answers to what the job under way asks in one round trip, which its receipt counts:
    /// one that comes when the job has ended is nobody's, and a broken connection ends it.
    Wire::Answered ofThisJob(Next next);
    Wire::Answered ofThisJob(std::size_t count, NextAll next);

    /// Asks; a broken connection ends the job, a server's error is handed to `next` as a reply.
    void ask(const QByteArrayList& arguments, Next next);
    /// The same at the nth of the cluster's other primaries; 0 is this connection's own server.
    void askAt(qsizetype node, const QByteArrayList& arguments, Next next);
    void askAll(const QVector<QByteArrayList>& commands,
                std::function<void(std::vector<Answer>)> next);
    /// `place`: of another node; empty: of the own server.
    Error serverError(ReplyView reply, const QString& place = {}) const;
    /// Ends what is under way, on the wire or before it.
    void breakOff(const Error& why);

    Address m_address;
    const Place m_home;     ///< where the workspace says, whatever node is asked now
    bool m_isAway = false;  ///< a cluster sent the last command to another node
    Clock& m_clock;
    Wire* m_wire;
    Sentinel* m_sentinel = nullptr;     ///< only where Sentinels say who the primary is
    SentinelWatch* m_watch = nullptr;   ///< and there
    PrimaryCheck* m_check = nullptr;    ///< of what it was told in passing
    std::optional<Place> m_newPrimary;  ///< that they told, and nobody was asked at yet
    QString m_switched;                 ///< the last failover that this connection followed
    QTimer* m_deadline;
    SshTunnel m_tunnel;  ///< to m_tunnelTo, where the workspace names somebody to go through
    Place m_tunnelTo;
    std::optional<Place> m_way;  ///< its near end
    bool m_isOfCluster = false;
    QVector<Place> m_primaries;       ///< of a cluster, but for this connection's own server
    bool m_isPrimary = true;          ///< that server has slots of its own
    QVector<Place> m_members;         ///< all nodes of the cluster that can be asked by name
    std::optional<Place> m_ownPlace;  ///< what the cluster calls this connection's own server
    QVector<Node*> m_nodes;           ///< those that were asked
    CommandTable m_table = CommandTable::bundled();
    KnownSizes m_knownSizes;
    ServerIdentity m_identity;
    bool m_ended = false;
    bool m_greeted = false;
    bool m_isResp3 = false;
    bool m_knowsDryRun = false;  ///< ACL DRYRUN exists and we may ask it
    QString m_whyNoDryRun;       ///< else, for receipts
    std::deque<std::shared_ptr<Job>> m_waiting;
    std::shared_ptr<Job> m_job;
    EngineState m_state = EngineState::Closed;
};

}  // namespace tocsin::redis

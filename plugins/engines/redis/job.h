#pragma once
#include <QPromise>
#include <memory>

#include "plugins/engines/redis/session.h"
#include "plugins/engines/redis/tap.h"

namespace tocsin::redis {

/// One thing asked of a session and what is known of it so far. Exactly one promise is set.
struct Session::Job {
    Query query;
    CommandLine line;                                ///< the only one, or the first of a script
    QVector<CommandLine> script;                     ///< all of them
    std::vector<QVector<QByteArrayList>> questions;  ///< of each line's size
    QHash<QByteArrayList, qint64> sizes;             ///< what was said to them; -1: nothing
    Judgement judgement;
    QString aclAnswer;         ///< of ACL DRYRUN: "OK" or why not; empty when it cannot be asked
    int moves = 0;             ///< to other nodes of a cluster
    bool isAsking = false;     ///< at a node that is being given the slot: each command says so
    std::optional<Page> page;  ///< asked instead of the whole
    std::shared_ptr<QPromise<Result<ServerIdentity>>> opened;
    std::shared_ptr<QPromise<Result<QueryResult>>> ran;
    QueryResult result;
    int steps = 0;             ///< of a walk
    ReplyBuilder collected;    ///< of a walk over the keys, or a script
    std::unique_ptr<Tap> tap;  ///< of a sample

    void settle(Result<QueryResult> outcome, const ServerIdentity& identity) {
        if (auto promise = std::exchange(opened, nullptr)) {
            promise->addResult(
                outcome ? Result<ServerIdentity>(identity)
                        : Result<ServerIdentity>(tl::unexpected<Error>(outcome.error())));
            promise->finish();
        }
        if (auto promise = std::exchange(ran, nullptr)) {
            promise->addResult(std::move(outcome));
            promise->finish();
        }
    }
};

}  // namespace tocsin::redis

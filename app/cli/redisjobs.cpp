#include "cli/redisjobs.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "cli/output.h"
#include "inspection/queues.h"
#include "sdk/async.h"

namespace tocsin::cli {

using namespace Qt::StringLiterals;
using inspection::Queue;

namespace {

constexpr int kShownJobs = 50;  // of a state

/// Only who works on a job holds its lock.
bool lostItsLock(const inspection::QueueJob& job, inspection::JobState state) {
    return state == inspection::JobState::Active && !job.hasLock;
}

QString remarkOf(const inspection::QueueJob& job, inspection::JobState state) {
    QStringList remarks;
    if (lostItsLock(job, state)) remarks << u"no lock: its worker is gone"_s;
    if (!job.failedReason.isEmpty()) remarks << job.failedReason;
    if (job.due) remarks << u"due %1"_s.arg(job.due->toString(Qt::ISODate));
    if (!job.parent.isEmpty()) remarks << u"child of %1"_s.arg(job.parent);
    return remarks.join(u"; "_s);
}

QStringList jobRow(const inspection::QueueJob& job, inspection::JobState state,
                   const QDateTime& now) {
    return {QString::fromUtf8(job.id),
            nameOf(state),
            job.name,
            job.added ? age(job.added->secsTo(now)) : u"–"_s,
            QString::number(job.attempts),
            remarkOf(job, state)};
}

QJsonObject jobJson(const inspection::QueueJob& job, inspection::JobState state) {
    const auto time = [](const std::optional<QDateTime>& at) {
        return at ? QJsonValue(at->toString(Qt::ISODateWithMs)) : QJsonValue();
    };
    const auto text = [](const QString& value) {
        return value.isEmpty() ? QJsonValue() : QJsonValue(value);
    };
    return {{u"id"_s, QString::fromUtf8(job.id)},
            {u"state"_s, nameOf(state)},
            {u"name"_s, job.name},
            {u"added"_s, time(job.added)},
            {u"started"_s, time(job.started)},
            {u"ended"_s, time(job.ended)},
            {u"due"_s, time(job.due)},
            {u"attempts"_s, job.attempts},
            {u"stalls"_s, job.stalls},
            {u"priority"_s, job.priority},
            {u"failedReason"_s, text(job.failedReason)},
            {u"parent"_s, text(job.parent)},
            {u"worker"_s, text(job.worker)},
            {u"hasLock"_s,
             state == inspection::JobState::Active ? QJsonValue(job.hasLock) : QJsonValue()}};
}

}  // namespace

RedisJobs::RedisJobs(inspection::Connection& connection, Clock& clock, bool json, Ended ended)
    : m_connection(connection),
      m_watch(connection, clock),
      m_json(json),
      m_ended(std::move(ended)) {
}

void RedisJobs::show(const QString& queueName) {
    connect(&m_watch, &inspection::QueueWatch::failed, this,
            [this](const Error& error) { end(error); });
    connect(&m_watch, &inspection::QueueWatch::changed, this, [this, queueName] {
        QStringList names;
        for (const Queue& queue : m_watch.queues()) {
            if (queue.id.fullName() == queueName) return add(queue, 0);
            names << queue.id.fullName();
        }
        end(Error{ErrorCode::NotFound,
                  names.isEmpty() ? u"There is no queue of BullMQ or Bull here."_s
                                  : u"There is no queue “%1”. There are: %2."_s.arg(
                                        queueName, names.join(u", "_s)),
                  {}});
    });
    m_watch.find();
}

/// One state after the other; what a job carries is not asked for.
void RedisJobs::add(const Queue& queue, qsizetype at) {
    using inspection::JobState;
    static const QVector<JobState> states{
        JobState::Active,   JobState::Waiting, JobState::Prioritized, JobState::Delayed,
        JobState::Children, JobState::Failed,  JobState::Completed};
    if (at == states.size()) {
        m_rows.prepend({u"JOB"_s, u"STATE"_s, u"NAME"_s, u"AGE"_s, u"TRIES"_s, u"REMARK"_s});
        if (m_json)
            print(
                QJsonDocument(QJsonObject{{u"queue"_s, queue.id.fullName()}, {u"jobs"_s, m_jobs}}));
        else
            print(m_rows.size() > 1 ? table(m_rows) : u"There is no job in it."_s);
        return end(std::nullopt);
    }
    const JobState state = states[at];
    const auto next = [this, queue, at] { add(queue, at + 1); };
    whenDone(m_connection.look(inspection::idScript(queue, state, kShownJobs)), this,
             [this, queue, state, next](const Result<QueryResult>& listed) {
                 if (!listed) return end(listed.error());
                 const QByteArrayList ids = inspection::readIds(state, *listed->reply);
                 if (ids.isEmpty()) return next();
                 whenDone(m_connection.look(inspection::jobScript(queue, ids)), this,
                          [this, queue, state, ids, next](const Result<QueryResult>& told) {
                              if (!told) return end(told.error());
                              for (const auto& job : inspection::readJobs(ids, *told->reply)) {
                                  m_jobs << jobJson(job, state);
                                  m_rows << jobRow(job, state, queue.at);
                              }
                              next();
                          });
             });
}

void RedisJobs::end(const std::optional<Error>& problem) {
    if (const Ended ended = std::exchange(m_ended, nullptr)) ended(problem);
}

}  // namespace tocsin::cli

#include "ui/redis/queuedetails.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTreeWidget>
#include <tuple>

#include "inspection/connection.h"
#include "inspection/valuetext.h"
#include "sdk/async.h"
#include "ui/redis/scrolled.h"
#include "ui/theme/durations.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using inspection::JobState;
using inspection::QueueJob;

namespace {

constexpr int kShownJobs = 50;
constexpr int kGroupedJobs = 500;  // of the newest failures
constexpr int kFailures = 100;     // the entry of the list that groups them

constexpr JobState kStates[] = {JobState::Waiting, JobState::Prioritized, JobState::Active,
                                JobState::Delayed, JobState::Failed,      JobState::Completed,
                                JobState::Children};

QString momentText(const std::optional<QDateTime>& moment) {
    return moment ? moment->toString(u"HH:mm:ss"_s) : QString();
}

QString remarks(const QueueJob& job, JobState state) {
    QStringList words;
    if (state == JobState::Active && !job.hasLock)
        words << QueueDetails::tr("no lock: its worker is gone or blocked");
    if (!job.failedReason.isEmpty()) words << job.failedReason.section(u'\n', 0, 0);
    if (job.priority > 0) words << QueueDetails::tr("priority %1").arg(job.priority);
    if (job.stalls > 0) words << QueueDetails::tr("stalled %1 times").arg(job.stalls);
    if (!job.repeatKey.isEmpty()) words << QueueDetails::tr("repeats");
    if (!job.parent.isEmpty()) words << QueueDetails::tr("child of %1").arg(job.parent);
    return words.join(u" · "_s);
}

QStringList jobLabels() {
    return {QueueDetails::tr("job"),     QueueDetails::tr("name"),   QueueDetails::tr("added"),
            QueueDetails::tr("started"), QueueDetails::tr("ended"),  QueueDetails::tr("due"),
            QueueDetails::tr("tries"),   QueueDetails::tr("remarks")};
}

/// Whether the lists of jobs may be others now.
bool hasMoved(const inspection::Queue& now, const inspection::Queue& before) {
    const auto traits = [](const inspection::Queue& q) {
        return std::tie(q.waiting, q.prioritized, q.active, q.delayed, q.failed, q.completed,
                        q.waitingForChildren, q.nextJob, q.firstRanked, q.newestActive, q.lookedAt,
                        q.nextDue, q.lastDone, q.lastFailed);
    };
    return traits(now) != traits(before);
}

/// Labels alone would leave the columns of a longer list.
void setJobColumns(QTreeWidget& jobs, const QStringList& labels) {
    jobs.setColumnCount(static_cast<int>(labels.size()));
    jobs.setHeaderLabels(labels);
}

void fitJobColumn(QTreeWidget& jobs, int column) {
    constexpr int kBetween = 10;  // pixels
    jobs.resizeColumnToContents(column);
    jobs.setColumnWidth(column, jobs.columnWidth(column) + kBetween);
}

void giveRoom(QTreeWidgetItem& item) {
    constexpr int kRowHeight = 22;
    item.setSizeHint(0, QSize(0, kRowHeight));
}

}  // namespace

QueueDetails::QueueDetails(theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_signs(new QLabel(this)),
      m_state(new QComboBox(this)),
      m_data(new QPushButton(tr("Show its data"), this)),
      m_said(new QLabel(this)),
      m_jobs(new QTreeWidget(this)),
      m_text(new QPlainTextEdit(this)) {
    build();
    connect(m_state, &QComboBox::currentIndexChanged, this, &QueueDetails::loadJobs);
    connect(m_data, &QPushButton::clicked, this, &QueueDetails::showData);
    connect(m_jobs, &QTreeWidget::itemSelectionChanged, this, [this] {
        m_text->hide();
        m_data->setEnabled(!chosenJob().isEmpty());
    });
    connect(m_jobs, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem* item, int column) {
        emit valuePicked(item->text(column), tr("queue %1").arg(m_queue.id.shortName()));
    });
    clear();
}

void QueueDetails::build() {
    m_signs->setObjectName(u"redisQueueSigns"_s);
    m_signs->setWordWrap(true);
    m_signs->setTextFormat(Qt::PlainText);
    m_signs->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_state->setObjectName(u"redisQueueState"_s);
    m_state->setAccessibleName(tr("Which jobs of the queue"));
    for (const JobState state : kStates)
        m_state->addItem(inspection::nameOf(state), static_cast<int>(state));
    m_state->addItem(tr("failures by reason"), kFailures);
    m_data->setObjectName(u"redisQueueData"_s);
    m_data->setAccessibleName(tr("Show the data of the selected job"));
    m_data->setToolTip(tr("Data may be personal: it is read only when you ask for it."));
    theme::setRole(m_said, u"muted"_s);
    m_jobs->setObjectName(u"redisQueueJobs"_s);
    m_jobs->setAccessibleName(tr("Jobs of the queue"));
    m_jobs->setRootIsDecorated(false);
    m_jobs->setUniformRowHeights(true);
    m_text->setObjectName(u"redisQueueJobData"_s);
    m_text->setAccessibleName(tr("Data of the job"));
    m_text->setReadOnly(true);
    m_text->setFont(m_theme.monoFont());
    m_jobs->setMinimumHeight(110);
    setJobColumns(*m_jobs, jobLabels());
    m_text->setFixedHeight(140);
    theme::setRole(m_text, u"code"_s);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 4, 12, 4);
    row->setSpacing(8);
    row->addWidget(m_state);
    row->addWidget(m_said, 1);
    row->addWidget(m_data);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    m_signs->setContentsMargins(14, 8, 12, 4);
    all->addWidget(m_signs);
    all->addLayout(row);
    all->addWidget(m_jobs, 1);
    all->addWidget(m_text);
}

void QueueDetails::clear() {
    ++m_round;
    m_connection = nullptr;
    m_signs->setText(tr("Choose a queue to see why it waits."));
    m_jobs->clear();
    m_text->hide();
    m_said->clear();
    m_state->setEnabled(false);
    m_data->setEnabled(false);
}

void QueueDetails::setQueue(inspection::Connection* connection, const inspection::Queue& queue) {
    const bool isOther = !(queue.id == m_queue.id) || m_connection != connection;
    const bool hasOtherJobs = hasMoved(queue, m_queue);
    m_connection = connection;
    m_queue = queue;
    m_state->setEnabled(true);
    showSigns();
    if (isOther) return loadJobs();
    // What somebody looks at stays; beside it stands when it was so.
    const bool isRead = !chosenJob().isEmpty() || m_state->currentData().toInt() == kFailures;
    if (hasOtherJobs && !isRead) askForJobs();
}

void QueueDetails::setStale(bool stale) {
    if (std::exchange(m_isStale, stale) == stale || !m_state->isEnabled()) return;
    theme::setRole(m_signs, stale ? u"muted"_s : QString());
    showSigns();
}

void QueueDetails::showSigns() {
    const auto verdict = inspection::verdictOf(m_queue);
    const QString headline =
        m_isStale ? tr("Not known now. Last: %1").arg(verdict.headline) : verdict.headline;
    m_signs->setText(
        u"%1 · %2\n• %3"_s.arg(m_queue.id.shortName(), headline, verdict.signs.join(u"\n• "_s)));
    m_signs->setAccessibleName(m_signs->text());
}

void QueueDetails::loadJobs() {
    ++m_round;
    m_jobs->clear();
    m_text->hide();
    m_data->setEnabled(false);
    m_said->setText(m_connection ? tr("Reading…") : QString());
    askForJobs();
}

/// The list that is there stays until the new one is.
void QueueDetails::askForJobs() {
    ++m_round;
    if (!m_connection) return;
    const int chosen = m_state->currentData().toInt();
    const bool groups = chosen == kFailures;
    const auto state = groups ? JobState::Failed : static_cast<JobState>(chosen);
    const auto ids = inspection::idScript(m_queue, state, groups ? kGroupedJobs : kShownJobs);
    whenDone(m_connection->look(ids), this,
             [this, state, round = m_round, at = m_queue.at](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return m_said->setText(result.error().message);
                 m_listedAt = at;
                 readJobs(inspection::readIds(state, *result->reply));
             });
}

void QueueDetails::readJobs(const QByteArrayList& ids) {
    if (!m_connection) return;
    if (ids.isEmpty()) {
        m_jobs->clear();
        return say(tr("none"));
    }
    whenDone(m_connection->look(inspection::jobScript(m_queue, ids)), this,
             [this, ids, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return m_said->setText(result.error().message);
                 const auto jobs = inspection::readJobs(ids, *result->reply);
                 m_state->currentData().toInt() == kFailures ? fillGroups(jobs) : fill(jobs);
             });
}

void QueueDetails::fill(const QVector<QueueJob>& jobs) {
    const auto state = static_cast<JobState>(m_state->currentData().toInt());
    const int scrolled = m_jobs->verticalScrollBar()->value();
    m_jobs->clear();
    setJobColumns(*m_jobs, jobLabels());
    for (const QueueJob& job : jobs) {
        auto* item = new QTreeWidgetItem(
            m_jobs, {QString::fromUtf8(job.id), job.name, momentText(job.added),
                     momentText(job.started), momentText(job.ended), momentText(job.due),
                     QString::number(job.attempts), remarks(job, state)});
        item->setData(0, Qt::UserRole, job.id);
        item->setToolTip(7, job.failedReason);
        item->setTextAlignment(6, Qt::AlignRight | Qt::AlignVCenter);
        giveRoom(*item);
        if (state == JobState::Active && !job.hasLock)
            item->setForeground(7, m_theme.colors().critical);
    }
    for (int column = 0; column < 7; ++column)
        fitJobColumn(*m_jobs, column);
    m_jobs->verticalScrollBar()->setValue(scrolled);
    say(jobs.size() == 1               ? tr("1 job")
        : jobs.size() < kShownJobs     ? tr("%1 jobs").arg(jobs.size())
        : state == JobState::Waiting   ? tr("the next %1").arg(jobs.size())
        : state == JobState::Active    ? tr("the %1 taken first").arg(jobs.size())
        : state == JobState::Failed    ? tr("the newest %1").arg(jobs.size())
        : state == JobState::Completed ? tr("the newest %1").arg(jobs.size())
                                       : tr("the first %1").arg(jobs.size()));
}

/// With when it was so.
void QueueDetails::say(const QString& what) {
    m_said->setText(u"%1 · %2"_s.arg(what, momentText(m_listedAt)));
    m_said->setToolTip(
        tr("At %1 UTC. Jobs are read again when the queue moves, unless one is chosen.")
            .arg(momentText(m_listedAt)));
}

void QueueDetails::fillGroups(const QVector<QueueJob>& failed) {
    m_jobs->clear();
    setJobColumns(*m_jobs, {tr("failed"), tr("newest"), tr("job"), tr("reason")});
    const auto groups = inspection::grouped(failed);
    for (const auto& group : groups) {
        auto* item =
            new QTreeWidgetItem(m_jobs, {QString::number(group.jobs), momentText(group.newest),
                                         QString::fromUtf8(group.example), group.reason});
        item->setTextAlignment(0, Qt::AlignRight | Qt::AlignVCenter);
        giveRoom(*item);
        item->setData(0, Qt::UserRole, group.example);
        item->setToolTip(3, group.reason);
    }
    for (int column = 0; column < 3; ++column)
        fitJobColumn(*m_jobs, column);
    m_said->setText((groups.size() == 1 ? tr("%1 reason in the newest %2 failures")
                                        : tr("%1 reasons in the newest %2 failures"))
                        .arg(groups.size())
                        .arg(failed.size()));
}

QByteArray QueueDetails::chosenJob() const {
    const auto chosen = m_jobs->selectedItems();
    return chosen.isEmpty() ? QByteArray() : chosen.first()->data(0, Qt::UserRole).toByteArray();
}

void QueueDetails::showData() {
    const QByteArray job = chosenJob();
    if (job.isEmpty() || !m_connection) return;
    whenDone(
        m_connection->look(inspection::dataCommand(m_queue, job)), this,
        [this, job](const Result<QueryResult>& result) {
            if (job != chosenJob()) return;
            const QByteArray bytes = result ? result->reply->text() : QByteArray();
            m_text->setPlainText(result ? inspection::writtenAs(bytes, inspection::ValueForm::Json)
                                        : result.error().message);
            m_text->show();
            bringIntoView(*m_text);
        });
}

}  // namespace tocsin::ui

#include "ui/incident/timelinemodel.h"

#include <QTimer>
#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Event;
using incidents::TimelineLine;

namespace {

constexpr int kBefore = 40, kAfter = 160;  // rows read around one that is looked at
constexpr qsizetype kMostKept = 6000;      // lines in memory; about 2 MB
constexpr int kNear = 1500;                // rows that stay when the rest is forgotten

QString clockTime(const QDateTime& at) {
    return at.toUTC().toString(u"HH:mm:ss"_s);
}

QString tooltip(const TimelineLine& line) {
    return u"%1 UTC · %2 here\n%3 · %4\n%5"_s.arg(
        line.at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s),
        line.at.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss t"_s), line.actor, line.kind,
        line.text);
}

}  // namespace

TimelineModel::TimelineModel(QObject* parent)
    : QAbstractListModel(parent), m_ask(new QTimer(this)) {
    m_ask->setSingleShot(true);
    m_ask->setInterval(0);
    connect(m_ask, &QTimer::timeout, this, [this] {
        const QVector<qint64> wanted = std::exchange(m_wanted, {});
        if (!wanted.isEmpty()) emit linesWanted(wanted);
    });
}

void TimelineModel::setIndex(const incidents::TimelineIndex& index) {
    beginResetModel();
    m_seqs = index.seqs;
    m_total = index.total;
    m_newest = m_seqs.isEmpty() ? 0 : m_seqs.first();
    m_lines.clear();
    m_pending.clear();
    m_wanted.clear();
    m_corrections.clear();
    for (const incidents::Correction& correction : index.corrections) {
        m_newest = std::max(m_newest, correction.seq);
        m_corrections.insert(correction.corrects, correction);
    }
    endResetModel();
}

void TimelineModel::take(const QVector<TimelineLine>& lines) {
    int first = rowCount(), last = -1;
    for (const TimelineLine& line : lines) {
        m_pending.remove(line.seq);
        m_lines.insert(line.seq, line);
        const int row = rowOf(line.seq);
        if (row < 0) continue;
        first = std::min(first, row);
        last = std::max(last, row);
    }
    if (last >= 0) emit dataChanged(index(first), index(last));
    forgetFar();
}

void TimelineModel::append(const Event& event, bool isShown) {
    if (event.seq <= m_newest) return;
    m_newest = event.seq;
    ++m_total;
    if (event.kind == u"corrected")
        keepCorrection({event.seq, event.detail[u"corrects"_s].toInteger(), event.text, event.actor,
                        event.at});
    if (!isShown) return;
    beginInsertRows({}, 0, 0);
    m_seqs.prepend(event.seq);
    m_lines.insert(event.seq, incidents::lineOf(event));
    endInsertRows();
}

void TimelineModel::keepCorrection(const incidents::Correction& correction) {
    m_corrections.insert(correction.corrects, correction);
    const int row = rowOf(correction.corrects);
    if (row >= 0) emit dataChanged(index(row), index(row));
}

int TimelineModel::rowOf(qint64 seq) const {
    const auto found = std::lower_bound(m_seqs.begin(), m_seqs.end(), seq, std::greater<>());
    return found != m_seqs.end() && *found == seq ? int(found - m_seqs.begin()) : -1;
}

void TimelineModel::want(int row) const {
    const int from = std::max(0, row - kBefore);
    const int to = std::min(int(m_seqs.size()), row + kAfter);
    for (int each = from; each < to; ++each) {
        const qint64 seq = m_seqs[each];
        if (m_lines.contains(seq) || m_pending.contains(seq)) continue;
        m_pending.insert(seq);
        m_wanted.append(seq);
    }
    m_lastWanted = row;
    m_ask->start();
}

void TimelineModel::forgetFar() {
    if (m_lines.size() <= kMostKept) return;
    const int from = std::max(0, m_lastWanted - kNear);
    const int to = std::min(int(m_seqs.size()), m_lastWanted + kNear);
    QHash<qint64, TimelineLine> near;
    for (int row = from; row < to; ++row)
        if (const auto line = m_lines.constFind(m_seqs[row]); line != m_lines.constEnd())
            near.insert(line.key(), line.value());
    m_lines = near;
}

int TimelineModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_seqs.size());
}

QVariant TimelineModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const qint64 seq = m_seqs[index.row()];
    if (role == Seq) return seq;
    const auto line = m_lines.constFind(seq);
    if (role == IsLoaded) return line != m_lines.constEnd();
    if (line != m_lines.constEnd()) return lineData(*line, role);
    if (role < Qt::UserRole && role != Qt::DisplayRole) return {};
    want(index.row());
    return role == Qt::DisplayRole ? QVariant(u"…"_s) : QVariant();
}

QVariant TimelineModel::lineData(const TimelineLine& line, int role) const {
    const auto correction = m_corrections.constFind(line.seq);
    const QString instead = correction == m_corrections.constEnd() ? QString() : correction->text;
    switch (role) {
        case Qt::DisplayRole:
            return u"%1 %2 %3"_s.arg(clockTime(line.at), line.actor, line.text);
        case Qt::AccessibleTextRole:
            return u"%1 %2 %3%4"_s.arg(
                clockTime(line.at), line.actor, line.text,
                instead.isEmpty() ? QString() : tr(", corrected: %1").arg(instead));
        case Qt::ToolTipRole:
            return instead.isEmpty() ? tooltip(line)
                                     : tooltip(line) + tr("\nCorrected by %1 at %2 UTC: %3")
                                                           .arg(correction->actor,
                                                                clockTime(correction->at), instead);
        case At:
            return clockTime(line.at);
        case Actor:
            return line.actor;
        case Kind:
            return line.kind;
        case Text:
            return line.text;
        case HasEvidence:
            return line.hasEvidence;
        case Correction:
            return instead;
        case Corrects:
            return line.corrects;
        default:
            return {};
    }
}

}  // namespace tocsin::ui

#include "ui/incident/ledgermodel.h"

#include "ui/incident/posting.h"
#include "ui/theme/durations.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using delivery::Entry;
using delivery::EntryState;

namespace {

/// What the message says, and what it is besides a message of its own.
QString wordsOf(const Entry& entry, bool showsIncident) {
    QString words = entry.message.text.simplified();
    if (words.isEmpty() && !entry.message.embeds.isEmpty())
        words = entry.message.embeds.first().title.simplified();
    if (words.isEmpty()) words = entry.event;
    if (entry.isEdit()) words.prepend(LedgerModel::tr("edit: "));
    if (entry.message.possibleRepeat) words.prepend(LedgerModel::tr("possible repeat: "));
    if (showsIncident && !entry.incident.isEmpty()) words.prepend(entry.incident + u"  "_s);
    return words;
}

bool newerFirst(const Entry& a, const Entry& b) {
    return a.id > b.id;
}

/// An entry changes its state, or where and when it leaves; never what it says.
bool isSame(const Entry& a, const Entry& b) {
    return a.state == b.state && a.tries == b.tries && a.changedAt == b.changedAt &&
           a.channel == b.channel && a.answer == b.answer && a.seen == b.seen &&
           a.notBefore == b.notBefore;
}

}  // namespace

LedgerModel::LedgerModel(theme::Theme& theme, QObject* parent)
    : QAbstractTableModel(parent), m_theme(theme) {
}

void LedgerModel::setEntries(const QVector<Entry>& entries) {
    beginResetModel();
    m_entries = entries;
    std::sort(m_entries.begin(), m_entries.end(), newerFirst);
    endResetModel();
}

void LedgerModel::refresh(QVector<Entry> entries) {
    std::sort(entries.begin(), entries.end(), newerFirst);
    for (int row = int(m_entries.size()) - 1; row >= 0; --row) {
        if (std::binary_search(entries.begin(), entries.end(), m_entries[row], newerFirst))
            continue;
        beginRemoveRows({}, row, row);
        m_entries.remove(row);
        endRemoveRows();
    }
    for (int row = 0; row < entries.size(); ++row) {
        const bool known = row < m_entries.size() && m_entries[row].id == entries[row].id;
        if (known && isSame(m_entries[row], entries[row])) continue;
        if (known) {
            m_entries[row] = entries[row];
            emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
            continue;
        }
        beginInsertRows({}, row, row);
        m_entries.insert(row, entries[row]);
        endInsertRows();
    }
}

void LedgerModel::update(const Entry& entry) {
    for (int row = 0; row < m_entries.size(); ++row) {
        if (m_entries[row].id != entry.id) continue;
        m_entries[row] = entry;
        emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
        return;
    }
    // One that was queued before others may be heard of after them.
    const auto place = std::lower_bound(m_entries.begin(), m_entries.end(), entry, newerFirst);
    const int row = int(place - m_entries.begin());
    beginInsertRows({}, row, row);
    m_entries.insert(row, entry);
    endInsertRows();
}

void LedgerModel::setNow(const QDateTime& now) {
    m_now = now;
    if (!m_entries.isEmpty())
        emit dataChanged(index(0, Age), index(int(m_entries.size()) - 1, Age), {Qt::DisplayRole});
}

int LedgerModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_entries.size());
}

int LedgerModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString LedgerModel::textOf(const Entry& entry, int column) const {
    switch (column) {
        case Text:
            return wordsOf(entry, m_showsIncident);
        case Channel:
            return u'#' + entry.channel;
        case State:
            return stateWords(entry);
        case Tries:
            return QString::number(entry.tries);
        case Answer:
            return entry.answer;
        case Age:
            return m_now.isValid() ? theme::ageText(theme::between(entry.createdAt, m_now))
                                   : QString();
        default:
            return {};
    }
}

QColor LedgerModel::inkOf(const Entry& entry) const {
    const auto& colors = m_theme.colors();
    switch (entry.state) {
        case EntryState::Confirmed:
            return entry.seen.isEmpty() ? colors.ok : colors.warning;
        case EntryState::Failed:
            return colors.critical;
        case EntryState::InDoubt:
            return colors.warning;
        case EntryState::Intent:
            return entry.tries > 0 ? colors.warning : colors.muted;
        case EntryState::Sending:
            return colors.info;
        case EntryState::Cancelled:
        case EntryState::Folded:
            break;
    }
    return colors.muted;
}

QVariant LedgerModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Entry& entry = m_entries[index.row()];
    switch (role) {
        case Qt::DisplayRole:
            return textOf(entry, index.column());
        case Qt::ForegroundRole:
            return index.column() == State ? inkOf(entry) : m_theme.colors().text;
        case Qt::TextAlignmentRole:
            return index.column() == Tries || index.column() == Age
                       ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                       : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
        case Qt::ToolTipRole:
            return u"%1\n%2\n%3 · since %4 UTC\n%5"_s.arg(
                entry.event, entry.message.text, stateWords(entry),
                entry.changedAt.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s), entry.answer);
        default:
            return {};
    }
}

QVariant LedgerModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Text:
            return tr("message");
        case Channel:
            return tr("channel");
        case State:
            return tr("state");
        case Tries:
            return tr("tries");
        case Answer:
            return tr("last answer");
        case Age:
            return tr("age");
        default:
            return {};
    }
}

}  // namespace tocsin::ui

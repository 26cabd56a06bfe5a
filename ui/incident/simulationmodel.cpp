#include "ui/incident/simulationmodel.h"

#include "ui/theme/durations.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using escalation::Told;

namespace {

/// Without the level and the name, which have columns of their own.
QString happening(const Told& told) {
    if (told.kind == Told::Kind::Page) {
        const QString what =
            told.times > 1 ? SimulationModel::tr("paged again") : SimulationModel::tr("paged");
        return told.channel.isEmpty() ? what : u"%1 in #%2"_s.arg(what, told.channel);
    }
    const QString prefix = u"level %1 %2: "_s.arg(QString::number(told.level), told.name);
    return told.text.startsWith(prefix) ? told.text.mid(prefix.size()) : told.text;
}

QString textOfTold(const Told& told, int column) {
    switch (column) {
        case SimulationModel::After:
            return theme::timerText(told.after);
        case SimulationModel::At:
            return told.at.toUTC().toString(u"ddd HH:mm"_s);
        case SimulationModel::Level:
            return told.level > 0 ? u"%1 %2"_s.arg(told.level).arg(told.name) : u"–"_s;
        case SimulationModel::Whom:
            return told.kind != Told::Kind::Page ? QString()
                   : told.mention.isEmpty()      ? told.name
                                                 : u"@"_s + told.mention;
        default:
            return happening(told);
    }
}

}  // namespace

void SimulationModel::setLines(const QVector<Told>& lines) {
    beginResetModel();
    m_lines = lines;
    endResetModel();
}

int SimulationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int SimulationModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SimulationModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Told& told = m_lines.at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return textOfTold(told, index.column());
        case Qt::ToolTipRole:
            return u"%1\n%2 UTC"_s.arg(told.text,
                                       told.at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s));
        case Qt::AccessibleTextRole:
            return u"%1: %2"_s.arg(theme::timerText(told.after), told.text);
        case Qt::TextAlignmentRole:
            return index.column() == After ? int(Qt::AlignRight | Qt::AlignVCenter)
                                           : int(Qt::AlignLeft | Qt::AlignVCenter);
        case KindRole:
            return nameOf(told.kind);
        default:
            return {};
    }
}

QVariant SimulationModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case After:
            return tr("After");
        case At:
            return tr("UTC");
        case Level:
            return tr("Level");
        case Whom:
            return tr("Who");
        default:
            return tr("What happens");
    }
}

}  // namespace tocsin::ui

#include "ui/incident/figuresmodel.h"

#include "incidents/record.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::NamedFigures;

namespace {

QString shownSpan(const std::optional<std::chrono::milliseconds>& span) {
    return span ? incidents::spokenSpan(*span) : u"–"_s;
}

QString shownFigure(const NamedFigures& line, int column) {
    switch (column) {
        case FiguresModel::Name:
            return line.name;
        case FiguresModel::Count:
            return QString::number(line.figures.count);
        case FiguresModel::Mtta:
            return shownSpan(line.figures.meanAcknowledge);
        case FiguresModel::MedianAcknowledge:
            return shownSpan(line.figures.medianAcknowledge);
        case FiguresModel::Mttr:
            return shownSpan(line.figures.meanResolve);
        case FiguresModel::MedianResolve:
            return shownSpan(line.figures.medianResolve);
        default:
            return {};
    }
}

}  // namespace

void FiguresModel::setStatistics(const incidents::Statistics& statistics) {
    beginResetModel();
    m_lines = {{tr("all"), statistics.all}};
    m_lines += statistics.bySeverity;
    m_lines += statistics.byKey;
    endResetModel();
}

int FiguresModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_lines.size());
}

int FiguresModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FiguresModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role == Qt::DisplayRole) return shownFigure(m_lines[index.row()], index.column());
    if (role == Qt::TextAlignmentRole && index.column() != Name)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

QVariant FiguresModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    static const QStringList tips{tr("All, then by severity, then by key"),
                                  tr("Declared in this time"),
                                  tr("Mean time from the declaration to the acknowledgement"),
                                  tr("Half of them were acknowledged sooner"),
                                  tr("Mean time from the declaration to the resolution"),
                                  tr("Half of them were resolved sooner")};
    if (role == Qt::ToolTipRole) return tips.value(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    static const QStringList titles{tr("Of"),     tr("Count"), tr("MTTA"),
                                    tr("median"), tr("MTTR"),  tr("median")};
    return titles.value(section);
}

}  // namespace tocsin::ui

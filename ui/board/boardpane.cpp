#include "ui/board/boardpane.h"

#include <QAction>
#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <utility>

#include "alerts/grouping.h"
#include "ui/board/age.h"
#include "ui/board/boardages.h"
#include "ui/board/boardarranger.h"
#include "ui/board/boarddelegate.h"
#include "ui/board/boarddetail.h"
#include "ui/board/boardlist.h"
#include "ui/board/boardmodel.h"
#include "ui/theme/roles.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kTick{1000};
// The flood line depends on the time too; nothing else calls for a new arrangement then.
constexpr int kTicksPerArrangement = 20;

QLabel* notice(const QString& name, const QString& role, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setMargin(6);
    label->hide();
    theme::setRole(label, role);
    return label;
}

}  // namespace

BoardPane::BoardPane(theme::Theme& theme, alerts::Board& board, Clock& clock, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_board(board),
      m_clock(clock),
      m_model(new BoardModel(clock, this)),
      m_arranger(new BoardArranger(board, clock, this)) {
    setObjectName(u"boardPane"_s);
    setAccessibleName(tr("Alerts"));
    theme::setRole(this, u"panel"_s);
    setAttribute(Qt::WA_StyledBackground);
    build();
    connect(m_arranger, &BoardArranger::arranged, this, &BoardPane::rowsArranged);
    connect(m_filter, &QLineEdit::textChanged, m_arranger, &BoardArranger::setFilter);
    connect(m_list, &BoardList::released, this, &BoardPane::release);
    connect(m_list, &BoardList::toggleRequested, this, &BoardPane::toggle);
    connect(m_list, &QWidget::customContextMenuRequested, this, &BoardPane::showMenu);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) { currentChanged(now.row()); });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &BoardPane::refreshBelongingSoon);
    connect(&theme, &theme::Theme::changed, this, [this] {
        m_list->doItemsLayout();
        update();
    });
    showEmptiness();
    m_arranger->arrange();
    tick();
}

void BoardPane::build() {
    m_filter = new QLineEdit(this);
    m_filter->setObjectName(u"boardFilter"_s);
    m_filter->setAccessibleName(tr("Filter alerts"));
    m_filter->setPlaceholderText(tr("Filter: key, label=value, text"));
    m_filter->setClearButtonEnabled(true);
    m_flood = notice(u"boardFlood"_s, u"warningChip"_s, this);
    m_waiting = notice(u"boardWaiting"_s, u"chip"_s, this);
    m_detail = new BoardDetail(m_theme, this);

    m_list = new BoardList(m_clock, this);
    m_list->setObjectName(u"boardList"_s);
    m_list->setAccessibleName(tr("Alerts, worst first"));
    m_list->setModel(m_model);
    m_delegate = new BoardDelegate(m_theme, m_clock, m_list);
    m_list->setItemDelegate(m_delegate);

    auto* empty = new QWidget(this);
    empty->setObjectName(u"boardEmpty"_s);
    m_emptyTitle = new QLabel(empty);
    m_emptyTitle->setObjectName(u"boardEmptyTitle"_s);
    theme::setRole(m_emptyTitle, u"heading"_s);
    m_emptyText = new QLabel(empty);
    m_emptyText->setObjectName(u"boardEmptyText"_s);
    m_emptyText->setWordWrap(true);
    theme::setRole(m_emptyText, u"muted"_s);
    auto* calm = new QVBoxLayout(empty);
    calm->setContentsMargins(20, 28, 20, 20);
    calm->setSpacing(8);
    calm->addWidget(m_emptyTitle);
    calm->addWidget(m_emptyText);
    calm->addStretch();

    m_pages = new QStackedWidget(this);
    m_pages->addWidget(m_list);
    m_pages->addWidget(empty);

    auto* top = new QVBoxLayout;
    top->setContentsMargins(12, 8, 12, 8);
    top->setSpacing(6);
    top->addWidget(m_filter);
    top->addWidget(m_flood);
    top->addWidget(m_waiting);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_pages, 1);
    column->addWidget(m_detail);
    column->addWidget(buildBelonging());
    setFocusProxy(m_list);
}

void BoardPane::tick() {
    const QDateTime before = std::exchange(m_toldAt, m_clock.now());
    repaintAges(*m_list, *m_model, *m_delegate, before, m_toldAt);
    if (m_pages->currentIndex() != 0) showEmptiness();
    if (++m_ticks % kTicksPerArrangement == 0) m_arranger->arrange();
    m_clock.callAfter(kTick, this, [this] { tick(); });
}

void BoardPane::rowsArranged(const BoardRows& rows, const alerts::Flood& flood) {
    showFlood(flood);
    const int waiting = m_list->isHeld() ? m_model->structuralDifference(rows) : 0;
    if (waiting == 0) {
        applyRows(rows);
        return;
    }
    m_model->refreshRows(rows);
    m_heldRows = rows;
    m_waiting->setText(waiting == 1 ? tr("1 change waits until the pointer rests")
                                    : tr("%1 changes wait until the pointer rests").arg(waiting));
    m_waiting->show();
}

void BoardPane::applyRows(const BoardRows& rows) {
    m_heldRows.reset();
    m_waiting->hide();
    const int before = m_list->verticalScrollBar()->value();
    m_isApplying = true;
    m_model->setRows(rows);
    keepChosen();
    m_isApplying = false;
    if (before == 0) m_list->scrollToTop();
    m_pages->setCurrentIndex(rows.isEmpty() ? 1 : 0);
    if (rows.isEmpty()) showEmptiness();
    const int row = m_list->currentIndex().row();
    m_detail->show(row < 0 ? std::nullopt : std::optional(m_model->row(row).alert));
}

/// An alert that moves to another section is a row removed and a row inserted, and the view would
/// give the selection to a neighbour: the runbook in front of the commander must not change for
/// that.
void BoardPane::keepChosen() {
    int row = m_model->indexOfId(m_chosenRow);
    if (row < 0 && !m_chosen.isEmpty()) row = m_model->indexOfAlert(m_chosen);
    if (row == m_list->currentIndex().row()) return;
    m_list->setCurrentIndex(row < 0 ? QModelIndex() : m_model->index(row));
    if (row < 0) m_list->clearSelection();
}

void BoardPane::release() {
    if (m_heldRows) applyRows(BoardRows(*m_heldRows));
}

void BoardPane::showFlood(const alerts::Flood& flood) {
    m_flood->setVisible(flood.isFlood());
    m_flood->setText(tr("Flood: %1 new alerts in ten minutes under %2 keys. Each key is one row; "
                        "Enter opens it.")
                         .arg(flood.count)
                         .arg(flood.keys));
}

void BoardPane::showEmptiness() {
    if (!m_filter->text().isEmpty() && !m_board.alerts().isEmpty()) {
        m_emptyTitle->setText(tr("Nothing matches the filter"));
        m_emptyText->setText(tr("%1 alerts are on the board; clear the filter to see them.")
                                 .arg(m_board.alerts().size()));
        return;
    }
    const QVector<alerts::SourceHealth> sources = m_board.sources();
    if (sources.isEmpty()) {
        m_emptyTitle->setText(tr("No source to look at"));
        m_emptyText->setText(tr("Add one under “sources” in tocsin.yaml."));
        return;
    }
    QStringList lines;
    for (const alerts::SourceHealth& health : sources)
        lines << (health.lastSeen.isValid()
                      ? tr("%1 · looked %2 ago")
                            .arg(health.name, ageText(health.lastSeen, m_clock.now()))
                      : tr("%1 · has not answered yet").arg(health.name));
    m_emptyTitle->setText(tr("Nothing is firing"));
    m_emptyText->setText(lines.join(QLatin1Char('\n')));
}

void BoardPane::currentChanged(int row) {
    if (m_isApplying) return;
    if (row < 0) {
        m_detail->show(std::nullopt);
        return;
    }
    const BoardRow& entry = m_model->row(row);
    m_detail->show(entry.alert);
    m_chosenRow = entry.id;
    m_chosen.clear();
    if (entry.members.isEmpty()) return;
    m_chosen = alerts::alertId(entry.alert);
    emit alertSelected(entry.alert);
}

void BoardPane::toggle(int row) {
    const BoardRow entry = m_model->row(row);
    if (entry.kind != BoardRow::Kind::Entry || entry.members.size() < 2) return;
    m_list->endHold();  // opening is the person's own wish
    m_arranger->toggleOpen(entry.id);
}

QVector<Alert> BoardPane::selectedAlerts() const {
    QVector<Alert> found;
    QSet<alerts::AlertId> seen;
    const QModelIndexList indexes = m_list->selectionModel()->selectedIndexes();
    for (const QModelIndex& index : indexes)
        for (const alerts::AlertId& id : m_model->row(index.row()).members) {
            if (seen.contains(id)) continue;
            seen.insert(id);
            if (const auto it = m_board.alerts().constFind(id); it != m_board.alerts().constEnd())
                found.append(*it);
        }
    std::sort(found.begin(), found.end(), alerts::comesBefore);
    return found;
}

void BoardPane::setIncidentOf(const alerts::AlertId& alert, const QString& incident) {
    incident.isEmpty() ? (void)m_incidents.remove(alert)
                       : (void)m_incidents.insert(alert, incident);
    refreshBelongingSoon();
    m_arranger->setIncident(alert, incident);
}

void BoardPane::selectAlert(const alerts::AlertId& alert) {
    const int row = m_model->indexOfAlert(alert);
    if (row >= 0) m_list->setCurrentIndex(m_model->index(row));
}

void BoardPane::focusFilter() {
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void BoardPane::declareSelected() {
    const QVector<Alert> selected = selectedAlerts();
    if (!selected.isEmpty()) emit declareRequested(selected);
}

void BoardPane::showMenu(const QPoint& at) {
    const QModelIndex index = m_list->indexAt(at);
    if (!index.isValid() || m_model->row(index.row()).members.isEmpty()) return;
    auto* menu = new QMenu(this);
    menu->setObjectName(u"boardMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Declare incident…"), this, &BoardPane::declareSelected)
        ->setObjectName(u"boardDeclareAction"_s);
    if (m_model->row(index.row()).members.size() > 1)
        menu->addAction(m_model->row(index.row()).isOpen ? tr("Fold members") : tr("Show members"),
                        this, [this, index = QPersistentModelIndex(index)] {
                            if (index.isValid()) toggle(index.row());
                        });
    if (!m_openIncident.isEmpty()) {
        const bool attached = isAllAttached();
        menu->addAction(attached ? tr("Detach from %1").arg(m_openIncident)
                                 : tr("Attach to %1").arg(m_openIncident),
                        this, [this, attached] { emit attachRequested(!attached); })
            ->setObjectName(u"boardAttachAction"_s);
    }
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

QWidget* BoardPane::buildBelonging() {
    m_belonging = new QWidget(this);
    m_belonging->setObjectName(u"boardBelonging"_s);
    auto* row = new QHBoxLayout(m_belonging);
    row->setContentsMargins(12, 6, 12, 8);
    row->setSpacing(8);
    m_belongingText = new QLabel;
    m_belongingText->setObjectName(u"boardBelongingText"_s);
    m_belongingText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    theme::setRole(m_belongingText, u"muted"_s);
    m_belongingButton = new QPushButton;
    m_belongingButton->setObjectName(u"boardAttach"_s);
    row->addWidget(m_belongingText, 1);
    row->addWidget(m_belongingButton);
    connect(m_belongingButton, &QPushButton::clicked, this,
            [this] { emit attachRequested(!isAllAttached()); });
    m_belonging->hide();
    return m_belonging;
}

void BoardPane::setOpenIncident(const QString& incident) {
    m_openIncident = incident;
    refreshBelongingSoon();
}

bool BoardPane::isAllAttached() const {
    const QVector<Alert> selected = selectedAlerts();
    return std::all_of(selected.begin(), selected.end(), [this](const Alert& alert) {
        return m_incidents.value(alerts::alertId(alert)) == m_openIncident;
    });
}

void BoardPane::refreshBelongingSoon() {
    // A flood is attached one alert at a time; one look a turn of the loop is enough.
    if (std::exchange(m_isBelongingDirty, true)) return;
    QMetaObject::invokeMethod(this, &BoardPane::refreshBelonging, Qt::QueuedConnection);
}

void BoardPane::refreshBelonging() {
    m_isBelongingDirty = false;
    const auto count = m_openIncident.isEmpty() ? 0 : selectedAlerts().size();
    m_belonging->setVisible(count > 0);
    if (count == 0) return;
    const bool attached = isAllAttached();
    const QString what = count == 1 ? tr("1 alert") : tr("%1 alerts").arg(count);
    m_belongingText->setText(attached ? tr("%1 of %2").arg(what, m_openIncident) : what);
    m_belongingButton->setText(attached ? tr("Detach") : tr("Attach to %1").arg(m_openIncident));
    m_belongingButton->setAccessibleName(attached
                                             ? tr("Detach %1 from %2").arg(what, m_openIncident)
                                             : tr("Attach %1 to %2").arg(what, m_openIncident));
    m_belongingButton->setToolTip(m_belongingButton->accessibleName());
}

}  // namespace tocsin::ui

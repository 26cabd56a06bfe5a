#include "ui/incident/timelinepane.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QSortFilterProxyModel>

#include "sdk/async.h"
#include "ui/incident/timelinedelegate.h"
#include "ui/incident/timelinemodel.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Event;
using incidents::Journal;
using theme::setRole;

TimelinePane::TimelinePane(theme::Theme& theme, CurrentIncident& current, Journal& journal,
                           const QString& person, QWidget* parent)
    : QWidget(parent),
      m_current(current),
      m_journal(journal),
      m_person(person),
      m_model(new TimelineModel(this)),
      m_proxy(new QSortFilterProxyModel(this)) {
    setObjectName(u"timelinePane"_s);
    setRole(this, u"panel"_s);
    m_proxy->setSourceModel(m_model);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_list = new QListView;
    m_list->setObjectName(u"timelineList"_s);
    m_list->setAccessibleName(tr("Timeline"));
    m_list->setModel(m_proxy);
    m_list->setItemDelegate(new TimelineDelegate(theme, person, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_evidence = new QPlainTextEdit;
    m_evidence->setObjectName(u"timelineEvidence"_s);
    m_evidence->setAccessibleName(tr("Evidence of the chosen event"));
    m_evidence->setReadOnly(true);
    setRole(m_evidence, u"code"_s);
    m_evidence->hide();
    m_error = new QLabel;
    m_error->setObjectName(u"timelineError"_s);
    m_error->setWordWrap(true);
    m_error->setContentsMargins(14, 2, 14, 4);
    setRole(m_error, u"critical"_s);
    m_error->hide();

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHeader());
    column->addWidget(m_error);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_list, 3);
    row->addWidget(m_evidence, 2);
    column->addLayout(row, 1);

    connect(&current, &CurrentIncident::switched, this, &TimelinePane::reload);
    connect(&journal, &Journal::eventAppended, this, [this](const Event& event) {
        if (event.incident == m_current.id()) m_model->append(event);
    });
    connect(m_list, &QListView::activated, this, &TimelinePane::showEvidence);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_proxy, signal, this, &TimelinePane::refreshCaption);
    connect(m_proxy, &QAbstractItemModel::modelReset, this, &TimelinePane::refreshCaption);
    reload();
}

QWidget* TimelinePane::buildHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(14, 6, 12, 5);
    row->setSpacing(8);
    m_caption = new QLabel;
    m_caption->setObjectName(u"timelineCaption"_s);
    m_filter = new QLineEdit;
    m_filter->setObjectName(u"timelineFilter"_s);
    m_filter->setAccessibleName(tr("Filter the timeline"));
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(130);
    m_note = new QLineEdit;
    m_note->setObjectName(u"noteField"_s);
    m_note->setAccessibleName(tr("Note for the timeline"));
    m_note->setPlaceholderText(tr("Note (N), Enter keeps it"));
    m_note->setMaximumWidth(420);
    row->addWidget(m_caption);
    row->addStretch(1);
    row->addWidget(m_note, 3);
    row->addWidget(m_filter, 1);
    connect(m_filter, &QLineEdit::textChanged, m_proxy,
            &QSortFilterProxyModel::setFilterFixedString);
    connect(m_note, &QLineEdit::returnPressed, this, &TimelinePane::writeNote);
    return header;
}

void TimelinePane::focusNote() {
    m_note->setFocus(Qt::ShortcutFocusReason);
}

void TimelinePane::reload() {
    const QString id = m_current.id();
    m_evidence->hide();
    m_error->hide();
    m_note->setEnabled(!id.isEmpty());
    m_model->setEvents({});
    refreshCaption();
    if (id.isEmpty()) return;
    whenDone(m_journal.timeline(id), this, [this, id](const Result<QVector<Event>>& events) {
        if (id != m_current.id()) return;
        if (events) return m_model->setEvents(*events);
        m_error->setText(events.error().message);
        m_error->show();
    });
}

void TimelinePane::refreshCaption() {
    const int all = m_model->rowCount();
    const int shown = m_proxy->rowCount();
    const QString count = shown == all ? all == 1 ? tr("1 event") : tr("%1 events").arg(all)
                                       : tr("%1 of %2 events").arg(shown).arg(all);
    m_caption->setText(m_current.id().isEmpty()
                           ? tr("no incident; everything you run in one is kept")
                           : tr("%1 · everything you run is kept").arg(count));
    setRole(m_caption, u"muted"_s);
}

void TimelinePane::writeNote() {
    const QString text = m_note->text().trimmed();
    if (text.isEmpty() || m_current.id().isEmpty()) return;
    m_note->setEnabled(false);
    whenDone(m_journal.append(m_current.id(), m_person, u"note"_s, text), this,
             [this](const Result<Event>& kept) {
                 m_note->setEnabled(true);
                 m_error->setVisible(!kept);
                 if (!kept) return m_error->setText(kept.error().message);
                 m_note->clear();
             });
}

void TimelinePane::showEvidence(const QModelIndex& index) {
    const QString detail = index.data(TimelineModel::Detail).toString();
    const bool same = m_evidence->isVisible() && m_evidence->toPlainText() == detail;
    m_evidence->setPlainText(detail);
    m_evidence->setVisible(!same);
}

}  // namespace tocsin::ui

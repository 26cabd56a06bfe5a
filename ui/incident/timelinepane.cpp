#include "ui/incident/timelinepane.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>

#include "sdk/async.h"
#include "ui/incident/evidenceview.h"
#include "ui/incident/inlineform.h"
#include "ui/incident/pinspanel.h"
#include "ui/incident/timelinedelegate.h"
#include "ui/incident/timelinefilterbar.h"
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
      m_model(new TimelineModel(this)) {
    setObjectName(u"timelinePane"_s);
    setRole(this, u"panel"_s);
    setAcceptDrops(true);
    buildList(theme);
    buildEvidence(theme);
    m_error = new QLabel;
    m_error->setObjectName(u"timelineError"_s);
    m_error->setWordWrap(true);
    m_error->setContentsMargins(14, 2, 14, 4);
    setRole(m_error, u"critical"_s);
    m_error->hide();

    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addWidget(buildHeader());
    m_column->addWidget(m_error);
    m_column->addWidget(m_correction);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_list, 1);
    row->addWidget(m_evidence, 1);
    m_column->addLayout(row, 1);
    connectSources();
    reload();
}

void TimelinePane::buildList(theme::Theme& theme) {
    m_list = new QListView;
    m_list->setObjectName(u"timelineList"_s);
    m_list->setAccessibleName(tr("Timeline"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new TimelineDelegate(theme, m_person, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->installEventFilter(this);
    connect(m_list, &QListView::activated, this, &TimelinePane::openEvidence);
}

void TimelinePane::buildEvidence(theme::Theme& theme) {
    m_evidence = new EvidenceView(theme);
    m_evidence->hide();
    m_correction = new InlineForm(u"correctionForm"_s, tr("What is right? The event stays."));
    m_right = m_correction->addField(u"correctionText"_s, tr("Right is"), {});
    m_correction->setConfirm(u"correctionConfirm"_s, tr("Correct"), u"primary"_s);
    m_correction->hide();
    connect(m_evidence, &EvidenceView::closed, this, [this] {
        m_evidence->hide();
        m_list->setFocus();
    });
    connect(m_evidence, &EvidenceView::correctionRequested, this, &TimelinePane::askCorrection);
    connect(m_evidence, &EvidenceView::pinRequested, this, &TimelinePane::pin);
    connect(m_evidence, &EvidenceView::copyRequested, this, &TimelinePane::saveCopy);
    connect(m_correction, &InlineForm::confirmed, this, &TimelinePane::writeCorrection);
    connect(m_correction, &InlineForm::cancelled, this, [this] {
        m_correction->hide();
        m_list->setFocus();
    });
}

QWidget* TimelinePane::buildHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(14, 6, 12, 5);
    row->setSpacing(8);
    m_caption = new QLabel;
    m_caption->setObjectName(u"timelineCaption"_s);
    setRole(m_caption, u"muted"_s);
    m_filters = new TimelineFilterBar;
    m_note = new QLineEdit;
    m_note->setObjectName(u"noteField"_s);
    m_note->setAccessibleName(tr("Note for the timeline"));
    m_note->setPlaceholderText(tr("Note (N), Enter keeps it; or drop a file"));
    m_note->setMinimumWidth(90);
    m_pins = new QPushButton(tr("Pins"));
    m_pins->setObjectName(u"timelinePins"_s);
    m_pins->setAccessibleName(tr("Pinned statements"));
    setRole(m_pins, u"ghost"_s);
    m_pins->hide();
    row->addWidget(m_caption);
    row->addWidget(m_note, 1);
    row->addWidget(m_filters);
    row->addWidget(m_pins);
    connect(m_filters, &TimelineFilterBar::changed, this, &TimelinePane::read);
    connect(m_note, &QLineEdit::returnPressed, this, &TimelinePane::writeNote);
    connect(m_pins, &QPushButton::clicked, this, &TimelinePane::togglePins);
    return header;
}

void TimelinePane::connectSources() {
    connect(&m_current, &CurrentIncident::switched, this, &TimelinePane::reload);
    connect(&m_journal, &Journal::eventAppended, this, [this](const Event& event) {
        if (event.incident != m_current.id()) return;
        m_model->append(event, m_filters->filter().matches(event));
        refreshCaption();
    });
    connect(m_model, &TimelineModel::linesWanted, this, &TimelinePane::fetch);
    connect(m_model, &QAbstractItemModel::modelReset, this, &TimelinePane::refreshCaption);
}

void TimelinePane::focusNote() {
    m_note->setFocus(Qt::ShortcutFocusReason);
}

void TimelinePane::focusSearch() {
    m_filters->focusSearch();
}

void TimelinePane::reload() {
    m_evidence->hide();
    m_correction->hide();
    m_error->hide();
    m_note->setEnabled(!m_current.id().isEmpty());
    m_filters->clear();
    m_model->setIndex({});
    read();
}

void TimelinePane::read() {
    const QString id = m_current.id();
    if (id.isEmpty()) return;
    // One question at a time: while it is answered only the newest wish is kept, so that typing
    // fast does not queue up.
    if (std::exchange(m_reading, true)) {
        m_readAgain = true;
        return;
    }
    whenDone(m_journal.timelineIndex(id, m_filters->filter()), this,
             [this, id](const Result<incidents::TimelineIndex>& index) {
                 m_reading = false;
                 if (std::exchange(m_readAgain, false) || id != m_current.id()) return read();
                 if (!index) return complain(index.error().message);
                 m_filters->setActors(index->actors);
                 m_model->setIndex(*index);
             });
}

void TimelinePane::fetch(const QVector<qint64>& seqs) {
    whenDone(m_journal.timelineLines(seqs), this,
             [this](const Result<QVector<incidents::TimelineLine>>& lines) {
                 if (!lines) return complain(lines.error().message);
                 m_model->take(*lines);
             });
}

void TimelinePane::refreshCaption() {
    const qint64 all = m_model->total(), shown = m_model->rowCount();
    const QString count = shown == all ? all == 1 ? tr("1 event") : tr("%L1 events").arg(all)
                                       : tr("%L1 of %L2 events").arg(shown).arg(all);
    m_caption->setText(
        m_current.id().isEmpty() ? tr("no incident; everything you run in one is kept") : count);
    m_caption->setToolTip(tr("Everything you run is kept"));
}

void TimelinePane::complain(const QString& sentence) {
    m_error->setText(sentence);
    m_error->setVisible(!sentence.isEmpty());
}

void TimelinePane::writeNote() {
    const QString text = m_note->text().trimmed();
    if (text.isEmpty() || m_current.id().isEmpty()) return;
    m_note->setEnabled(false);
    whenDone(m_journal.append(m_current.id(), m_person, u"note"_s, text), this,
             [this](const Result<Event>& kept) {
                 m_note->setEnabled(true);
                 complain(kept ? QString() : kept.error().message);
                 if (kept) m_note->clear();
             });
}

bool TimelinePane::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_list || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const QModelIndex row = m_list->currentIndex();
    if (key->key() == Qt::Key_C && key->modifiers() == Qt::NoModifier && row.isValid()) {
        askCorrection(row.data(TimelineModel::Seq).toLongLong(),
                      row.data(TimelineModel::Text).toString());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void TimelinePane::askCorrection(qint64 seq, const QString& text) {
    m_correcting = seq;
    m_correction->setSentence(
        tr("Correct “%1”").arg(text.size() > 60 ? text.left(59) + u'…' : text));
    m_right->setText(text);
    m_correction->ask();
    m_right->selectAll();
}

void TimelinePane::writeCorrection() {
    m_correction->setBusy(true);
    whenDone(m_journal.correct(m_current.id(), m_person, m_correcting, m_right->text()), this,
             [this](const Result<Event>& written) {
                 m_correction->setBusy(false);
                 if (!written) return m_correction->showError(written.error().message);
                 m_correction->hide();
                 m_list->setFocus();
             });
}

}  // namespace tocsin::ui

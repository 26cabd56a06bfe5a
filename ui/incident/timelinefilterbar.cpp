#include "ui/incident/timelinefilterbar.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

struct Sort {
    const char* title;
    QStringList kinds;
};

const QVector<Sort>& sorts() {
    static const QVector<Sort> all{
        {QT_TRANSLATE_NOOP("tocsin::ui::TimelineFilterBar", "Everything"), {}},
        {QT_TRANSLATE_NOOP("tocsin::ui::TimelineFilterBar", "Notes"),
         {u"note"_s, u"corrected"_s, u"file"_s}},
        {QT_TRANSLATE_NOOP("tocsin::ui::TimelineFilterBar", "What was run"),
         {u"query"_s, u"redis"_s, u"http"_s, u"probe"_s, u"shell"_s, u"step"_s}},
        {QT_TRANSLATE_NOOP("tocsin::ui::TimelineFilterBar", "Pinned answers"), {u"captured"_s}},
        {QT_TRANSLATE_NOOP("tocsin::ui::TimelineFilterBar", "Messages"),
         {u"posted"_s, u"paged"_s, u"delivered"_s, u"failed"_s}},
        {QT_TRANSLATE_NOOP("tocsin::ui::TimelineFilterBar", "Command"),
         {u"declared"_s, u"acknowledged"_s, u"phase"_s, u"priority"_s, u"commander"_s,
          u"attached"_s, u"detached"_s, u"merged"_s, u"role"_s, u"task"_s, u"impact"_s,
          u"resolved"_s, u"reopened"_s, u"held"_s, u"released"_s, u"escalated"_s, u"imported"_s}}};
    return all;
}

}  // namespace

TimelineFilterBar::TimelineFilterBar(QWidget* parent) : QWidget(parent) {
    setObjectName(u"timelineFilters"_s);
    m_sort = combo(u"timelineSort"_s, tr("Sort of events"));
    for (const Sort& sort : sorts())
        m_sort->addItem(tr(sort.title), sort.kinds);
    m_actor = combo(u"timelineActor"_s, tr("Whose events"));
    m_actor->addItem(tr("Everyone"));
    m_text = new QLineEdit;
    m_text->setObjectName(u"timelineFilter"_s);
    m_text->setAccessibleName(tr("Search the timeline"));
    m_text->setPlaceholderText(tr("Search"));
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(150);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_sort);
    row->addWidget(m_actor);
    row->addWidget(m_text);
    connect(m_text, &QLineEdit::textChanged, this, &TimelineFilterBar::changed);
    for (QComboBox* each : {m_sort, m_actor})
        connect(each, &QComboBox::currentIndexChanged, this, &TimelineFilterBar::changed);
}

QComboBox* TimelineFilterBar::combo(const QString& name, const QString& accessible) {
    auto* made = new QComboBox;
    made->setObjectName(name);
    made->setAccessibleName(accessible);
    made->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    made->setMaximumWidth(130);
    return made;
}

incidents::TimelineFilter TimelineFilterBar::filter() const {
    incidents::TimelineFilter out;
    out.text = m_text->text().trimmed();
    out.kinds = m_sort->currentData().toStringList();
    if (m_actor->currentIndex() > 0) out.actors = {m_actor->currentText()};
    return out;
}

void TimelineFilterBar::setActors(const QStringList& actors) {
    const QString chosen = m_actor->currentIndex() > 0 ? m_actor->currentText() : QString();
    const QSignalBlocker quiet(m_actor);
    while (m_actor->count() > 1)
        m_actor->removeItem(1);
    m_actor->addItems(actors);
    m_actor->setCurrentIndex(std::max(0, m_actor->findText(chosen)));
}

void TimelineFilterBar::clear() {
    const QSignalBlocker quiet(this);
    m_sort->setCurrentIndex(0);
    m_actor->setCurrentIndex(0);
    m_text->clear();
}

void TimelineFilterBar::focusSearch() {
    m_text->setFocus(Qt::ShortcutFocusReason);
}

}  // namespace tocsin::ui

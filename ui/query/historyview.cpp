#include "ui/query/historyview.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostShown = 300;

}  // namespace

HistoryView::HistoryView(theme::Theme& theme, QueryHistory& history, QWidget* parent)
    : QWidget(parent),
      m_history(history),
      m_search(new QLineEdit(this)),
      m_name(new QLineEdit(this)),
      m_list(new QListWidget(this)) {
    setAccessibleName(tr("History of statements"));
    m_search->setObjectName(u"sqlHistorySearch"_s);
    m_search->setAccessibleName(tr("Words to find in earlier statements"));
    m_search->setPlaceholderText(tr("Find in history and saved queries"));
    m_search->setClearButtonEnabled(true);
    m_name->setObjectName(u"sqlSaveName"_s);
    m_name->setAccessibleName(tr("Name to save the statement under"));
    m_name->setPlaceholderText(tr("save the editor as…"));
    auto* save = new QPushButton(tr("Save"), this);
    save->setObjectName(u"sqlSave"_s);
    save->setAccessibleName(tr("Save the statement in the editor under this name"));
    m_list->setObjectName(u"sqlHistory"_s);
    m_list->setAccessibleName(tr("Earlier statements, newest first; saved queries on top"));
    m_list->setFont(theme.monoFont(-1));
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setToolTip(tr("Enter takes it into the editor, Delete forgets it"));
    auto* forget = new QShortcut(QKeySequence(Qt::Key_Delete), m_list);
    forget->setContext(Qt::WidgetShortcut);
    connect(forget, &QShortcut::activated, this, [this] {
        const auto* item = m_list->currentItem();
        if (item) m_history.forget(m_connection, item->data(Qt::UserRole).toString());
    });
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 4, 12, 2);
    head->addWidget(m_search, 2);
    head->addWidget(m_name, 1);
    head->addWidget(save);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(2);
    all->addLayout(head);
    all->addWidget(m_list, 1);
    connect(m_search, &QLineEdit::textChanged, this, &HistoryView::fill);
    connect(&history, &QueryHistory::changed, this, &HistoryView::fill);
    connect(m_list, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        emit chosen(item->data(Qt::UserRole).toString());
    });
    const auto keep = [this] {
        emit saveWanted(m_name->text());
        m_name->clear();
    };
    connect(save, &QPushButton::clicked, this, keep);
    connect(m_name, &QLineEdit::returnPressed, this, keep);
}

void HistoryView::follow(const QString& connection) {
    m_connection = connection;
    fill();
}

void HistoryView::fill() {
    m_list->clear();
    const auto entries = m_history.found(m_connection, m_search->text());
    for (const QueryHistory::Entry& entry : entries.mid(0, kMostShown)) {
        const QString sql = entry.sql.simplified();
        auto* item = new QListWidgetItem(
            entry.name.isEmpty() ? u"%1  %2"_s.arg(entry.at.toString(u"MM-dd HH:mm"_s), sql)
                                 : u"★ %1  %2"_s.arg(entry.name, sql),
            m_list);
        item->setData(Qt::UserRole, entry.sql);
        item->setToolTip(entry.sql.left(2000));
    }
}

}  // namespace tocsin::ui

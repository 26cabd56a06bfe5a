#include "ui/query/sqlholes.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <algorithm>

#include "runbooks/placeholders.h"
#include "runbooks/quoting.h"
#include "runbooks/run.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

runbooks::Block blockOf(const QString& sql) {
    runbooks::Block block;
    block.kind = runbooks::BlockKind::Postgres;
    block.text = sql;
    block.placeholders = runbooks::placeholdersIn(sql, block.kind);
    return block;
}

QString knownValue(const QString& hole, const QMap<QString, QString>& known) {
    for (auto it = known.begin(); it != known.end(); ++it)
        if (runbooks::sameName(hole, it.key())) return it.value();
    return {};
}

}  // namespace

SqlHoles::SqlHoles(QWidget* parent)
    : QFrame(parent), m_grid(new QGridLayout), m_run(new QPushButton(tr("Run"), this)) {
    setObjectName(u"sqlHoles"_s);
    setAccessibleName(tr("Values for the statement"));
    theme::setRole(this, u"notice"_s);
    m_run->setObjectName(u"sqlHolesRun"_s);
    m_run->setAccessibleName(tr("Run the statement with these values"));
    theme::setRole(m_run, u"primary"_s);
    auto* back = new QPushButton(tr("Back"), this);
    back->setObjectName(u"sqlHolesBack"_s);
    back->setAccessibleName(tr("Do not run it"));
    m_grid->setColumnStretch(1, 1);
    auto* all = new QHBoxLayout(this);
    all->setContentsMargins(12, 8, 12, 8);
    all->addLayout(m_grid, 1);
    all->addWidget(back, 0, Qt::AlignBottom);
    all->addWidget(m_run, 0, Qt::AlignBottom);
    connect(m_run, &QPushButton::clicked, this, &SqlHoles::accept);
    connect(back, &QPushButton::clicked, this, &SqlHoles::dismissed);
}

QStringList SqlHoles::holesIn(const QString& sql) {
    QStringList names;
    for (const runbooks::Placeholder& each :
         runbooks::placeholdersIn(sql, runbooks::BlockKind::Postgres))
        if (!names.contains(each.name)) names << each.name;
    return names;
}

void SqlHoles::ask(const QString& sql, const QMap<QString, QString>& known) {
    m_sql = sql;
    m_values.clear();
    while (QLayoutItem* item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int row = 0;
    for (const QString& name : holesIn(sql)) {
        auto* label = new QLabel(name, this);
        label->setTextFormat(Qt::PlainText);
        theme::setRole(label, u"mono"_s);
        auto* value = new QLineEdit(knownValue(name, known), this);
        value->setObjectName(u"sqlHole%1"_s.arg(row));
        value->setAccessibleName(tr("Value for %1").arg(name));
        connect(value, &QLineEdit::textChanged, this, &SqlHoles::weigh);
        connect(value, &QLineEdit::returnPressed, this, &SqlHoles::accept);
        m_grid->addWidget(label, row, 0);
        m_grid->addWidget(value, row++, 1);
        m_values.append({name, value});
    }
    weigh();
    show();
    const auto empty = std::find_if(m_values.begin(), m_values.end(),
                                    [](const auto& each) { return each.second->text().isEmpty(); });
    (empty == m_values.end() ? static_cast<QWidget*>(m_run) : empty->second)->setFocus();
}

void SqlHoles::weigh() {
    m_run->setEnabled(std::none_of(m_values.begin(), m_values.end(),
                                   [](const auto& each) { return each.second->text().isEmpty(); }));
}

void SqlHoles::accept() {
    if (!m_run->isEnabled()) return;
    QMap<QString, QString> values;
    for (const auto& [name, edit] : std::as_const(m_values))
        values.insert(name, edit->text());
    hide();
    emit filled(runbooks::filledText(blockOf(m_sql), values));
}

void SqlHoles::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit dismissed();
    QFrame::keyPressEvent(event);
}

}  // namespace tocsin::ui

#include "ui/settings/entryform.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <QUrl>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using workspace::KeyChange;

namespace {

Field nameField() {
    Field field;
    field.name = u"name"_s;
    field.label = EntryForm::tr("Name");
    field.help = EntryForm::tr("What the console calls it: primary, replica, cache.");
    return field;
}

/// Of kinds that have none of their own: the workspace knows it for every connection.
Field environmentField() {
    Field field;
    field.name = u"environment"_s;
    field.label = EntryForm::tr("Environment");
    field.help = EntryForm::tr("production is framed in red and asks before it changes anything.");
    field.fallback = u"production"_s;
    return field;
}

/// Every field under a heading; what every entry has stands under the first.
QVector<Field> headed(const QVector<Field>& fields) {
    const QString first = fields.isEmpty() ? QString() : fields.first().group;
    QVector<Field> all{nameField()};
    all += fields;
    if (std::none_of(fields.begin(), fields.end(),
                     [](const Field& field) { return field.name == u"environment"; }))
        all += environmentField();
    for (Field& field : all)
        if (field.group.isEmpty()) field.group = first;
    return all;
}

}  // namespace

EntryForm::EntryForm(theme::Theme& theme, const workspace::PluginInfo& plugin,
                     const QString& prefix, const QMap<QString, QString>& texts, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_kind(plugin.type),
      m_prefix(prefix),
      m_texts(texts),
      m_area(new QScrollArea(this)) {
    auto* inside = new QWidget;
    m_column = new QVBoxLayout(inside);
    m_column->setContentsMargins(14, 10, 14, 10);
    m_column->setSpacing(6);
    for (const Field& field : headed(plugin.fields))
        addRow(field);
    m_column->addStretch(1);
    m_area->setWidget(inside);
    m_area->setWidgetResizable(true);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::NoFocus);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_area);
    if (const Row* name = row(u"name"_s)) setFocusProxy(name->input);
}

/// The rows under one heading, made when its first field comes. The first has no heading: it is
/// always open.
EntryForm::Group EntryForm::groupNamed(const QString& name) {
    if (const auto known = m_groups.constFind(name); known != m_groups.constEnd()) return *known;
    auto* rows = new QWidget;
    Group group{new QGridLayout(rows)};
    group.grid->setContentsMargins(0, 0, 0, 4);
    group.grid->setHorizontalSpacing(10);
    group.grid->setVerticalSpacing(6);
    group.grid->setColumnMinimumWidth(0, 128);
    group.grid->setColumnStretch(1, 1);
    if (!m_groups.isEmpty()) {
        QToolButton* heading = group.heading = new QToolButton;
        heading->setObjectName(m_prefix + u"Group_"_s + QString(name).remove(u' '));
        heading->setText(name);
        heading->setAccessibleName(name);
        heading->setCheckable(true);
        heading->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        heading->setArrowType(Qt::RightArrow);
        theme::setRole(heading, u"ghost"_s);
        rows->hide();
        connect(heading, &QToolButton::toggled, rows, [heading, rows](bool open) {
            heading->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
            rows->setVisible(open);
        });
        m_column->addWidget(heading, 0, Qt::AlignLeft);
    }
    m_column->addWidget(rows);
    m_groups.insert(name, group);
    return group;
}

void EntryForm::addRow(const Field& field) {
    auto* input = FieldInput::make(m_theme, field, m_prefix + u'_' + field.name);
    if (!input) return;
    const Group group = groupNamed(field.group);
    auto* label = new QLabel(field.label);
    label->setBuddy(input);
    label->setToolTip(field.help);
    theme::setRole(label, u"muted"_s);
    const int at = group.grid->rowCount();
    group.grid->addWidget(label, at, 0, Qt::AlignLeft | Qt::AlignVCenter);
    group.grid->addWidget(input, at, 1);
    m_rows.append({field, input, group.heading});
    input->setText(m_texts.value(field.name));
    if (field.kind == FieldKind::Secret) input->setProposal(m_texts.value(u"name"_s));
    if (group.heading && !m_texts.value(field.name).isEmpty()) group.heading->setChecked(true);
    for (QWidget* part : input->findChildren<QWidget*>()) {
        part->installEventFilter(this);
        if (part->focusPolicy() == Qt::WheelFocus) part->setFocusPolicy(Qt::StrongFocus);
    }
    connect(input, &FieldInput::changed, this, &EntryForm::follow);
}

/// A keyring entry is called as its connection where nothing else is said.
void EntryForm::follow() {
    for (const Row& each : std::as_const(m_rows))
        if (each.field.kind == FieldKind::Secret) each.input->setProposal(text(u"name"_s));
    emit changed();
}

const EntryForm::Row* EntryForm::row(const QString& field) const {
    for (const Row& each : m_rows)
        if (each.field.name == field) return &each;
    return nullptr;
}

QVector<KeyChange> EntryForm::values() const {
    QVector<KeyChange> all{{u"name"_s, m_texts.value(u"name"_s), text(u"name"_s)},
                           {u"kind"_s, m_texts.value(u"kind"_s), m_kind}};
    for (const Row& each : m_rows)
        if (each.field.name != u"name")
            all.append({each.field.name, m_texts.value(each.field.name), each.input->text()});
    return all;
}

QVector<KeyChange> EntryForm::changes() const {
    QVector<KeyChange> different;
    for (const KeyChange& each : values())
        if (each.was != each.now) different.append(each);
    return different;
}

QMap<QString, Secret> EntryForm::typed() const {
    QMap<QString, Secret> all;
    for (const Row& each : m_rows)
        if (const Secret secret = each.input->typed(); !secret.isEmpty())
            all.insert(each.field.name, secret);
    return all;
}

QString EntryForm::text(const QString& field) const {
    const Row* found = row(field);
    return found ? found->input->text() : QString();
}

void EntryForm::setText(const QString& field, const QString& text) {
    const Row* found = row(field);
    if (found) found->input->setText(text);
}

void EntryForm::mark(const QVector<workspace::EntryProblem>& problems) {
    for (const Row& each : std::as_const(m_rows))
        each.input->setWrong(
            std::any_of(problems.begin(), problems.end(),
                        [&](const auto& problem) { return problem.key == each.field.name; }));
}

void EntryForm::focusField(const QString& field) {
    const Row* found = row(field);
    if (!found) return;
    if (found->heading) found->heading->setChecked(true);
    found->input->setFocus(Qt::OtherFocusReason);
    m_area->ensureWidgetVisible(found->input);
}

bool EntryForm::eventFilter(QObject* watched, QEvent* event) {
    // Scrolling the form turns no choice over.
    if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
        event->ignore();
        return true;
    }
    if (event->type() == QEvent::FocusOut) movePassword();
    if (event->type() == QEvent::FocusIn)
        for (const Row& each : std::as_const(m_rows))
            if (each.input->isAncestorOf(static_cast<QWidget*>(watched))) {
                emit helpChanged(each.field.help);
                m_area->ensureWidgetVisible(each.input, 0, 20);
            }
    return QWidget::eventFilter(watched, event);
}

void EntryForm::movePassword() {
    const Row* secret = row(u"password"_s);
    if (!secret || secret->field.kind != FieldKind::Secret) return;
    for (const Row& each : std::as_const(m_rows)) {
        if (each.field.kind != FieldKind::Url) continue;
        QUrl address(each.input->text());
        const QString password = address.password(QUrl::FullyDecoded);
        if (password.isEmpty()) continue;
        secret->input->setTyped(Secret(password));
        secret->input->setProposal(text(u"name"_s));
        address.setPassword({});
        each.input->setText(address.toString());
        emit changed();
    }
}

}  // namespace tocsin::ui

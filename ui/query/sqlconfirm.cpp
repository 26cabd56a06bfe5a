#include "ui/query/sqlconfirm.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <algorithm>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

constexpr int kMostLines = 6;  // of the statement, before it scrolls

SqlConfirm::SqlConfirm(theme::Theme& theme, QWidget* parent)
    : theme::Card(parent),
      m_theme(theme),
      m_headline(new QLabel(this)),
      m_place(new QLabel(this)),
      m_facts(new QGridLayout),
      m_statement(new QPlainTextEdit(this)),
      m_prompt(new QLabel(this)),
      m_reasonPrompt(new QLabel(tr("Because"), this)),
      m_reason(new QLineEdit(this)),
      m_minutes(new QSpinBox(this)),
      m_name(new QLineEdit(this)),
      m_run(new QPushButton(this)) {
    setObjectName(u"sqlConfirm"_s);
    setAccessibleName(tr("Confirm a change"));
    // What is confirmed is never squeezed for the rows below it.
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    theme::setRole(m_headline, u"heading"_s);
    m_place->setTextFormat(Qt::PlainText);
    theme::setRole(m_place, u"muted"_s);
    m_statement->setObjectName(u"sqlConfirmStatement"_s);
    m_statement->setAccessibleName(tr("What will be sent, exactly"));
    m_statement->setReadOnly(true);
    m_statement->setTabChangesFocus(true);
    m_statement->setFont(m_theme.monoFont(-1));
    theme::setRole(m_statement, u"code"_s);
    m_reason->setObjectName(u"sqlConfirmReason"_s);
    m_reason->setAccessibleName(tr("Why it must be changed; kept in the timeline"));
    m_reason->setPlaceholderText(tr("why it must be changed; kept in the timeline"));
    m_minutes->setObjectName(u"sqlConfirmMinutes"_s);
    m_minutes->setAccessibleName(tr("For how many minutes changes are let through"));
    m_minutes->setRange(1, 5);
    m_minutes->setSuffix(tr(" min"));
    m_minutes->setButtonSymbols(QAbstractSpinBox::NoButtons);  // arrow keys and the wheel
    m_name->setObjectName(u"sqlConfirmName"_s);
    m_name->setAccessibleName(tr("Name of the connection to change"));
    m_run->setObjectName(u"sqlConfirmRun"_s);
    theme::setRole(m_run, u"danger"_s);
    auto* back = new QPushButton(tr("Back"), this);
    back->setObjectName(u"sqlConfirmBack"_s);
    back->setAccessibleName(tr("Do not run it"));

    m_facts->setHorizontalSpacing(14);
    m_facts->setVerticalSpacing(3);
    m_facts->setColumnStretch(1, 1);
    auto* why = new QHBoxLayout;
    why->addWidget(m_reasonPrompt);
    why->addWidget(m_reason, 1);
    why->addWidget(m_minutes);
    auto* act = new QHBoxLayout;
    act->addWidget(m_prompt);
    act->addWidget(m_name, 1);
    act->addWidget(back);
    act->addWidget(m_run);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(14, 12, 14, 12);
    all->setSpacing(8);
    all->addWidget(m_headline);
    all->addWidget(m_place);
    all->addLayout(m_facts);
    all->addWidget(m_statement);
    all->addLayout(why);
    all->addLayout(act);

    connect(m_name, &QLineEdit::textChanged, this, &SqlConfirm::weigh);
    connect(m_reason, &QLineEdit::textChanged, this, &SqlConfirm::weigh);
    connect(m_reason, &QLineEdit::returnPressed, this, &SqlConfirm::accept);
    connect(m_name, &QLineEdit::returnPressed, this, &SqlConfirm::accept);
    connect(m_run, &QPushButton::clicked, this, &SqlConfirm::accept);
    connect(back, &QPushButton::clicked, this, &SqlConfirm::dismissed);
}

void SqlConfirm::ask(const ConfirmRequest& request) {
    m_request = request;
    setLook(request.production ? Look::Production : Look::Active);
    m_headline->setText(request.headline);
    m_place->setText(tr("%1 · %2%3")
                         .arg(request.connection, request.place,
                              request.production ? tr(" · production") : QString()));
    m_statement->setPlainText(request.statement);
    fitStatement();
    m_statement->setVisible(!request.statement.isEmpty());
    m_prompt->setText(request.wantsName
                          ? tr("Type <b>%1</b> to confirm").arg(request.connection.toHtmlEscaped())
                          : QString());
    m_run->setText(request.action.isEmpty() ? tr("Run on %1").arg(request.connection)
                                            : request.action);
    m_run->setAccessibleName(request.action.isEmpty()
                                 ? tr("Run the change on %1").arg(request.connection)
                                 : request.action);
    m_name->clear();
    m_name->setVisible(request.wantsName);
    m_reason->clear();
    for (QWidget* each : std::initializer_list<QWidget*>{m_reasonPrompt, m_reason, m_minutes})
        each->setVisible(request.wantsReason);
    m_minutes->setValue(request.minutes);
    showFacts();
    weigh();
    setVisible(true);
    QWidget* first = m_run;
    if (request.wantsName) first = m_name;
    if (request.wantsReason) first = m_reason;
    first->setFocus();
}

/// As high as its lines up to a few: a long statement scrolls, and what confirms it stays in view.
void SqlConfirm::fitStatement() {
    const QFontMetrics metrics(m_statement->font());
    // The layout has not placed it yet when the card gets its width.
    const QMargins around = layout()->contentsMargins();
    const int width = std::max(200, contentsRect().width() - around.left() - around.right() - 34);
    const int wrapped =
        metrics.boundingRect(QRect(0, 0, width, 0), Qt::TextWrapAnywhere, m_request.statement)
            .height();
    const int most = metrics.lineSpacing() * kMostLines;
    m_statement->setFixedHeight(std::clamp(wrapped, metrics.lineSpacing(), most) + 22);
}

void SqlConfirm::resizeEvent(QResizeEvent* event) {
    theme::Card::resizeEvent(event);
    fitStatement();
}

void SqlConfirm::showFacts() {
    while (QLayoutItem* item = m_facts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int row = 0;
    for (const auto& [label, value] : std::as_const(m_request.facts)) {
        auto* name = new QLabel(label, this);
        theme::setRole(name, u"muted"_s);
        auto* text = new QLabel(this);
        text->setTextFormat(Qt::PlainText);
        text->setText(value);
        text->setWordWrap(true);
        theme::setRole(text, u"mono"_s);
        m_facts->addWidget(name, row, 0, Qt::AlignTop);
        m_facts->addWidget(text, row++, 1);
    }
}

void SqlConfirm::weigh() {
    const bool named = !m_request.wantsName || m_name->text() == m_request.connection;
    const bool reasoned = !m_request.wantsReason || !m_reason->text().trimmed().isEmpty();
    m_run->setEnabled(named && reasoned);
}

void SqlConfirm::accept() {
    if (!m_run->isEnabled()) return;
    m_request.reason = m_reason->text().trimmed();
    m_request.minutes = m_minutes->value();
    emit confirmed(m_request);
}

void SqlConfirm::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit dismissed();
    theme::Card::keyPressEvent(event);
}

}  // namespace tocsin::ui

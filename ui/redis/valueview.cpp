#include "ui/redis/valueview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>

#include "inspection/connection.h"
#include "inspection/valuetext.h"
#include "sdk/async.h"
#include "ui/redis/keywords.h"
#include "ui/redis/recordmodel.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using inspection::ValueForm;

namespace {

constexpr int kGuessIt = -1;
constexpr qsizetype kWidestCell = 200;
constexpr ValueForm kForms[] = {ValueForm::Text, ValueForm::Json,   ValueForm::MsgPack,
                                ValueForm::Gzip, ValueForm::Base64, ValueForm::Hex};

/// One line of a value for a table.
QString cellLine(const QByteArray& bytes) {
    const QByteArray head = bytes.left(kWidestCell);
    QString text = inspection::guessForm(head, true) == ValueForm::Hex
                       ? QString::fromLatin1(head.left(kWidestCell / 3).toHex(' '))
                       : QString::fromUtf8(head).simplified();
    return bytes.size() > head.size() ? text + u'…' : text;
}

bool isNumberColumn(const QString& name) {
    static const QStringList numbers{u"#"_s, u"score"_s, u"consumers"_s, u"pending"_s, u"lag"_s};
    return numbers.contains(name);
}

QVector<RecordColumn> recordColumns(const QStringList& names) {
    QVector<RecordColumn> out;
    for (const QString& name : names)
        out << RecordColumn{name, isNumberColumn(name)};
    return out;
}

Record valueRecord(const QStringList& columns, const QVector<QByteArray>& row, qsizetype number) {
    Record record{QByteArray::number(number), {}};
    for (qsizetype i = 0; i < row.size(); ++i) {
        RecordCell cell{cellLine(row[i]), {}, {}};
        if (isNumberColumn(columns.value(i))) cell.sortKey = row[i].toDouble();
        record.cells << cell;
    }
    return record;
}

}  // namespace

ValueView::ValueView(theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_name(new theme::ElidedLabel({}, this)),
      m_said(new QLabel(this)),
      m_again(new QPushButton(tr("Read again"), this)),
      m_more(new QPushButton(tr("Next part"), this)),
      m_model(new RecordModel({}, this)),
      m_table(recordTable(*m_model, u"redisValueRows"_s, tr("Elements of the key"), this)),
      m_groupModel(new RecordModel({}, this)),
      m_groups(recordTable(*m_groupModel, u"redisValueGroups"_s,
                           tr("Consumer groups of the stream"), this)),
      m_form(new QComboBox(this)),
      m_bits(new QPushButton(tr("Count bits"), this)),
      m_guess(new QLabel(this)),
      m_text(new QPlainTextEdit(this)) {
    build();
    connect(m_again, &QPushButton::clicked, this,
            [this] { show(m_connection, QByteArray(m_key)); });
    connect(m_more, &QPushButton::clicked, this, [this] {
        if (!m_next) return;
        m_position = *m_next;
        askPage();
    });
    connect(m_form, &QComboBox::currentIndexChanged, this, &ValueView::writeCell);
    connect(m_bits, &QPushButton::clicked, this, &ValueView::countBits);
    connect(&m_bitCount, &inspection::BitCount::progressed, this, &ValueView::showBits);
    connect(&m_bitCount, &inspection::BitCount::ended, this,
            [this](const std::optional<Error>& problem) {
                m_bits->setText(tr("Count bits"));
                problem ? m_said->setText(factsText(m_facts) + u'\n' + problem->message)
                        : showBits();
            });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ValueView::showCell);
    connect(m_table, &QTableView::clicked, this, &ValueView::pick);
    clear();
}

void ValueView::build() {
    m_table->setFont(m_theme.monoFont(-1));
    m_text->setObjectName(u"redisValueText"_s);
    m_text->setAccessibleName(tr("The value"));
    m_text->setReadOnly(true);
    m_text->setFont(m_theme.monoFont());
    theme::setRole(m_text, u"code"_s);
    m_table->setMinimumHeight(110);
    m_text->setMinimumHeight(90);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(buildHead());
    all->addWidget(m_table, 3);
    all->addWidget(m_groups, 1);
    all->addLayout(buildForm());
    all->addWidget(m_text, 2);
    all->addStretch(0);  // takes the room while nothing is shown
    connect(&m_theme, &theme::Theme::changed, this, [this] {
        m_table->setFont(m_theme.monoFont(-1));
        m_text->setFont(m_theme.monoFont());
    });
}

QLayout* ValueView::buildHead() {
    m_name->setObjectName(u"redisValueKey"_s);
    m_name->setElideMode(Qt::ElideMiddle);
    theme::setRole(m_name, u"heading"_s);
    m_said->setObjectName(u"redisValueFacts"_s);
    m_said->setWordWrap(true);
    m_said->setTextFormat(Qt::PlainText);
    theme::setRole(m_said, u"muted"_s);
    m_again->setObjectName(u"redisValueAgain"_s);
    m_again->setAccessibleName(tr("Read the key again"));
    m_more->setObjectName(u"redisValueMore"_s);
    m_more->setAccessibleName(tr("Read the next part of the value"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(14, 8, 12, 0);
    row->setSpacing(8);
    row->addWidget(m_name, 1);
    row->addWidget(m_more);
    row->addWidget(m_again);
    auto* head = new QVBoxLayout;
    head->setSpacing(2);
    head->addLayout(row);
    m_said->setContentsMargins(14, 0, 12, 6);
    head->addWidget(m_said);
    return head;
}

QLayout* ValueView::buildForm() {
    m_form->setObjectName(u"redisValueForm"_s);
    m_form->setAccessibleName(tr("How the value is written"));
    m_form->addItem(tr("as it looks"), kGuessIt);
    for (const ValueForm form : kForms)
        m_form->addItem(inspection::nameOf(form), static_cast<int>(form));
    m_bits->setObjectName(u"redisValueBits"_s);
    m_bits->setAccessibleName(tr("Count the bits that are set, or stop counting"));
    m_bits->setToolTip(tr("BITCOUNT, two megabytes at a time"));
    m_guess->setObjectName(u"redisValueGuess"_s);
    theme::setRole(m_guess, u"muted"_s);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 6, 12, 6);
    row->setSpacing(8);
    row->addWidget(m_form);
    row->addWidget(m_guess, 1);
    row->addWidget(m_bits);
    return row;
}

void ValueView::clear() {
    ++m_round;
    m_connection = nullptr;
    m_key.clear();
    m_rows.clear();
    m_next.reset();
    m_cell.clear();
    m_bitCount.cancel();
    m_bits->setText(tr("Count bits"));
    m_name->setText(tr("Choose a key to see what it holds."));
    m_said->clear();
    m_model->setColumns({});
    m_text->clear();
    m_guess->clear();
    for (QWidget* part : std::initializer_list<QWidget*>{m_table, m_groups, m_more, m_again, m_form,
                                                         m_bits, m_text})
        part->hide();
}

void ValueView::show(inspection::Connection* connection, const QByteArray& key) {
    clear();
    m_connection = connection;
    m_key = key;
    if (!m_connection) return;
    m_name->setText(cellLine(key));
    m_again->show();
    ask();
}

void ValueView::ask() {
    m_said->setText(tr("Reading…"));
    m_position = {};
    whenDone(m_connection->look(inspection::factsScript(m_key, true)), this,
             [this, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return m_said->setText(result.error().message);
                 takeFacts(*result->reply);
             });
}

void ValueView::takeFacts(ReplyView reply) {
    m_facts = inspection::readFacts(m_key, reply);
    m_said->setText(factsText(m_facts));
    if (m_facts.type != u"none") askPage();
}

void ValueView::askPage() {
    const QString script = inspection::valueScript(m_facts, m_position);
    m_more->setEnabled(false);
    if (script.isEmpty() || !m_connection) {
        m_said->setText(factsText(m_facts) + u'\n' + tr("There is no viewer for this type."));
        return;
    }
    whenDone(m_connection->look(script), this,
             [this, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return m_said->setText(result.error().message);
                 takePage(*result->reply);
             });
}

void ValueView::takePage(ReplyView reply) {
    const auto page = inspection::readValue(m_facts, m_position, reply);
    if (!page) return m_said->setText(page.error().message);
    m_next = page->next;
    m_more->setVisible(m_next.has_value());
    m_more->setEnabled(m_next.has_value());
    m_form->show();
    m_text->show();
    if (m_facts.type == u"string") {
        m_cell += page->rows.value(0).value(0);
        m_isCut = m_next.has_value();
        m_bits->setVisible(!m_cell.isEmpty());
        return writeCell();
    }
    addRows(*page);
    if (m_facts.type == u"stream") takeGroups(reply);
}

void ValueView::addRows(const inspection::ValuePage& page) {
    const bool isFirst = m_rows.isEmpty();
    if (isFirst) m_model->setColumns(recordColumns(page.columns));
    QVector<Record> records;
    for (const auto& row : page.rows)
        records << valueRecord(page.columns, row, m_rows.size() + records.size());
    m_rows += page.rows;
    m_model->append(records);
    m_table->show();
    if (isFirst) {
        fitColumns(*m_table);
        if (!page.rows.isEmpty()) m_table->selectRow(0);
    }
    if (m_next || !isFirst)
        m_said->setText(factsText(m_facts) + u" · "_s +
                        tr("%1 of them here").arg(countText(m_rows.size())));
}

void ValueView::takeGroups(ReplyView reply) {
    const auto groups = inspection::readGroups(reply);
    showGroups(groups);
    const QString script = inspection::consumersScript(m_key, groups);
    if (script.isEmpty() || !m_connection) return;
    whenDone(m_connection->look(script), this,
             [this, groups, round = m_round](const Result<QueryResult>& result) {
                 if (round == m_round && result)
                     showGroups(inspection::readConsumers(groups, *result->reply));
             });
}

void ValueView::showGroups(const inspection::ValuePage& groups) {
    m_groups->setVisible(!groups.rows.isEmpty());
    m_groupModel->setColumns(recordColumns(groups.columns));
    QVector<Record> records;
    for (const auto& row : groups.rows)
        records << valueRecord(groups.columns, row, records.size());
    m_groupModel->append(records);
    fitColumns(*m_groups);
}

void ValueView::showCell() {
    const QModelIndex row = proxyOf(*m_table)->mapToSource(m_table->currentIndex());
    const auto cells = m_rows.value(row.row());
    if (!row.isValid() || cells.isEmpty()) return;
    m_cell = m_facts.type == u"zset" ? cells.first() : cells.last();
    m_isCut = false;
    writeCell();
}

void ValueView::writeCell() {
    if (!m_text->isVisibleTo(this)) return;
    const int chosen = m_form->currentData().toInt();
    // Guessing and unpacking are no work for the window's own thread.
    runOnPool(
        this,
        [bytes = m_cell, cut = m_isCut, chosen] {
            const ValueForm form = chosen == kGuessIt ? inspection::guessForm(bytes, cut)
                                                      : static_cast<ValueForm>(chosen);
            return std::pair(form, inspection::writtenAs(bytes, form));
        },
        [this, round = m_round,
         size = m_cell.size()](const std::pair<ValueForm, QString>& written) {
            if (round != m_round || size != m_cell.size()) return;
            m_text->setPlainText(written.second);
            const QString form = inspection::nameOf(written.first);
            m_guess->setText(
                m_isCut ? tr("%1 · the first %2 of %3")
                              .arg(form, memoryText(m_cell.size()), memoryText(m_facts.size))
                        : tr("%1 · %2").arg(form, memoryText(m_cell.size())));
        });
}

void ValueView::countBits() {
    if (!m_bitCount.isCounting()) {
        m_bits->setText(tr("■ Stop"));
        return m_bitCount.count(m_connection, m_key, m_facts.size);
    }
    m_bitCount.cancel();
    m_bits->setText(tr("Count bits"));
}

void ValueView::showBits() {
    const qint64 counted = m_bitCount.counted() * 8;
    const QString of =
        counted < m_bitCount.lengthInBits()
            ? tr("%1 of the first %2 bits set, of %3 in all")
                  .arg(countText(m_bitCount.set()), countText(counted),
                       countText(m_bitCount.lengthInBits()))
            : tr("%1 of %2 bits set").arg(countText(m_bitCount.set()), countText(counted));
    m_said->setText(factsText(m_facts) + u" · "_s + of);
}

void ValueView::pick(const QModelIndex& index) {
    const QModelIndex source = proxyOf(*m_table)->mapToSource(index);
    const QByteArray cell = m_rows.value(source.row()).value(source.column());
    emit valuePicked(QString::fromUtf8(cell), tr("key %1").arg(QString::fromUtf8(m_key)));
}

}  // namespace tocsin::ui

#include "ui/incident/evidenceview.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>

#include "incidents/difference.h"
#include "sdk/figures.h"
#include "ui/incident/evidencetable.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::Event;
using theme::setRole;

namespace {

/// Some keep the evidence one level down.
QJsonObject keptOf(const Event& event) {
    return event.detail.contains(u"evidence"_s) ? event.detail[u"evidence"_s].toObject()
                                                : event.detail;
}

QJsonObject resultOf(const Event& event) {
    const QJsonObject kept = keptOf(event);
    return kept[u"result"_s].isObject() ? kept[u"result"_s].toObject() : kept;
}

QString statementOf(const Event& event) {
    const QJsonObject kept = keptOf(event);
    return kept[u"receipt"_s].toObject()[u"statement"_s].toString(kept[u"statement"_s].toString());
}

QString pretty(const QJsonObject& object) {
    return QString::fromUtf8(QJsonDocument(object).toJson()).trimmed();
}

QPlainTextEdit* textField(const QString& name, const QString& accessible) {
    auto* made = new QPlainTextEdit;
    made->setObjectName(name);
    made->setAccessibleName(accessible);
    made->setReadOnly(true);
    setRole(made, u"code"_s);
    return made;
}

QLabel* line(const QString& name, const QString& role) {
    auto* made = new QLabel;
    made->setObjectName(name);
    made->setWordWrap(true);
    made->setTextFormat(Qt::PlainText);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setRole(made, role);
    return made;
}

QPushButton* button(const QString& name, const QString& text, const QString& tip) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAccessibleName(tip);
    made->setToolTip(tip);
    setRole(made, u"ghost"_s);
    return made;
}

QString receiptLine(const QJsonObject& receipt) {
    QStringList parts;
    const auto add = [&](const QString& part) {
        if (!part.isEmpty()) parts.append(part);
    };
    add(receipt[u"address"_s].toString());
    add((receipt[u"product"_s].toString() + u' ' + receipt[u"version"_s].toString()).trimmed());
    if (const QString user = receipt[u"user"_s].toString(); !user.isEmpty()) add(u"as "_s + user);
    QStringList guards;
    for (const auto& guard : receipt[u"guards"_s].toArray())
        guards.append(guard.toString());
    add(guards.join(u", "_s));
    if (const QString why = receipt[u"unlock_reason"_s].toString(); !why.isEmpty())
        add(u"unlocked: "_s + why);
    if (const QString hash = receipt[u"sha256"_s].toString(); !hash.isEmpty())
        add(u"sha256 "_s + hash);
    return parts.join(u" · "_s);
}

}  // namespace

EvidenceView::EvidenceView(theme::Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_table(new EvidenceTable(theme, this)) {
    setObjectName(u"evidenceView"_s);
    setAccessibleName(tr("Evidence of the chosen event"));
    setRole(this, u"raised"_s);
    m_what = line(u"evidenceWhat"_s, u"strong"_s);
    m_statement = textField(u"evidenceStatement"_s, tr("What was run"));
    m_difference = line(u"evidenceDifference"_s, u"warning"_s);
    m_grid = new QTableView;
    m_grid->setObjectName(u"evidenceGrid"_s);
    m_grid->setAccessibleName(tr("Result as it was kept"));
    m_grid->setModel(m_table);
    m_grid->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_grid->verticalHeader()->hide();
    m_grid->verticalHeader()->setDefaultSectionSize(QFontMetrics(theme.monoFont()).height() + 6);
    m_grid->setWordWrap(false);
    m_grid->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_text = textField(u"timelineEvidence"_s, tr("The record as it is kept"));
    m_image = new QLabel;
    m_image->setObjectName(u"evidencePicture"_s);
    m_image->setAccessibleName(tr("Picture that was kept"));
    m_image->setAlignment(Qt::AlignCenter);
    m_image->setMinimumWidth(1);
    m_receipt = line(u"evidenceReceipt"_s, u"muted"_s);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 6, 0, 0);
    column->setSpacing(5);
    column->addWidget(buildHeader());
    column->addWidget(buildBody(), 1);
}

/// All of it one below the other: a low window scrolls instead of squeezing.
QWidget* EvidenceView::buildBody() {
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 12, 8);
    column->setSpacing(5);
    const std::initializer_list<QWidget*> parts{m_what, m_difference, m_grid,   m_image,
                                                m_text, m_statement,  m_receipt};
    for (QWidget* part : parts)
        column->addWidget(part);
    column->addStretch(1);
    m_scroll = new QScrollArea;
    m_scroll->setObjectName(u"evidenceBody"_s);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(body);
    return m_scroll;
}

/// High enough for what is short; what is long has a scroll bar of its own.
void EvidenceView::fitGrid() {
    constexpr int kMostRows = 10;
    const int rows = std::clamp(m_table->rowCount(), 1, kMostRows);
    m_grid->setFixedHeight(m_grid->horizontalHeader()->sizeHint().height() +
                           rows * m_grid->verticalHeader()->defaultSectionSize() +
                           m_grid->horizontalScrollBar()->sizeHint().height() + 4);
}

QWidget* EvidenceView::buildHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    m_when = new theme::ElidedLabel;
    m_when->setObjectName(u"evidenceWhen"_s);
    setRole(m_when, u"muted"_s);
    m_whole = button(u"evidenceWhole"_s, tr("Whole result"), tr("All rows, not what changed"));
    m_raw = button(u"evidenceRaw"_s, tr("As kept"), tr("Show the record itself"));
    for (QPushButton* toggle : {m_whole, m_raw})
        toggle->setCheckable(true);
    m_pin = button(u"evidencePin"_s, tr("Pin"),
                   tr("Ask this again around every change, and compare the answers"));
    m_copy = button(u"evidenceCopy"_s, tr("Save a copy"), tr("Write the file to the downloads"));
    auto* correct =
        button(u"evidenceCorrect"_s, tr("Correct…"), tr("Say what is right; the event stays"));
    auto* close = button(u"evidenceClose"_s, u"✕"_s, tr("Close the evidence"));
    row->addWidget(m_when, 1);
    for (QPushButton* each : {m_whole, m_copy, m_pin, correct, m_raw, close})
        row->addWidget(each);
    connect(m_raw, &QPushButton::toggled, this, &EvidenceView::showResult);
    connect(m_whole, &QPushButton::toggled, this, &EvidenceView::showResult);
    connect(m_pin, &QPushButton::clicked, this, [this] { emit pinRequested(m_event); });
    connect(m_copy, &QPushButton::clicked, this, [this] {
        emit copyRequested(incidents::KeptFile::fromJson(m_event.detail[u"file"_s].toObject()));
    });
    connect(correct, &QPushButton::clicked, this,
            [this] { emit correctionRequested(m_event.seq, m_event.text); });
    connect(close, &QPushButton::clicked, this, &EvidenceView::closed);
    return header;
}

void EvidenceView::show(const Event& event, const std::optional<Event>& before) {
    m_event = event;
    m_before = before;
    m_picture = {};
    const QString who = u"%1 · %2"_s.arg(event.actor, event.kind);
    // The room is narrow: the moment and the person; the rest is one look away.
    m_when->setText(u"%1 UTC · %2"_s.arg(event.at.toUTC().toString(u"HH:mm:ss"_s), event.actor));
    m_when->setToolTip(
        u"%1 UTC · %2 · %3"_s.arg(event.at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s),
                                  event.at.toLocalTime().toString(u"HH:mm:ss t"_s), who));
    m_what->setText(event.text);
    const QSignalBlocker raw(m_raw), whole(m_whole);
    m_raw->setChecked(false);
    m_whole->setChecked(false);
    const QJsonObject receipt = keptOf(event)[u"receipt"_s].toObject();
    m_pin->setVisible((event.kind == u"query" || event.kind == u"redis") && !receipt.isEmpty());
    m_copy->setVisible(event.kind == u"file");
    showStatement();
    showReceipt();
    showResult();
    m_scroll->verticalScrollBar()->setValue(0);
    QFrame::show();
}

void EvidenceView::showStatement() {
    const QString statement = statementOf(m_event);
    m_statement->setPlainText(statement);
    m_statement->setVisible(!statement.isEmpty());
    fitStatement();
}

void EvidenceView::fitStatement() {
    const QFontMetrics metrics(m_theme.monoFont());
    const int perLine = std::max(20, (width() - 70) / std::max(1, metrics.horizontalAdvance(u'm')));
    int lines = 0;
    for (const QString& each : m_statement->toPlainText().split(u'\n'))
        lines += 1 + int(each.size()) / perLine;
    m_statement->setFixedHeight(metrics.lineSpacing() * std::min(4, lines) + 22);
}

void EvidenceView::showReceipt() {
    QString text = receiptLine(keptOf(m_event)[u"receipt"_s].toObject());
    if (m_event.kind == u"file") {
        const auto file = incidents::KeptFile::fromJson(m_event.detail[u"file"_s].toObject());
        text = u"%1 · %2 · sha256 %3"_s.arg(sizeText(file.bytes), file.type, file.sha256);
    }
    m_receipt->setText(text);
    m_receipt->setVisible(!text.isEmpty());
}

void EvidenceView::compare() {
    QStringList key;
    for (const auto& one : m_event.detail[u"key"_s].toArray())
        key.append(one.toString());
    const auto difference = incidents::differenceOf(resultOf(*m_before), resultOf(m_event), key);
    m_difference->setText(
        tr("Since %1 (%2): %3%4")
            .arg(m_before->at.toUTC().toString(u"HH:mm:ss"_s),
                 m_before->detail[u"moment"_s].toString(), difference.summary(),
                 difference.key.isEmpty() || difference.isEmpty()
                     ? QString()
                     : tr(" · rows told apart by %1").arg(difference.key.join(u", "_s))));
    setRole(m_difference, difference.isEmpty() ? u"muted"_s : u"warning"_s);
    m_difference->show();
    // Where nothing changed, the result itself is what there is to see.
    if (difference.isEmpty() || m_whole->isChecked())
        m_table->showDifference(difference, true);
    else
        m_table->showDifference(difference, false);
}

void EvidenceView::showResult() {
    const QJsonObject result = resultOf(m_event);
    const bool raw = m_raw->isChecked();
    const bool table = !raw && result.contains(u"columns"_s);
    const bool differs = table && m_before && resultOf(*m_before).contains(u"columns"_s);
    m_difference->hide();
    m_whole->setVisible(differs);
    if (differs)
        compare();
    else if (table)
        m_table->showResult(result);
    m_grid->setVisible(table);
    if (table) {
        m_grid->resizeColumnsToContents();
        fitGrid();
    }
    m_image->setVisible(!raw && !m_picture.isNull());
    const QJsonObject kept = keptOf(m_event);
    QString text;
    const bool hasView = table || m_event.kind == u"file" || m_event.detail.isEmpty();
    if (!raw && kept[u"reply"_s].isString())
        text = kept[u"reply"_s].toString();
    else if (!raw && kept.contains(u"reply"_s))
        text = pretty({{u"reply"_s, kept[u"reply"_s]}});
    else if (raw || !hasView)
        text = pretty(m_event.detail);
    m_text->setPlainText(text);
    m_text->setVisible(!text.isEmpty());
}

void EvidenceView::showFile(const Result<QByteArray>& content) {
    if (!content) {
        m_text->setPlainText(content.error().message);
        m_text->show();
        return;
    }
    const auto file = incidents::KeptFile::fromJson(m_event.detail[u"file"_s].toObject());
    if (file.isImage() && m_picture.loadFromData(*content)) {
        m_image->show();
        return fitPicture();
    }
    constexpr qsizetype kTextShown = 64 * 1024;
    const bool isText = file.type.startsWith(u"text/"_s) || file.type.contains(u"json"_s) ||
                        file.type.contains(u"xml"_s);
    m_text->setPlainText(isText ? QString::fromUtf8(content->left(kTextShown))
                                : tr("Save a copy to open it in its own program."));
    m_text->show();
}

void EvidenceView::fitPicture() {
    if (m_picture.isNull()) return;
    const QSize room(width() - 24, std::max(60, height() - 110));
    m_image->setPixmap(m_picture.width() > room.width() || m_picture.height() > room.height()
                           ? m_picture.scaled(room, Qt::KeepAspectRatio, Qt::SmoothTransformation)
                           : m_picture);
}

void EvidenceView::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    fitPicture();
    fitStatement();
}

void EvidenceView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit closed();
    QFrame::keyPressEvent(event);
}

}  // namespace tocsin::ui

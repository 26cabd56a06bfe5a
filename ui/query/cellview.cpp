#include "ui/query/cellview.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QTabBar>
#include <QTreeView>
#include <algorithm>

#include "inspection/jsonnodes.h"
#include "sdk/async.h"
#include "ui/query/sqloutcome.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

// What a text field lays out without a stall; the whole cell is still copied and exported.
constexpr qsizetype kShownText = 512 * 1024;
constexpr qsizetype kShownBytes = 64 * 1024;
constexpr qsizetype kLongestJson = 4 * 1024 * 1024;
constexpr int kMostNodes = 5000;

void addNodes(QStandardItem* root, const QVector<inspection::JsonNode>& nodes) {
    QVector<QStandardItem*> parents{root};
    for (const inspection::JsonNode& node : nodes) {
        parents.resize(node.depth + 1);
        auto* key = new QStandardItem(node.name);
        parents.last()->appendRow({key, new QStandardItem(node.value)});
        parents.append(key);
    }
}

/// As PostgreSQL writes bytea.
bool isHexBytes(const QByteArray& cell) {
    return cell.size() > 2 && cell.size() % 2 == 0 && cell.startsWith("\\x") &&
           std::all_of(cell.begin() + 2, cell.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

QPlainTextEdit* cellReader(theme::Theme& theme, const QString& name, const QString& accessible,
                           QWidget* parent) {
    auto* made = new QPlainTextEdit(parent);
    made->setObjectName(name);
    made->setAccessibleName(accessible);
    made->setReadOnly(true);
    made->setTabChangesFocus(true);
    made->setFont(theme.monoFont(-1));
    return made;
}

}  // namespace

CellView::CellView(theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_ways(new QTabBar(this)),
      m_pages(new QStackedWidget(this)),
      m_text(cellReader(theme, u"cellText"_s, tr("The cell as text"), this)),
      m_hex(cellReader(theme, u"cellHex"_s, tr("The cell's bytes"), this)),
      m_tree(new QTreeView(this)) {
    setObjectName(u"cellView"_s);
    setAccessibleName(tr("One cell"));
    m_title->setObjectName(u"cellTitle"_s);
    m_title->setTextFormat(Qt::PlainText);
    theme::setRole(m_title, u"muted"_s);
    m_hex->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_ways->setObjectName(u"cellWays"_s);
    m_ways->setAccessibleName(tr("How to show the cell"));
    m_ways->setDrawBase(false);
    for (const QString& way : {tr("Text"), tr("JSON"), tr("Bytes")})
        m_ways->addTab(way);
    m_tree->setObjectName(u"cellJson"_s);
    m_tree->setAccessibleName(tr("The cell as JSON"));
    m_tree->setModel(new QStandardItemModel(m_tree));
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setUniformRowHeights(true);
    m_tree->setFont(theme.monoFont(-1));
    for (QWidget* page : std::initializer_list<QWidget*>{m_text, m_tree, m_hex})
        m_pages->addWidget(page);
    auto* close = new QPushButton(tr("Close"), this);
    close->setObjectName(u"cellClose"_s);
    close->setAccessibleName(tr("Close the cell"));
    theme::setRole(close, u"ghost"_s);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 2, 8, 2);
    head->addWidget(m_title, 1);
    head->addWidget(m_ways);
    head->addWidget(close);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(2);
    all->addLayout(head);
    all->addWidget(m_pages, 1);
    connect(m_ways, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(close, &QPushButton::clicked, this, &CellView::closed);
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &CellView::closed);
}

void CellView::show(const QString& column, const QByteArray& cell, bool isNull) {
    ++m_turn;
    const bool bytes = isHexBytes(cell);
    const qsizetype size = bytes ? (cell.size() - 2) / 2 : cell.size();
    QString what = bytesText(size);
    if (isNull) what = u"NULL"_s;
    if (!isNull && cell.isEmpty()) what = tr("empty text");
    QString title = u"%1 · %2"_s.arg(column, what);
    if (cell.size() > kShownText)
        title += tr(" · the first %1 shown; copy or export has all").arg(bytesText(kShownText));
    m_title->setText(title);
    m_text->setPlainText(QString::fromUtf8(cell.left(kShownText)));
    m_hex->setPlainText(hexText(cell, kShownBytes));
    const QByteArray start = cell.left(64).trimmed();
    const bool maybeJson = start.startsWith('{') || start.startsWith('[');
    m_ways->setTabEnabled(1, false);
    if (maybeJson && cell.size() <= kLongestJson)
        fillJson(cell);
    else
        m_ways->setCurrentIndex(bytes ? 2 : 0);
    setVisible(true);
}

void CellView::fillJson(const QByteArray& cell) {
    runOnPool(
        this, [cell] { return inspection::jsonNodes(cell, kMostNodes); },
        [this, turn = m_turn](const std::optional<QVector<inspection::JsonNode>>& nodes) {
            if (!nodes || turn != m_turn) return;
            auto* model = static_cast<QStandardItemModel*>(m_tree->model());
            model->clear();
            model->setHorizontalHeaderLabels({tr("key"), tr("value")});
            addNodes(model->invisibleRootItem(), *nodes);
            m_tree->expandToDepth(1);
            m_tree->resizeColumnToContents(0);
            m_ways->setTabEnabled(1, true);
            m_ways->setCurrentIndex(1);
        });
}

QString hexText(const QByteArray& cell, qsizetype most) {
    const QByteArray bytes =
        (isHexBytes(cell) ? QByteArray::fromHex(cell.mid(2, 2 * most)) : cell).left(most);
    QString out;
    for (qsizetype at = 0; at < bytes.size(); at += 16) {
        const QByteArray line = bytes.mid(at, 16);
        QString readable;
        QString pairs;
        for (qsizetype i = 0; i < line.size(); ++i) {
            const char c = line[i];
            readable += c >= 0x20 && c < 0x7f ? QLatin1Char(c) : QLatin1Char('.');
            if (i > 0 && i % 2 == 0) pairs += u' ';
            pairs += QString::fromLatin1(line.mid(i, 1).toHex());
        }
        out += u"%1: %2  %3\n"_s.arg(at, 6, 16, QChar(u'0')).arg(pairs, -39).arg(readable);
    }
    return out;
}

}  // namespace tocsin::ui

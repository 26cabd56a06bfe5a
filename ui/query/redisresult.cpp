#include "ui/query/redisresult.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeView>
#include <algorithm>

#include "inspection/redistext.h"
#include "inspection/replyjson.h"
#include "inspection/replytable.h"
#include "sdk/async.h"
#include "sdk/figures.h"
#include "ui/query/rediswords.h"
#include "ui/query/replymodel.h"
#include "ui/query/resultview.h"
#include "ui/redis/keywords.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;

enum Page { Tree, Raw, Table };

constexpr int kRowPadding = 10;
constexpr int kLeftPadding = 7;
constexpr int kLeastTable = 300;

constexpr qint64 kWrittenAtOnce = 64LL * 1024;
constexpr qsizetype kLongestRaw = 4LL * 1024 * 1024;

QString jsonText(ReplyView reply) {
    const QJsonValue value = inspection::toJson(reply);
    if (value.isObject()) return QString::fromUtf8(QJsonDocument(value.toObject()).toJson());
    if (value.isArray()) return QString::fromUtf8(QJsonDocument(value.toArray()).toJson());
    // One value alone is no document; in a list of one it is written as JSON all the same.
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(list.mid(1, list.size() - 2));
}

QString rawText(ReplyView reply, bool asJson) {
    QString text = asJson ? jsonText(reply) : toText(reply);
    if (text.size() <= kLongestRaw) return text;
    text.truncate(kLongestRaw);
    return text + RedisResult::tr("\n… cut here for the window; the tree has everything");
}

/// Lines of text (INFO, CLIENT LIST) read better as text than as one cell.
bool isLines(ReplyView reply) {
    return !reply.isAggregate() && reply.text().contains('\n');
}

/// Whole or not at all: a file that is half a reply looks like one that is all of it.
Result<qint64> writtenReply(ReplyView reply, const QString& path) {
    const bool asJson = path.endsWith(u".json"_s, Qt::CaseInsensitive);
    // A text of several lines is a file of them, without quotes and escapes.
    const QByteArray bytes = asJson           ? jsonText(reply).toUtf8()
                             : isLines(reply) ? reply.text()
                                              : toText(reply).toUtf8() + '\n';
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return static_cast<qint64>(bytes.size());
    return fail(ErrorCode::Config,
                RedisResult::tr("“%1” cannot be written (%2); choose another place.")
                    .arg(path, file.errorString()));
}

/// Roomy rows with a line below, the type in the background, numbers and texts in their colours.
class CellDelegate : public QStyledItemDelegate {
public:
    CellDelegate(theme::Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent), m_theme(theme) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(2 * kRowPadding, kRowPadding);
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, m_theme.colors().selection);
        QStyleOptionViewItem inner = option;
        inner.rect.adjust(kLeftPadding, 0, 0, 0);  // under the text of the header
        QStyledItemDelegate::paint(painter, inner, index);
        painter->setPen(m_theme.colors().line);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        painter->restore();
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        const QColor ink = inkOf(index);
        option->palette.setColor(QPalette::Text, ink);
        option->palette.setColor(QPalette::HighlightedText, ink);
    }

private:
    QColor inkOf(const QModelIndex& index) const {
        const theme::Palette& colors = m_theme.colors();
        if (index.column() != static_cast<int>(ReplyModel::Column::Value)) return colors.muted;
        switch (static_cast<Reply::Kind>(index.data(ReplyModel::KindRole).toInt())) {
            case Reply::Kind::Integer:
            case Reply::Kind::Double:
            case Reply::Kind::BigNumber:
            case Reply::Kind::Boolean:
                return colors.codeNumber;
            case Reply::Kind::Error:
                return colors.critical;
            case Reply::Kind::Null:
            case Reply::Kind::Array:
            case Reply::Kind::Set:
            case Reply::Kind::Map:
            case Reply::Kind::Push:
                return colors.muted;
            default:
                return colors.text;
        }
    }

    theme::Theme& m_theme;
};

bool isFlat(ReplyView reply) {
    return std::none_of(reply.children().begin(), reply.children().end(),
                        [](ReplyView child) { return !child.children().empty(); });
}

QToolButton* pageButton(const QString& text, const QString& name, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setObjectName(name);
    button->setAccessibleName(RedisResult::tr("Show the reply as %1").arg(text.toLower()));
    button->setCheckable(true);
    button->setAutoExclusive(true);
    theme::setRole(button, u"chip"_s);
    return button;
}

}  // namespace

RedisResult::RedisResult(theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_model(new ReplyModel(this)),
      m_tree(new QTreeView),
      m_raw(new QPlainTextEdit),
      m_pages(new QStackedWidget(this)),
      m_treeButton(pageButton(tr("Tree"), u"redisShowTree"_s, this)),
      m_tableButton(pageButton(tr("Table"), u"redisShowTable"_s, this)),
      m_rawButton(pageButton(tr("Raw"), u"redisShowRaw"_s, this)),
      m_jsonButton(pageButton(tr("JSON"), u"redisShowJson"_s, this)),
      m_copy(new QToolButton(this)),
      m_export(new QToolButton(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_pages, 1);
    auto* choices = new QHBoxLayout;
    choices->setContentsMargins(8, 6, 8, 8);
    choices->setSpacing(2);
    choices->addWidget(m_treeButton);
    choices->addWidget(m_tableButton);
    choices->addWidget(m_rawButton);
    choices->addWidget(m_jsonButton);
    choices->addStretch(1);
    choices->addWidget(m_copy);
    choices->addWidget(m_export);
    layout->addLayout(choices);
    layout->addWidget(buildExport());
    buildTree(theme);
    buildRaw(theme);
    buildTable(theme);
    connect(m_tableButton, &QToolButton::clicked, this, &RedisResult::showTable);
    connect(m_treeButton, &QToolButton::clicked, this, [this] {
        if (std::exchange(m_asJson, false) && m_reply) fillRaw();
        choose(Tree);
    });
    connect(m_rawButton, &QToolButton::clicked, this, [this] { chooseText(false); });
    connect(m_jsonButton, &QToolButton::clicked, this, [this] { chooseText(true); });
    m_copy->setText(tr("Copy"));
    m_copy->setObjectName(u"redisCopy"_s);
    m_copy->setAccessibleName(tr("Copy the reply as it is shown, or the chosen value"));
    m_copy->setToolTip(tr("In the tree: the chosen value. Else the whole text."));
    theme::setRole(m_copy, u"chip"_s);
    connect(m_copy, &QToolButton::clicked, this, &RedisResult::copy);
    connect(&theme, &theme::Theme::changed, this, [this, &theme] {
        m_tree->setFont(theme.monoFont());
        m_raw->setFont(theme.monoFont());
    });
    choose(Tree);
}

QWidget* RedisResult::buildExport() {
    m_export->setText(tr("Export"));
    m_export->setObjectName(u"redisExport"_s);
    m_export->setAccessibleName(tr("Write the whole reply to a file"));
    m_export->setCheckable(true);
    theme::setRole(m_export, u"chip"_s);
    m_exportRow = new QWidget(this);
    m_path = new QLineEdit(m_exportRow);
    m_path->setObjectName(u"redisExportPath"_s);
    m_path->setAccessibleName(tr("File to write: .json, or as redis-cli writes it"));
    m_path->setPlaceholderText(tr("file: .json for JSON, any other as redis-cli writes it"));
    auto* write = new QPushButton(tr("Write"), m_exportRow);
    write->setObjectName(u"redisExportWrite"_s);
    write->setAccessibleName(tr("Write the file"));
    auto* row = new QHBoxLayout(m_exportRow);
    row->setContentsMargins(12, 0, 12, 8);
    row->addWidget(m_path, 1);
    row->addWidget(write);
    m_exportRow->hide();
    connect(m_export, &QToolButton::toggled, this, [this](bool on) {
        m_exportRow->setVisible(on);
        if (on && m_path->text().isEmpty())
            m_path->setText(QStandardPaths::writableLocation(QStandardPaths::DownloadLocation) +
                            u"/reply.json"_s);
        if (on) m_path->setFocus();
    });
    connect(write, &QPushButton::clicked, this, [this] { exportTo(m_path->text()); });
    connect(m_path, &QLineEdit::returnPressed, write, &QPushButton::click);
    return m_exportRow;
}

void RedisResult::exportTo(const QString& path) {
    if (!m_reply || path.trimmed().isEmpty())
        return emit said(tr("There is nothing to write yet."));
    QString file = path.trimmed();
    if (file.startsWith(u"~/"_s)) file.replace(0, 1, QDir::homePath());
    runOnPool(
        this, [reply = m_reply, file] { return writtenReply(*reply, file); },
        [this, file](const Result<qint64>& size) {
            if (size) m_export->setChecked(false);
            emit said(size ? tr("%1 written, %2").arg(file, sizeText(*size))
                           : size.error().message);
        });
}

void RedisResult::buildTree(theme::Theme& theme) {
    m_tree->setObjectName(u"redisTree"_s);
    m_tree->setAccessibleName(tr("Redis reply"));
    m_tree->setModel(m_model);
    m_tree->setFont(theme.monoFont());
    m_tree->setUniformRowHeights(true);
    m_tree->setItemDelegate(new CellDelegate(theme, m_tree));
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    constexpr auto after = static_cast<int>(ReplyModel::Column::After);
    m_tree->header()->moveSection(after, static_cast<int>(ReplyModel::Column::Value));
    m_tree->setColumnHidden(after, true);
    m_tree->header()->setStretchLastSection(true);
    m_tree->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_pages->addWidget(m_tree);
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        const auto column = static_cast<ReplyModel::Column>(index.column());
        const bool isAside =
            column == ReplyModel::Column::Type || column == ReplyModel::Column::After;
        const QModelIndex cell =
            isAside ? index.siblingAtColumn(static_cast<int>(ReplyModel::Column::Value)) : index;
        emit valuePicked(cell.data(ReplyModel::FullTextRole).toString());
    });
}

void RedisResult::buildRaw(theme::Theme& theme) {
    m_raw->setObjectName(u"redisRaw"_s);
    m_raw->setAccessibleName(tr("Redis reply as redis-cli writes it"));
    m_raw->setReadOnly(true);
    m_raw->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_raw->setTabChangesFocus(true);
    m_raw->setFont(theme.monoFont());
    theme::setRole(m_raw, u"code"_s);
    m_pages->addWidget(m_raw);
}

void RedisResult::choose(int page) {
    m_pages->setCurrentIndex(page);
    (page == Tree    ? m_treeButton
     : page == Table ? m_tableButton
     : m_asJson      ? m_jsonButton
                     : m_rawButton)
        ->setChecked(true);
    // The table brings its own.
    m_copy->setVisible(page != Table);
    m_export->setVisible(page != Table);
    if (page == Table) m_export->setChecked(false);
}

void RedisResult::buildTable(theme::Theme& theme) {
    m_table = new ResultView(theme, this, u"redisTable"_s);
    m_table->setMinimumWidth(kLeastTable);  // the pane decides how narrow it gets
    m_pages->addWidget(m_table);
    connect(m_table, &ResultView::said, this, &RedisResult::said);
    connect(m_table->grid(), &ResultGrid::cellPicked, this,
            [this](const QString&, const QString& value, int) { emit valuePicked(value); });
}

/// Made when somebody wants to see it, away from the window's thread.
void RedisResult::showTable() {
    choose(Table);
    if (!m_reply || std::exchange(m_isTabled, true)) return;
    runOnPool(
        this, [reply = m_reply] { return inspection::tableOf(*reply); },
        [this, reply = m_reply](const std::shared_ptr<const ResultSet>& rows) {
            if (reply != m_reply) return;
            if (!rows) {
                emit said(tr("One value is no table"));
                return choose(Tree);
            }
            m_table->show(rows);
            m_table->finish();
        });
}

void RedisResult::chooseText(bool asJson) {
    const bool isOther = m_asJson != asJson;
    m_asJson = asJson;
    choose(Raw);
    if (isOther && m_reply) fillRaw();
}

void RedisResult::copy() {
    const QModelIndex chosen = m_tree->currentIndex();
    const bool isTree = m_pages->currentIndex() == Tree;
    QGuiApplication::clipboard()->setText(
        !isTree            ? m_raw->toPlainText()
        : chosen.isValid() ? chosen.siblingAtColumn(static_cast<int>(ReplyModel::Column::Value))
                                 .data(ReplyModel::FullTextRole)
                                 .toString()
        : m_reply ? toText(*m_reply)
                  : QString());
}

void RedisResult::clear() {
    ++m_generation;
    m_model->setReply(nullptr);
    m_raw->clear();
    m_reply.reset();
    m_isTabled = false;
    m_followed = 0;
}

void RedisResult::showLives(const QVector<inspection::KeyFacts>& lives) {
    QHash<QByteArray, QString> notes;
    for (const inspection::KeyFacts& facts : lives)
        notes.insert(facts.key,
                     facts.type == u"none" ? tr("gone")
                     : facts.expiresIn == -1
                         ? tr("%1, never expires").arg(facts.type)
                         : tr("%1, expires %2").arg(facts.type, expiryText(facts.expiresIn)));
    m_model->setNotes(notes);
    m_tree->resizeColumnToContents(static_cast<int>(ReplyModel::Column::Type));
}

void RedisResult::follow(const ResultSet& rows) {
    if (m_followed == 0) {
        clear();
        m_asJson = false;
        choose(Raw);
    }
    QStringList lines;
    const qsizetype count = rows.rowCount();
    for (; m_followed < count; ++m_followed) {
        QStringList cells;
        for (qsizetype column = 0; column < rows.columns().size(); ++column)
            if (const auto cell = rows.cell(m_followed, column)) cells << QString::fromUtf8(*cell);
        lines << cells.join(u"  "_s);
    }
    if (!lines.isEmpty()) m_raw->appendPlainText(lines.join(u'\n'));
}

void RedisResult::show(const QueryResult& result) {
    clear();
    if (!result.reply) return;
    const QStringList commands = inspection::scriptLines(result.receipt.statement);
    const bool isScript = commands.size() > 1 && result.reply->children().size() ==
                                                     static_cast<std::size_t>(commands.size());
    QStringList after;
    for (const auto time : result.replyTimes)
        after << timeText(time);
    m_model->setReply(result.reply, isScript ? commands : QStringList(),
                      isScript ? after : QStringList());
    m_tree->setColumnHidden(static_cast<int>(ReplyModel::Column::After), !isScript);
    m_tree->setRootIsDecorated(!isFlat(*result.reply));
    if (m_model->rowCount() < 50) m_tree->expandToDepth(0);
    m_tree->resizeColumnToContents(static_cast<int>(ReplyModel::Column::Field));
    m_tree->resizeColumnToContents(static_cast<int>(ReplyModel::Column::Type));
    m_tree->resizeColumnToContents(static_cast<int>(ReplyModel::Column::After));
    m_reply = result.reply;
    m_bytes = result.receipt.bytes;
    // JSON stays until something else is chosen; lines of text have nothing to gain from it.
    if (isLines(*result.reply)) m_asJson = false;
    const bool wasTable = m_pages->currentIndex() == Table && result.reply->isAggregate();
    choose(isLines(*result.reply) || m_asJson ? Raw : Tree);
    // Of a sample the time and the client would leave no room for the command.
    if (wasTable || inspection::isSample(*result.reply)) showTable();
    fillRaw();
}

void RedisResult::fillRaw() {
    if (m_bytes < kWrittenAtOnce) return m_raw->setPlainText(rawText(*m_reply, m_asJson));
    m_raw->setPlainText(tr("Writing…"));
    runOnPool(
        this, [reply = m_reply, asJson = m_asJson] { return rawText(*reply, asJson); },
        [this, generation = ++m_generation](const QString& text) {
            if (generation == m_generation) m_raw->setPlainText(text);
        });
}

}  // namespace tocsin::ui

#include "ui/redis/keysview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>

#include "inspection/connection.h"
#include "inspection/keywalk.h"
#include "ui/redis/keytree.h"
#include "ui/redis/keywords.h"
#include "ui/redis/scrolled.h"
#include "ui/redis/sizesview.h"
#include "ui/redis/valueview.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

constexpr qint64 kAnyExpiry = 0;
constexpr qint64 kNeverExpires = -1;
constexpr int kSideBySide = 820;  // pixels that tree and value need beside each other

namespace {

QString allText(const inspection::WalkProgress& progress) {
    return progress.keysInAll < 0 ? KeysView::tr("an unknown number of")
                                  : countText(progress.keysInAll);
}

}  // namespace

KeysView::KeysView(theme::Theme& theme, Clock& clock, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_clock(clock),
      m_pattern(new QLineEdit(u"*"_s, this)),
      m_type(new QComboBox(this)),
      m_expiry(new QComboBox(this)),
      m_size(new QComboBox(this)),
      m_separator(new QLineEdit(u":"_s, this)),
      m_button(new QPushButton(tr("Walk keys"), this)),
      m_measure(new QPushButton(tr("Biggest…"), this)),
      m_status(new QLabel(this)),
      m_parts(new QSplitter(Qt::Vertical, this)),
      m_model(new KeyTree(this)),
      m_tree(new QTreeView(this)),
      m_sizes(new SizesView(clock, this)),
      m_value(new ValueView(theme, this)) {
    m_status->setObjectName(u"redisKeysStatus"_s);
    m_status->setWordWrap(true);
    theme::setRole(m_status, u"muted"_s);
    buildTree();
    auto* left = new QStackedWidget(this);
    left->addWidget(m_tree);
    left->addWidget(m_sizes);
    m_parts->addWidget(left);
    m_parts->addWidget(scrolled(m_value));
    m_parts->setStretchFactor(0, 2);
    m_parts->setStretchFactor(1, 3);
    m_parts->setChildrenCollapsible(false);
    m_parts->setSizes({1000, 1700});  // in proportion; what is in them would say otherwise
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(buildBar());
    all->addLayout(buildFilterRow());
    m_status->setContentsMargins(14, 0, 12, 6);
    all->addWidget(m_status);
    all->addWidget(m_parts, 1);
    connect(m_pattern, &QLineEdit::returnPressed, this, &KeysView::walk);
    connect(m_button, &QPushButton::clicked, this, &KeysView::walk);
    connect(m_measure, &QPushButton::toggled, this, [this, left](bool on) {
        left->setCurrentIndex(on ? 1 : 0);
        if (on) measure();
    });
    connect(m_sizes, &SizesView::keyChosen, this, &KeysView::showKey);
    connect(m_value, &ValueView::valuePicked, this, &KeysView::valuePicked);
    setConnection(nullptr);
}

KeysView::~KeysView() = default;

QLayout* KeysView::buildBar() {
    m_pattern->setObjectName(u"redisKeyPattern"_s);
    m_pattern->setAccessibleName(tr("Pattern of the keys to find"));
    m_pattern->setToolTip(tr("As in MATCH: * is anything, ? one character, [ab] one of these"));
    m_pattern->setFont(m_theme.monoFont());
    theme::setRole(m_pattern, u"code"_s);
    m_type->setObjectName(u"redisKeyType"_s);
    m_type->setAccessibleName(tr("Type of the keys to find"));
    m_type->addItem(tr("any type"), QByteArray());
    for (const char* type : {"string", "hash", "list", "set", "zset", "stream"})
        m_type->addItem(QLatin1String(type), QByteArray(type));
    m_separator->setObjectName(u"redisKeySeparator"_s);
    m_separator->setAccessibleName(tr("What separates the parts of a key"));
    m_separator->setToolTip(tr("What separates the parts of a key"));
    m_separator->setFixedWidth(60);
    m_separator->setAlignment(Qt::AlignCenter);
    m_button->setObjectName(u"redisKeyWalk"_s);
    m_button->setAccessibleName(tr("Walk the keys, or stop walking"));
    theme::setRole(m_button, u"primary"_s);
    m_measure->setObjectName(u"redisKeySizes"_s);
    m_measure->setAccessibleName(tr("Measure a sample of the keys that were found"));
    m_measure->setCheckable(true);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 8, 12, 6);
    bar->setSpacing(8);
    bar->addWidget(m_pattern, 1);
    bar->addWidget(m_type);
    bar->addWidget(m_button);
    return bar;
}

/// What SCAN cannot tell, and what asking for it costs.
void KeysView::buildFilter() {
    m_expiry->setObjectName(u"redisKeyExpiry"_s);
    m_expiry->setAccessibleName(tr("Expiry of the keys to find"));
    m_expiry->setToolTip(
        tr("Asks PTTL of every key that pattern and type let through, many in one turn"));
    m_expiry->addItem(tr("any expiry"), kAnyExpiry);
    m_expiry->addItem(tr("never expires"), kNeverExpires);
    for (const auto& [text, minutes] :
         std::initializer_list<std::pair<QString, qint64>>{{tr("< 1 min left"), 1},
                                                           {tr("< 10 min left"), 10},
                                                           {tr("< 1 h left"), 60},
                                                           {tr("< 1 day left"), 24 * 60},
                                                           {tr("< 1 week left"), 7 * 24 * 60}})
        m_expiry->addItem(text, minutes);
    m_size->setObjectName(u"redisKeyLeastSize"_s);
    m_size->setAccessibleName(tr("Size of the keys to find"));
    m_size->setToolTip(
        tr("Asks MEMORY USAGE, which looks at five elements, of every key that all "
           "else lets through"));
    m_size->addItem(tr("any size"), 0);
    constexpr qint64 kB = 1024;
    for (const auto& [text, bytes] :
         std::initializer_list<std::pair<const char*, qint64>>{{"1 kB", kB},
                                                               {"10 kB", 10 * kB},
                                                               {"100 kB", 100 * kB},
                                                               {"1 MB", kB * kB},
                                                               {"10 MB", 10 * kB * kB},
                                                               {"100 MB", 100 * kB * kB}})
        m_size->addItem(tr("≥ %1").arg(QLatin1String(text)), bytes);
}

inspection::KeyFilter KeysView::filter() const {
    using Expiry = inspection::KeyFilter::Expiry;
    inspection::KeyFilter out;
    const qint64 minutes = m_expiry->currentData().toLongLong();
    if (minutes == kNeverExpires) out.expiry = Expiry::Never;
    if (minutes > 0) {
        out.expiry = Expiry::Within;
        out.within = std::chrono::minutes(minutes);
    }
    out.leastBytes = m_size->currentData().toLongLong();
    return out;
}

QLayout* KeysView::buildFilterRow() {
    buildFilter();
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 12, 6);
    row->setSpacing(8);
    row->addWidget(m_expiry);
    row->addWidget(m_size);
    row->addStretch(1);
    row->addWidget(m_separator);
    row->addWidget(m_measure);
    return row;
}

void KeysView::buildTree() {
    m_tree->setModel(m_model);
    m_tree->setObjectName(u"redisKeys"_s);
    m_tree->setAccessibleName(tr("Keys"));
    m_tree->setUniformRowHeights(true);
    m_tree->setFont(m_theme.monoFont(-1));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(static_cast<int>(KeyTree::Column::Name),
                                           QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(static_cast<int>(KeyTree::Column::Keys),
                                           QHeaderView::ResizeToContents);
    connect(&m_theme, &theme::Theme::changed, this,
            [this] { m_tree->setFont(m_theme.monoFont(-1)); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                const QByteArray key = now.data(KeyTree::KeyRole).toByteArray();
                if (!key.isEmpty()) showKey(key);
            });
}

void KeysView::setConnection(inspection::Connection* connection) {
    if (connection && connection == m_connection) return;
    m_walk.reset();
    m_connection = connection;
    m_model->clear(m_separator->text().toUtf8());
    m_sample = inspection::Reservoir();
    m_measure->setChecked(false);
    m_measure->setEnabled(false);
    m_sizes->setConnection(connection);
    m_value->clear();
    m_button->setEnabled(connection);
    m_button->setText(tr("Walk keys"));
    m_status->setText(
        connection ? tr("Walk keys finds them with SCAN, in steps that leave room for others.")
                   : tr("No Redis connection."));
    if (!connection) return;
    m_walk = std::make_unique<inspection::KeyWalk>(*connection, m_clock);
    connect(m_walk.get(), &inspection::KeyWalk::keysArrived, this, &KeysView::takeKeys);
    connect(m_walk.get(), &inspection::KeyWalk::progressed, this, &KeysView::showProgress);
    connect(m_walk.get(), &inspection::KeyWalk::ended, this,
            [this](const std::optional<Error>& problem) {
                m_isWhole = !problem;
                showEnd(problem ? problem->message : QString());
            });
}

void KeysView::walk() {
    if (!m_walk) return;
    if (m_walk->isWalking()) return m_walk->cancel();
    m_measure->setChecked(false);
    m_model->clear(m_separator->text().toUtf8());
    m_sample = inspection::Reservoir();
    m_isWhole = false;
    m_walk->start(m_pattern->text().toUtf8(), m_type->currentData().toByteArray(), filter());
}

void KeysView::takeKeys(const QByteArrayList& keys) {
    m_model->add(keys);
    for (const QByteArray& key : keys)
        m_sample.offer(key);
}

void KeysView::showProgress() {
    if (!m_walk->isWalking()) return;
    const auto& progress = m_walk->progress();
    m_button->setText(tr("■ Stop"));
    m_measure->setEnabled(false);
    m_status->setText(
        tr("%1 found · %2 of %3 passed · COUNT %4 · longest step %5 ms")
            .arg(countText(progress.keysFound), countText(progress.keysPassed), allText(progress))
            .arg(progress.count)
            .arg(static_cast<double>(progress.longestStep.count()) / 1000.0, 0, 'f', 1) +
        sieveText(m_walk->filter(), m_walk->cost()));
}

void KeysView::showEnd(const QString& problem) {
    const auto& progress = m_walk->progress();
    m_button->setText(tr("Walk keys"));
    m_measure->setEnabled(m_sample.offered() > 0);
    const QString steps =
        (progress.steps == 1 ? tr("1 step, %1 ms")
                             : tr("%1 steps, the longest %2 ms").arg(countText(progress.steps)))
            .arg(static_cast<double>(progress.longestStep.count()) / 1000.0, 0, 'f', 1);
    const QString found = tr("%1 found among %2 keys · %3")
                              .arg(countText(progress.keysFound), allText(progress), steps) +
                          sieveText(m_walk->filter(), m_walk->cost());
    m_status->setText(problem.isEmpty() ? found : problem + u' ' + found);
}

void KeysView::measure() {
    m_sizes->measure(m_sample.kept(), m_sample.offered(), m_separator->text().toUtf8(), m_isWhole);
}

void KeysView::showKey(const QByteArray& key) {
    m_value->show(m_connection, key);
}

void KeysView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const auto wanted = width() < kSideBySide ? Qt::Vertical : Qt::Horizontal;
    if (m_parts->orientation() == wanted) return;
    m_parts->setOrientation(wanted);
    m_parts->setSizes(wanted == Qt::Vertical ? QList<int>{height() / 2, height() / 2}
                                             : QList<int>{width() * 2 / 5, width() * 3 / 5});
}

}  // namespace tocsin::ui

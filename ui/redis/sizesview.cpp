#include "ui/redis/sizesview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <algorithm>

#include "inspection/connection.h"
#include "inspection/keysizes.h"
#include "ui/redis/keywords.h"
#include "ui/redis/recordmodel.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using inspection::KeyFacts;

constexpr qint64 kLargeKey = 1024LL * 1024;
constexpr qint64 kSoonMs = 60LL * 60 * 1000;
constexpr qsizetype kShownSizes = 200;

SizesView::SizesView(Clock& clock, QWidget* parent)
    : QWidget(parent),
      m_clock(clock),
      m_status(new QLabel(this)),
      m_filter(new QComboBox(this)),
      m_stop(new QPushButton(tr("■ Stop"), this)),
      m_prefixes(new RecordModel({{tr("prefix"), false},
                                  {tr("in sample"), true},
                                  {tr("about in all"), true},
                                  {tr("never expire"), true}},
                                 this)),
      m_prefixTable(recordTable(*m_prefixes, u"redisPrefixes"_s, tr("Memory by prefix"), this)),
      m_keys(new RecordModel(
          {{tr("key"), false}, {tr("memory"), true}, {tr("type"), false}, {tr("expires"), true}},
          this)),
      m_keyTable(
          recordTable(*m_keys, u"redisBiggest"_s, tr("The biggest keys of the sample"), this)) {
    m_status->setObjectName(u"redisSizesStatus"_s);
    m_status->setWordWrap(true);
    theme::setRole(m_status, u"muted"_s);
    m_filter->setObjectName(u"redisSizesFilter"_s);
    m_filter->setAccessibleName(tr("Which keys of the sample"));
    m_filter->addItem(tr("all keys"), All);
    m_filter->addItem(tr("never expire"), NoExpiry);
    m_filter->addItem(tr("expire within the hour"), ExpiresSoon);
    m_filter->addItem(tr("1 MB and more"), Large);
    m_stop->setObjectName(u"redisSizesStop"_s);
    m_stop->setAccessibleName(tr("Stop measuring"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(14, 4, 12, 4);
    bar->addWidget(m_status, 1);
    bar->addWidget(m_filter);
    bar->addWidget(m_stop);
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(m_prefixTable);
    parts->addWidget(m_keyTable);
    parts->setChildrenCollapsible(false);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    all->addWidget(parts, 1);
    bar->setSpacing(8);
    stretchColumn(*m_prefixTable, 0);
    stretchColumn(*m_keyTable, 0);
    connect(m_filter, &QComboBox::currentIndexChanged, this, &SizesView::showKeys);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_measuring) m_measuring->cancel();
    });
    connect(m_keyTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid()) emit keyChosen(now.data(RecordModel::IdRole).toByteArray());
            });
}

SizesView::~SizesView() = default;

void SizesView::setConnection(inspection::Connection* connection) {
    m_measuring.reset();
    m_prefixes->setRecords({});
    m_keys->setRecords({});
    m_status->clear();
    if (!connection) return;
    m_measuring = std::make_unique<inspection::KeySizes>(*connection, m_clock);
    connect(m_measuring.get(), &inspection::KeySizes::progressed, this, &SizesView::showStatus);
    connect(m_measuring.get(), &inspection::KeySizes::ended, this,
            [this](const std::optional<Error>& problem) {
                m_stop->hide();
                showSizes();
                if (problem) m_status->setText(problem->message);
            });
}

void SizesView::measure(const QByteArrayList& keys, qint64 keysInAll, const QByteArray& separator,
                        bool isWhole) {
    if (!m_measuring) return;
    m_keysInAll = keysInAll;
    m_separator = separator;
    m_isWhole = isWhole;
    m_stop->show();
    m_measuring->measure(keys);
}

void SizesView::showStatus() {
    m_status->setText(tr("Measuring %1 keys…").arg(countText(m_measuring->asked())));
}

void SizesView::showSizes() {
    const auto& measured = m_measuring->measured();
    const auto shares =
        inspection::sharesOf(measured, m_measuring->standsFor(m_keysInAll), m_separator);
    QVector<Record> records;
    for (const auto& share : shares)
        records << Record{share.prefix,
                          {{QString::fromUtf8(share.prefix), {}, {}},
                           {tr("%1 · %2").arg(countText(share.sampled), memoryText(share.memory)),
                            share.memory,
                            {}},
                           {memoryText(share.memoryInAll), share.memoryInAll, {}},
                           {countText(share.withoutExpiry), share.withoutExpiry, {}}}};
    m_prefixes->setRecords(records);
    m_prefixTable->resizeColumnsToContents();
    showKeys();
    const QString whole = m_isWhole ? tr("all %1 keys that were found").arg(countText(m_keysInAll))
                                    : tr("the %1 keys found so far").arg(countText(m_keysInAll));
    m_status->setText(
        tr("%1 measured, a fair sample of %2; %3 ms of the server's line")
            .arg(countText(measured.size()), whole)
            .arg(static_cast<double>(m_measuring->took().count()) / 1000.0, 0, 'f', 1) +
        (m_measuring->forbidden() > 0
             ? tr("; %1 more are kept from this user").arg(countText(m_measuring->forbidden()))
             : QString()));
}

bool SizesView::passes(const KeyFacts& facts) const {
    switch (m_filter->currentData().toInt()) {
        case NoExpiry:
            return facts.expiresIn == -1;
        case ExpiresSoon:
            return facts.expiresIn >= 0 && facts.expiresIn < kSoonMs;
        case Large:
            return facts.memory >= kLargeKey;
        default:
            return true;
    }
}

void SizesView::showKeys() {
    if (!m_measuring) return;
    QVector<KeyFacts> keys;
    for (const KeyFacts& facts : m_measuring->measured())
        if (passes(facts)) keys << facts;
    std::sort(keys.begin(), keys.end(),
              [](const KeyFacts& a, const KeyFacts& b) { return a.memory > b.memory; });
    QVector<Record> records;
    for (const KeyFacts& facts : std::as_const(keys).first(std::min(keys.size(), kShownSizes))) {
        const QString key = QString::fromUtf8(facts.key);
        records << Record{facts.key,
                          {{key, {}, key},
                           {memoryText(facts.memory), facts.memory, {}},
                           {facts.type, {}, {}},
                           {expiryText(facts.expiresIn), facts.expiresIn, {}}}};
    }
    m_keys->setRecords(records);
    m_keyTable->resizeColumnsToContents();
}

}  // namespace tocsin::ui

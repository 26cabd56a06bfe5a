#include "ui/incident/channelspane.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QScrollArea>
#include <algorithm>

#include "announcements/feedgroups.h"
#include "announcements/samples.h"
#include "sdk/async.h"
#include "ui/incident/channelbox.h"
#include "ui/incident/channelrow.h"
#include "ui/incident/postpreview.h"
#include "ui/theme/labels.h"
#include "ui/theme/roles.h"

using namespace Qt::StringLiterals;

namespace tocsin::ui {

using announcements::CardFacts;
using console::StoppedChannel;
using theme::setRole;

namespace {

constexpr int kCard = -1, kFeed = -2;  // in the list of what to show; a page is its level

}  // namespace

ChannelsPane::ChannelsPane(const Services& services, Sources sources, QWidget* parent)
    : QWidget(parent), m_services(services), m_sources(std::move(sources)) {
    setObjectName(u"channelsPane"_s);
    setAccessibleName(tr("Channels: the places to post"));
    setMinimumHeight(150);  // the window decides how high it is
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(8);
    column->addWidget(buildRows());
    column->addWidget(buildQuestion());
    m_preview = new PostPreview(services.theme, u"channelPreview"_s);
    column->addWidget(m_preview, 1);
    connect(&services.stopped, &console::StoppedChannels::changed, this,
            &ChannelsPane::refreshRows);
    connect(&services.dispatcher, &delivery::Dispatcher::entryChanged, this, &ChannelsPane::heard);
    connect(&services.current, &CurrentIncident::changed, this, &ChannelsPane::refreshPreview);
    refreshRows();
}

QWidget* ChannelsPane::buildRows() {
    auto* rows = new QWidget;
    m_list = new QVBoxLayout(rows);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(6);
    m_list->addWidget(new theme::SectionLabel(tr("Places to post")));
    const QStringList channels = m_services.dispatcher.channels();
    for (const QString& channel : channels) {
        auto* row = m_rows[channel] = new ChannelRow(channel);
        m_list->addWidget(row);
        connect(row, &ChannelRow::testRequested, this, [this, channel] { post(channel); });
        connect(row, &ChannelRow::tryRequested, this,
                [this, channel] { m_services.stopped.tryAgain(channel); });
    }
    if (channels.isEmpty()) {
        auto* none = new QLabel(tr("There is none. Name one under “channels” in tocsin.yaml."));
        setRole(none, u"muted"_s);
        m_list->addWidget(none);
    }
    return rows;
}

QWidget* ChannelsPane::buildQuestion() {
    auto* question = new QWidget;
    auto* column = new QVBoxLayout(question);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(4);
    column->addWidget(new theme::SectionLabel(tr("Exactly as it would be sent now")));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_what = new QComboBox;
    m_what->setObjectName(u"channelPreviewWhat"_s);
    m_what->setAccessibleName(tr("What to show"));
    const auto& levels = m_services.engine.policy().levels;
    for (int i = 0; i < levels.size(); ++i)
        m_what->addItem(tr("Page of level %1, %2").arg(i + 1).arg(levels[i].name), i + 1);
    m_what->addItem(tr("Card of the incident"), kCard);
    m_what->addItem(tr("Alert feed"), kFeed);
    m_channel = new ChannelBox(u"channelPreviewChannel"_s);
    m_channel->setChannels(m_services.dispatcher.channels());
    m_channel->choose(m_services.engine.policy().channel);
    m_about = new QLabel;
    m_about->setObjectName(u"channelPreviewAbout"_s);
    m_about->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setRole(m_about, u"muted"_s);
    row->addWidget(m_what);
    row->addWidget(m_channel);
    row->addWidget(m_about, 1);
    column->addLayout(row);
    connect(m_what, &QComboBox::currentIndexChanged, this, &ChannelsPane::refreshPreview);
    connect(m_channel, &ChannelBox::chosen, this, &ChannelsPane::refreshPreview);
    return question;
}

void ChannelsPane::setMentions(const QString& channel, const QMap<QString, QString>& ids) {
    QMap<QString, QString>& names = m_names[channel];
    for (auto it = ids.begin(); it != ids.end(); ++it)
        names.insert(it.value().section(u':', -1), it.key());
}

void ChannelsPane::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refreshPreview();
}

void ChannelsPane::refreshRows() {
    const auto& stopped = m_services.stopped.all();
    for (auto it = m_rows.begin(); it != m_rows.end(); ++it) {
        const auto found = std::find_if(stopped.begin(), stopped.end(),
                                        [&](const auto& one) { return one.channel == it.key(); });
        it.value()->setStopped(found == stopped.end() ? nullptr : &*found);
    }
}

void ChannelsPane::post(const QString& channel) {
    Message message = announcements::testPost(m_services.clock.now());
    whenDone(m_services.engine.post({}, channel, message, m_services.person), this,
             [this, channel](const Result<delivery::Entry>& entry) {
                 ChannelRow* row = m_rows.value(channel);
                 entry ? row->setTest(*entry) : row->setProblem(entry.error().message);
             });
}

void ChannelsPane::heard(const delivery::Entry& entry) {
    ChannelRow* row = m_rows.value(entry.channel);
    if (row && row->testEvent() == entry.event) row->setTest(entry);
}

incidents::Incident ChannelsPane::incident() const {
    if (m_services.current.isOpen()) return *m_services.current.incident();
    return announcements::sampleIncident(m_channel->channel(), m_services.clock.now());
}

void ChannelsPane::refreshPreview() {
    if (!isVisible()) return;
    ++m_asked;
    const int what = m_what->currentData().toInt();
    const auto alerts = m_sources.alerts();
    const QDateTime now = m_services.clock.now();
    const bool isExample = what == kFeed ? alerts.isEmpty() : !m_services.current.isOpen();
    m_about->setText(isExample       ? tr("an example")
                     : what == kFeed ? tr("from the board")
                                     : tr("of %1").arg(m_services.current.id()));
    if (what == kCard) return previewCard(incident());
    if (what > 0)
        return show(announcements::samplePage(incident(), m_services.engine.policy(), what, now));
    const announcements::FeedStyle style = m_sources.feedStyle();
    const auto groups = announcements::feedGroups(
        alerts.isEmpty() ? announcements::sampleAlerts(now) : alerts, style.links);
    if (!groups.isEmpty()) show(announcements::groupMessage(groups.first(), style));
}

void ChannelsPane::previewCard(const incidents::Incident& incident) {
    if (!m_services.current.isOpen()) {
        CardFacts facts;
        facts.incident = incident;
        facts.ladder = escalation::plan(m_services.engine.policy(), incident.id, incident.priority,
                                        incident.declaredAt);
        const auto style = m_sources.cardStyle();
        facts.nextUpdate =
            incident.declaredAt.addSecs(style.updates.value(incident.priority).first.count());
        return show(announcements::cardMessage(facts, style));
    }
    whenDone(m_sources.cardFacts(incident.id), this,
             [this, asked = m_asked](const Result<CardFacts>& facts) {
                 if (asked != m_asked) return;
                 if (!facts) return m_preview->showProblem(facts.error().message);
                 show(announcements::cardMessage(*facts, m_sources.cardStyle()));
             });
}

void ChannelsPane::show(const Message& message) {
    const QString channel = m_channel->channel();
    const Notifier* notifier = m_services.dispatcher.notifier(channel);
    if (!notifier)
        return m_preview->showProblem(
            channel.isEmpty()
                ? tr("There is no channel to post to.")
                : tr("#%1 could not be set up; see the problems above.").arg(channel));
    QVector<QByteArray> bodies;
    for (const Message& part : m_services.dispatcher.split(channel, message))
        bodies << notifier->preview(part);
    m_preview->setNames(m_names.value(channel));
    m_preview->show(bodies, m_services.clock.now());
}

}  // namespace tocsin::ui

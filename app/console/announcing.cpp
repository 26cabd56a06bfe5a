#include "console/console.h"

namespace tocsin::console {

using announcements::Cards;
using announcements::Feed;

/// What the channels are told without anybody typing it.
void Console::standAnnouncements() {
    m_cards = std::make_unique<Cards>(*m_database, *m_journal, *m_engine, m_clock);
    connect(m_cards.get(), &Cards::intentsWritten, m_dispatcher.get(), &delivery::Dispatcher::wake);
    if (const auto& feed = m_workspace.feed) {
        const announcements::FeedSettings settings{.channel = feed->channel,
                                                   .every = feed->every,
                                                   .messages = feed->messages,
                                                   .style = {.silentBelow = feed->silentBelow}};
        m_feed = std::make_unique<Feed>(*m_database, m_board, settings, m_clock);
        connect(m_feed.get(), &Feed::intentsWritten, m_dispatcher.get(),
                &delivery::Dispatcher::wake);
    }
    connect(&m_library, &runbooks::Library::reloaded, this, &Console::refreshStyles);
    refreshStyles();
}

void Console::startAnnouncements() {
    m_cards->start(m_ownership->fence());
    // One that only delivers looks at no source, and so knows nothing to tell.
    if (m_feed && m_isWatching) m_feed->start(m_ownership->fence());
}

void Console::stopAnnouncements() {
    m_cards->standDown();
    if (m_feed) m_feed->standDown();
}

announcements::RunbookLinks Console::runbookLinks() const {
    return {m_workspace.runbookBase, m_workspace.folder, m_library.runbooks()};
}

announcements::CardStyle Console::cardStyle() const {
    return {
        .wordings = m_workspace.wordings, .links = runbookLinks(), .updates = m_practice.updates};
}

announcements::FeedStyle Console::feedStyle() const {
    announcements::FeedStyle style{.wordings = m_workspace.wordings, .links = runbookLinks()};
    if (m_workspace.feed) style.silentBelow = m_workspace.feed->silentBelow;
    return style;
}

void Console::addRunbook(incidents::Declaration& declaration, const QVector<Alert>& alerts) const {
    if (alerts.isEmpty()) return;
    declaration.runbook = m_library.match(alerts.first()).runbook;
    declaration.runbookUrl = runbookLinks().of(alerts.first());
}

void Console::refreshStyles() {
    m_engine->setRunbooks(runbookLinks().byName());
    m_cards->setStyle(cardStyle());
    if (m_feed) m_feed->setStyle(feedStyle());
}

}  // namespace tocsin::console

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

void Console::refreshStyles() {
    const announcements::RunbookLinks links(m_workspace.runbookBase, m_workspace.folder,
                                            m_library.runbooks());
    m_cards->setStyle({.wordings = m_workspace.wordings, .links = links});
    if (m_feed) m_feed->setStyle({.wordings = m_workspace.wordings, .links = links});
}

}  // namespace tocsin::console

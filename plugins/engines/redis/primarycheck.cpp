#include "plugins/engines/redis/primarycheck.h"

#include "plugins/engines/redis/node.h"
#include "plugins/engines/redis/sentinel.h"

namespace tocsin::redis {

constexpr qint64 kRoleReplyCap = 64LL * 1024;

PrimaryCheck::PrimaryCheck(const Address& address, const Place& named, const Place& present,
                           QObject* parent)
    : QObject(parent),
      m_address(address),
      m_named(named),
      m_present(present),
      m_left(address.sentinels.size()) {
    for (const Place& place : address.sentinels) {
        Address one = address;
        one.sentinels = {place};
        auto* sentinel = new Sentinel(one, this);
        sentinel->find([this](const Result<Place>& vote) { count(vote); });
    }
}

void PrimaryCheck::count(const Result<Place>& vote) {
    if (vote && *vote == m_named) ++m_majority;
    if (vote && *vote == m_present) --m_majority;
    if (--m_left > 0) return;
    m_majority > 0 ? askItself() : emit settled(m_named, false);
}

void PrimaryCheck::askItself() {
    auto* node = new Node(m_address, m_named, this);
    node->askAll({{"ROLE"}, {"INFO", "replication"}}, kRoleReplyCap,
                 [this](const Result<Answer>& answer) {
                     if (!answer) return emit settled(m_named, false);
                     const ReplyView reply = answer->reply;
                     // ROLE may not be allowed; then INFO says it.
                     if (--m_questions > 0 && reply.isError()) return;
                     const bool isPrimary = reply.children().empty()
                                                ? reply.text().contains("role:master")
                                                : reply.children().front().text() == "master";
                     emit settled(m_named, isPrimary);
                 });
}

}  // namespace tocsin::redis

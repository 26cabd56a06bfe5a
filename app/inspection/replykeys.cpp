#include "inspection/replykeys.h"

#include "inspection/redistext.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kMostLives = 200;

}  // namespace

QByteArrayList keysNamedBy(const QString& command, ReplyView reply) {
    if (command.contains(u'\n')) return {};
    QStringList words = command.simplified().split(u' ');
    if (words.first().endsWith(u"redis-cli"_s)) words.removeFirst();
    const QString name = words.value(0).toUpper();
    ReplyChildren named = reply.children();
    if (name == u"SCAN" && named.size() == 2)
        named = named[1].children();
    else if (name == u"RANDOMKEY" && !reply.bytes().isEmpty())
        return {reply.text()};
    else if (name != u"KEYS" && !words.contains(u"--scan"_s))
        return {};
    QByteArrayList keys;
    for (const ReplyView key : named) {
        if (keys.size() >= kMostLives) break;
        if (!key.isAggregate()) keys << key.text();
    }
    return keys;
}

QString lifeScript(const QByteArrayList& keys) {
    QString script;
    for (const QByteArray& key : keys)
        script += u"TYPE %1\nPTTL %1\n"_s.arg(redisWord(key));
    return script;
}

QVector<KeyFacts> readLives(const QByteArrayList& keys, ReplyView reply) {
    const ReplyChildren answers = reply.children();
    QVector<KeyFacts> lives;
    for (qsizetype i = 0; i < keys.size(); ++i) {
        const auto at = static_cast<std::size_t>(i) * 2;
        if (at + 1 >= answers.size()) break;
        if (answers[at].isError() || answers[at + 1].isError()) continue;
        KeyFacts facts;
        facts.key = keys[i];
        facts.type = QString::fromUtf8(answers[at].bytes());
        facts.expiresIn = answers[at + 1].text().toLongLong();
        lives << facts;
    }
    return lives;
}

}  // namespace tocsin::inspection

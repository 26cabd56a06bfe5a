#include "plugins/notifiers/discord/splitting.h"

#include "plugins/notifiers/discord/cutting.h"
#include "plugins/notifiers/discord/embeds.h"
#include "plugins/notifiers/discord/limits.h"
#include "sdk/redaction.h"

namespace tocsin::discord {
namespace {

/// Names packed so that what they become stays within the room for mentions.
QVector<QStringList> packed(const QStringList& names, const Mentions& mentions) {
    QVector<QStringList> packs{{}};
    for (const QString& name : names) {
        const QStringList more = packs.last() + QStringList{name};
        if (!packs.last().isEmpty() && mentions.resolve(more).text.size() > limits::mentions)
            packs.push_back({name});
        else
            packs.last() = more;
    }
    return packs;
}

QString withoutTooLarge(QVector<Attachment>& files, QString text) {
    const auto isTooLarge = [](const Attachment& file) {
        return file.content.size() > limits::fileBytes;
    };
    for (const Attachment& file : std::as_const(files)) {
        if (!isTooLarge(file)) continue;
        if (!text.isEmpty()) text += u'\n';
        text += QStringLiteral("(a file of %1 MB is too large for Discord; the incident keeps it)")
                    .arg(static_cast<double>(file.content.size()) / (1024.0 * 1024.0), 0, 'f', 1);
    }
    files.removeIf(isTooLarge);
    return text;
}

QVector<QVector<Attachment>> grouped(const QVector<Attachment>& files) {
    QVector<QVector<Attachment>> groups;
    qsizetype bytes = 0;
    for (const Attachment& file : files) {
        if (groups.isEmpty() || groups.last().size() >= limits::files ||
            bytes + file.content.size() > limits::requestBytes) {
            groups.push_back({});
            bytes = 0;
        }
        groups.last().push_back(file);
        bytes += file.content.size();
    }
    return groups;
}

/// Parts in order, each a copy of the message's own flags.
class Parts {
public:
    explicit Parts(const Message& message) : m_blank(message) {
        m_blank.text.clear();
        m_blank.mentions.clear();
        m_blank.embeds.clear();
        m_blank.attachments.clear();
    }
    Message& add() {
        m_parts.push_back(m_blank);
        if (m_parts.size() > 1) m_parts.last().event += QStringLiteral("#%1").arg(m_parts.size());
        return m_parts.last();
    }
    Message& last() { return m_parts.last(); }
    const QVector<Message>& all() const { return m_parts; }

private:
    Message m_blank;
    QVector<Message> m_parts;
};

}  // namespace

QVector<Message> splitMessage(const Message& original, const Mentions& mentions) {
    Message message = redacted(original);
    const QString text = withoutTooLarge(message.attachments, message.text);
    const QVector<QStringList> names = packed(message.mentions, mentions);
    Parts parts(message);
    for (const QStringList& ahead : names.mid(0, names.size() - 1))
        parts.add().mentions = ahead;

    const qsizetype room = limits::content - limits::repeatMark;
    const qsizetype prefix = mentions.resolve(names.last()).text.size() + 1;
    const QStringList texts = cutMarkdown(text, room - prefix, room);
    for (qsizetype i = 0; i < texts.size(); ++i) {
        Message& part = parts.add();
        part.text = texts[i];
        if (i == 0) part.mentions = names.last();
    }
    if (texts.isEmpty()) parts.add().mentions = names.last();

    const auto embedGroups = grouped(message.embeds);
    for (qsizetype i = 0; i < embedGroups.size(); ++i)
        (i == 0 ? parts.last() : parts.add()).embeds = embedGroups[i];
    const auto fileGroups = grouped(message.attachments);
    for (qsizetype i = 0; i < fileGroups.size(); ++i)
        (i == 0 ? parts.last() : parts.add()).attachments = fileGroups[i];
    return parts.all();
}

}  // namespace tocsin::discord

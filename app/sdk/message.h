#pragma once
#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <QVector>
#include <chrono>

namespace tocsin {

/// A file that goes along with a message.
struct Attachment {
    QString filename;
    QString mediaType;
    QByteArray content;
};

struct EmbedField {
    QString name;
    QString value;
    bool inlined = true;
};

/// A card beside the text. Mentions inside it notify nobody.
struct Embed {
    QString title;
    QString description;
    int color = 0;  ///< 0xRRGGBB
    QUrl url;
    QVector<EmbedField> fields;
    QString footer;
};

/// One message that must leave, before a channel's notifier gives it its own form.
struct Message {
    QString event;  ///< stable identity ("INC-42/level-2"); the same event is never a new page
    QString text;   ///< Markdown as Discord understands it; text from outside is already escaped
    QStringList mentions;  ///< names from the channel's `mentions`, placed before the text
    QVector<Embed> embeds;
    QVector<Attachment> attachments;
    QString replaces;  ///< event of an earlier message of this channel that this one is edited
                       ///< into; empty: a message of its own
    /// Event of the message whose thread this goes to, where the channel has threads.
    QString thread;
    QString divertedFrom;  ///< the channel it was meant for, when another one is used instead
    bool silent = false;   ///< no sound on the other side
    bool possibleRepeat = false;  ///< sent again after a crash whose outcome is unknown; says so
};

/// What the other side confirmed.
struct Delivery {
    QString remoteId;  ///< the message's id over there; kept as text, snowflakes exceed a double
    QDateTime at;      ///< UTC, when the confirmation arrived
    /// How long the other side's limits want the next request of this kind to wait.
    std::chrono::milliseconds rest{0};
};

}  // namespace tocsin

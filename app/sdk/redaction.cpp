#include "sdk/redaction.h"

#include "sdk/secret.h"

namespace tocsin {

Message redacted(Message message) {
    const auto clean = [](QString& text) { text = QString::fromUtf8(redact(text).toUtf8()); };
    clean(message.text);
    clean(message.event);
    clean(message.divertedFrom);
    for (Embed& embed : message.embeds) {
        clean(embed.title);
        clean(embed.description);
        clean(embed.footer);
        for (EmbedField& field : embed.fields) {
            clean(field.name);
            clean(field.value);
        }
    }
    for (Attachment& file : message.attachments)
        clean(file.filename);
    return message;
}

}  // namespace tocsin

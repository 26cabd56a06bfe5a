#include "plugins/notifiers/discord/embeds.h"

#include "plugins/notifiers/discord/cutting.h"
#include "plugins/notifiers/discord/limits.h"

namespace tocsin::discord {
namespace {

/// Short texts are shortened, visibly; they are labels, not evidence.
QString shortened(const QString& text, qsizetype limit) {
    if (text.size() <= limit) return text;
    if (limit < 1) return {};
    QString out = text.left(limit - 1);
    if (out.back().isHighSurrogate()) out.chop(1);
    return out + u'…';
}

QString orDash(const QString& text) {
    return text.trimmed().isEmpty() ? QStringLiteral("–") : text;
}

QVector<EmbedField> fittedFields(const QVector<EmbedField>& fields) {
    QVector<EmbedField> out;
    for (const EmbedField& field : fields) {
        const QStringList values =
            cutMarkdown(orDash(field.value), limits::fieldValue, limits::fieldValue);
        for (qsizetype i = 0; i < values.size(); ++i) {
            const QString number = i == 0 ? QString() : QStringLiteral(" (%1)").arg(i + 1);
            out.push_back(
                {shortened(orDash(field.name), limits::fieldName - number.size()) + number,
                 values[i], field.inlined});
        }
    }
    return out;
}

bool fits(const Embed& embed, const EmbedField& more) {
    return embed.fields.size() < limits::fields &&
           weightOf(embed) + more.name.size() + more.value.size() <= limits::embedTotal;
}

}  // namespace

qsizetype weightOf(const Embed& embed) {
    qsizetype sum = embed.title.size() + embed.description.size() + embed.footer.size();
    for (const EmbedField& field : embed.fields)
        sum += field.name.size() + field.value.size();
    return sum;
}

QVector<Embed> fitted(const Embed& embed) {
    Embed current;
    current.title = shortened(embed.title, limits::title);
    current.color = embed.color;
    current.url = embed.url;  // on the first only: of several with one address Discord shows one
    QVector<Embed> out;
    const auto next = [&] {
        out.push_back(current);
        current = Embed{};
        current.color = embed.color;
    };
    const QStringList descriptions =
        cutMarkdown(embed.description, limits::description, limits::description);
    for (qsizetype i = 0; i < descriptions.size(); ++i) {
        if (i > 0) next();
        current.description = descriptions[i];
    }
    for (const EmbedField& field : fittedFields(embed.fields)) {
        if (!fits(current, field)) next();
        current.fields.push_back(field);
    }
    const QString footer = shortened(embed.footer, limits::footer);
    if (weightOf(current) + footer.size() > limits::embedTotal) next();
    current.footer = footer;
    out.push_back(current);
    return out;
}

Embed clipped(Embed embed, qsizetype room) {
    embed.title = shortened(embed.title, limits::title);
    embed.footer = shortened(embed.footer, limits::footer);
    embed.description = shortened(embed.description, limits::description);
    embed.fields = embed.fields.mid(0, limits::fields);
    for (EmbedField& field : embed.fields) {
        field.name = shortened(orDash(field.name), limits::fieldName);
        field.value = shortened(orDash(field.value), limits::fieldValue);
    }
    // The fields are facts; the description gives way first.
    const qsizetype over = weightOf(embed) - room;
    if (over > 0) embed.description = shortened(embed.description, embed.description.size() - over);
    while (weightOf(embed) > room && !embed.fields.isEmpty())
        embed.fields.removeLast();
    return embed;
}

QVector<QVector<Embed>> grouped(const QVector<Embed>& embeds) {
    QVector<QVector<Embed>> groups;
    qsizetype weight = 0;
    for (const Embed& embed : embeds) {
        for (const Embed& piece : fitted(embed)) {
            const bool isFull = groups.isEmpty() || groups.last().size() >= limits::embeds ||
                                weight + weightOf(piece) > limits::embedTotal;
            if (isFull) {
                groups.push_back({});
                weight = 0;
            }
            groups.last().push_back(piece);
            weight += weightOf(piece);
        }
    }
    return groups;
}

}  // namespace tocsin::discord

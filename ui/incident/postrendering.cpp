#include "ui/incident/postrendering.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int kSuppressNotifications = 1 << 12;
// A body with files is mostly their content; only its frame is shown.
constexpr qsizetype kMostRaw = 20000;

/// The JSON of a body: all of it, or the part `payload_json` of a form.
QByteArray jsonPart(const QByteArray& body) {
    if (!body.startsWith("--")) return body;
    const qsizetype start = body.indexOf("\r\n\r\n");
    const QByteArray border = body.left(body.indexOf("\r\n"));
    const qsizetype end = body.indexOf("\r\n" + border, start);
    return start < 0 || end < 0 ? body : body.mid(start + 4, end - start - 4);
}

QString fieldCell(const QJsonObject& field, const PostLook& look) {
    return u"<td style='padding-right:14px' valign='top'><b>%1</b><br/>%2</td>"_s.arg(
        markdownToHtml(field[u"name"].toString(), look),
        markdownToHtml(field[u"value"].toString(), look));
}

/// Three beside each other, as over there; one that is not inline has a row of its own.
QString fieldRows(const QJsonArray& fields, const PostLook& look) {
    QString out;
    int inRow = 0;
    for (const auto& value : fields) {
        const QJsonObject field = value.toObject();
        const bool isInline = field[u"inline"].toBool();
        if (inRow == 0 || inRow == 3 || !isInline) {
            if (!out.isEmpty()) out += u"</tr></table>"_s;
            out += u"<table cellspacing='0' cellpadding='2'><tr>"_s;
            inRow = 0;
        }
        out += fieldCell(field, look);
        inRow = isInline ? inRow + 1 : 3;
    }
    return out.isEmpty() ? out : out + u"</tr></table>"_s;
}

QString embedHtml(const QJsonObject& embed, const PostLook& look) {
    const QString edge = u"#%1"_s.arg(embed[u"color"].toInt() & 0xFFFFFF, 6, 16, QLatin1Char('0'));
    QString inside;
    if (const QString title = embed[u"title"].toString(); !title.isEmpty()) {
        const QString text = markdownToHtml(title, look);
        const QString color = embed[u"url"].toString().isEmpty() ? look.colors.text.name()
                                                                 : look.colors.accent.name();
        inside += u"<div style='color:%1'><b>%2</b></div>"_s.arg(color, text);
    }
    inside += markdownToHtml(embed[u"description"].toString(), look);
    inside += fieldRows(embed[u"fields"].toArray(), look);
    const QString footer = embed[u"footer"].toObject()[u"text"].toString();
    if (!footer.isEmpty())
        inside += u"<div style='color:%1'><small>%2</small></div>"_s.arg(look.colors.muted.name(),
                                                                         footer.toHtmlEscaped());
    return u"<table cellspacing='0' cellpadding='6' width='100%'><tr>"
           "<td width='3' bgcolor='%1' style='padding:0px'></td>"
           "<td bgcolor='%2'>%3</td></tr></table>"_s.arg(edge, look.colors.raised.name(), inside);
}

QStringList filesOf(const QJsonObject& body) {
    QStringList names;
    for (const auto& value : body[u"attachments"].toArray())
        names.append(value.toObject()[u"filename"].toString());
    return names;
}

}  // namespace

RenderedPost renderedPost(const QByteArray& body, const PostLook& look) {
    RenderedPost post;
    const QByteArray json = jsonPart(body);
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isObject()) {
        post.raw = QString::fromUtf8(body.left(kMostRaw));
        post.html = u"<div>%1</div>"_s.arg(post.raw.toHtmlEscaped());
        post.characters = post.raw.size();
        return post;
    }
    const QJsonObject object = document.object();
    const QString content = object[u"content"].toString();
    post.raw = QString::fromUtf8(document.toJson(QJsonDocument::Indented)).left(kMostRaw);
    post.characters = content.size();
    post.files = filesOf(object);
    post.isSilent = (object[u"flags"].toInt() & kSuppressNotifications) != 0;
    if (!content.isEmpty()) post.html += markdownToHtml(content, look);
    for (const auto& embed : object[u"embeds"].toArray())
        post.html += embedHtml(embed.toObject(), look);
    for (const QString& file : std::as_const(post.files))
        post.html += u"<div style='color:%1'>📎 %2</div>"_s.arg(look.colors.accent.name(),
                                                               file.toHtmlEscaped());
    return post;
}

}  // namespace tocsin::ui

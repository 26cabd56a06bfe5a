#include "incidents/markdownhtml.h"

#include <md4c.h>

#include <QUrl>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

struct Page {
    QString html;
};

QString blockTag(MD_BLOCKTYPE type, const void* detail) {
    switch (type) {
        case MD_BLOCK_QUOTE:
            return u"blockquote"_s;
        case MD_BLOCK_UL:
            return u"ul"_s;
        case MD_BLOCK_OL:
            return u"ol"_s;
        case MD_BLOCK_LI:
            return u"li"_s;
        case MD_BLOCK_H:
            return u"h%1"_s.arg(static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level);
        case MD_BLOCK_CODE:
            return u"pre"_s;
        case MD_BLOCK_P:
            return u"p"_s;
        case MD_BLOCK_TABLE:
            return u"table"_s;
        case MD_BLOCK_TR:
            return u"tr"_s;
        case MD_BLOCK_TH:
            return u"th"_s;
        case MD_BLOCK_TD:
            return u"td"_s;
        default:
            return {};
    }
}

QString spanTag(MD_SPANTYPE type) {
    switch (type) {
        case MD_SPAN_EM:
            return u"em"_s;
        case MD_SPAN_STRONG:
            return u"strong"_s;
        case MD_SPAN_CODE:
            return u"code"_s;
        case MD_SPAN_DEL:
            return u"s"_s;
        default:
            return {};
    }
}

QString plainText(const MD_CHAR* text, MD_SIZE size) {
    return QString::fromUtf8(text, qsizetype(size));
}

QString openingOfLink(const MD_SPAN_A_DETAIL& link) {
    const QString href = plainText(link.href.text, link.href.size);
    const QString scheme = QUrl(href).scheme().toLower();
    const bool isSafe = scheme == u"https" || scheme == u"http" || scheme == u"mailto";
    return isSafe ? u"<a href=\"%1\">"_s.arg(href.toHtmlEscaped()) : u"<a>"_s;
}

Page& page(void* user) {
    return *static_cast<Page*>(user);
}

int enterBlock(MD_BLOCKTYPE type, void* detail, void* user) {
    if (type == MD_BLOCK_HR) page(user).html += u"<hr>\n"_s;
    if (const QString tag = blockTag(type, detail); !tag.isEmpty())
        page(user).html += u'<' + tag + u'>';
    return 0;
}

int leaveBlock(MD_BLOCKTYPE type, void* detail, void* user) {
    if (const QString tag = blockTag(type, detail); !tag.isEmpty())
        page(user).html += u"</"_s + tag + u">\n"_s;
    return 0;
}

int enterSpan(MD_SPANTYPE type, void* detail, void* user) {
    if (type == MD_SPAN_A)
        page(user).html += openingOfLink(*static_cast<MD_SPAN_A_DETAIL*>(detail));
    else if (const QString tag = spanTag(type); !tag.isEmpty())
        page(user).html += u'<' + tag + u'>';
    return 0;
}

int leaveSpan(MD_SPANTYPE type, void*, void* user) {
    const QString tag = type == MD_SPAN_A ? u"a"_s : spanTag(type);
    if (!tag.isEmpty()) page(user).html += u"</"_s + tag + u'>';
    return 0;
}

int textArrived(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
    if (type == MD_TEXT_BR)
        page(user).html += u"<br>"_s;
    else if (type == MD_TEXT_SOFTBR)
        page(user).html += u'\n';
    else if (type == MD_TEXT_NULLCHAR)
        page(user).html += QChar(QChar::ReplacementCharacter);
    else if (type == MD_TEXT_ENTITY)
        page(user).html += plainText(text, size);
    else
        page(user).html += plainText(text, size).toHtmlEscaped();
    return 0;
}

}  // namespace

QString htmlFromMarkdown(const QString& markdown) {
    Page out;
    MD_PARSER parser = {};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTML;
    parser.enter_block = enterBlock;
    parser.leave_block = leaveBlock;
    parser.enter_span = enterSpan;
    parser.leave_span = leaveSpan;
    parser.text = textArrived;
    const QByteArray utf8 = markdown.toUtf8();
    md_parse(utf8.constData(), static_cast<MD_SIZE>(utf8.size()), &parser, &out);
    return out.html;
}

}  // namespace tocsin::incidents

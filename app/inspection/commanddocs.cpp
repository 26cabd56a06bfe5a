#include "inspection/commanddocs.h"

#include <QStringList>
#include <algorithm>

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr int kDeepestArgument = 8;

/// Maps are children in turn, in RESP2 as in RESP3.
const Reply* fieldOf(const Reply& map, QByteArrayView name) {
    for (std::size_t i = 0; i + 1 < map.children.size(); i += 2)
        if (map.children[i].text == name) return &map.children[i + 1];
    return nullptr;
}

QString docText(const Reply& map, QByteArrayView name) {
    const Reply* field = fieldOf(map, name);
    return field ? QString::fromUtf8(field->text) : QString();
}

bool hasFlag(const Reply& argument, QByteArrayView flag) {
    const Reply* flags = fieldOf(argument, "flags");
    return flags && std::any_of(flags->children.begin(), flags->children.end(),
                                [flag](const Reply& each) { return each.text == flag; });
}

QString syntaxOf(const Reply& arguments, const QString& between, int depth);

QString argumentText(const Reply& argument, int depth) {
    const QString type = docText(argument, "type");
    const QString token = docText(argument, "token");
    QString text = docText(argument, "name");
    if (const Reply* inner = fieldOf(argument, "arguments"))
        text = syntaxOf(*inner, type == u"oneof" ? u" | "_s : u" "_s, depth + 1);
    if (type == u"pure-token")
        text = token;
    else if (!token.isEmpty())
        text = token + u' ' + text;
    if (hasFlag(argument, "multiple")) text += u" …"_s;
    return hasFlag(argument, "optional") ? u'[' + text + u']' : text;
}

QString syntaxOf(const Reply& arguments, const QString& between, int depth) {
    if (depth > kDeepestArgument) return u"…"_s;
    QStringList parts;
    for (const Reply& argument : arguments.children)
        parts << argumentText(argument, depth);
    return parts.join(between);
}

void addDoc(QMap<QString, CommandDoc>& docs, const QString& name, const Reply& doc, int depth) {
    const Reply* arguments = fieldOf(doc, "arguments");
    docs.insert(name,
                {arguments ? syntaxOf(*arguments, u" "_s, 0) : QString(), docText(doc, "summary")});
    const Reply* subcommands = fieldOf(doc, "subcommands");
    if (!subcommands || depth > 0) return;
    for (std::size_t i = 0; i + 1 < subcommands->children.size(); i += 2) {
        const QString sub = QString::fromUtf8(subcommands->children[i].text).toUpper();
        addDoc(docs, QString(sub).replace(u'|', u' '), subcommands->children[i + 1], depth + 1);
    }
}

}  // namespace

QMap<QString, CommandDoc> readCommandDocs(const Reply& reply) {
    QMap<QString, CommandDoc> docs;
    for (std::size_t i = 0; i < reply.children.size(); ++i) {
        const Reply& child = reply.children[i];
        const bool isEntry = child.isAggregate() && !child.children.empty();
        if (isEntry)  // of COMMAND: an array that begins with the name
            docs.insert(QString::fromUtf8(child.children.front().text).toUpper(), {});
        else if (i + 1 < reply.children.size())
            addDoc(docs, QString::fromUtf8(child.text).toUpper(), reply.children[++i], 0);
    }
    docs.remove(QString());
    return docs;
}

QString commandOf(const QString& text, const QMap<QString, CommandDoc>& docs) {
    const QStringList words = text.simplified().toUpper().split(u' ');
    const QString two = words.mid(0, 2).join(u' ');
    if (words.size() > 1 && docs.contains(two)) return two;
    return docs.contains(words.first()) ? words.first() : QString();
}

}  // namespace tocsin::inspection

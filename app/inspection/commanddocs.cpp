#include "inspection/commanddocs.h"

#include <QFile>
#include <QSet>
#include <QStringList>
#include <algorithm>

// Resources of a static library are only there when it is said that they are used.
static void loadResource() {
    Q_INIT_RESOURCE(redis);
}

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr int kDeepestArgument = 8;

/// Maps are children in turn, in RESP2 as in RESP3.
std::optional<ReplyView> fieldOf(ReplyView map, QByteArrayView name) {
    for (std::size_t i = 0; i + 1 < map.children().size(); i += 2)
        if (map.children()[i].bytes() == name) return map.children()[i + 1];
    return std::nullopt;
}

QString docText(ReplyView map, QByteArrayView name) {
    const auto field = fieldOf(map, name);
    return field ? QString::fromUtf8(field->text()) : QString();
}

bool hasFlag(ReplyView argument, QByteArrayView flag) {
    const auto flags = fieldOf(argument, "flags");
    if (!flags) return false;
    const ReplyChildren all = flags->children();
    return std::any_of(all.begin(), all.end(),
                       [flag](ReplyView each) { return each.bytes() == flag; });
}

QString syntaxOf(ReplyView arguments, const QString& between, int depth);

QString argumentText(ReplyView argument, int depth) {
    const QString type = docText(argument, "type");
    const QString token = docText(argument, "token");
    QString text = docText(argument, "name");
    if (const auto inner = fieldOf(argument, "arguments"))
        text = syntaxOf(*inner, type == u"oneof" ? u" | "_s : u" "_s, depth + 1);
    if (type == u"pure-token")
        text = token;
    else if (!token.isEmpty())
        text = token + u' ' + text;
    if (hasFlag(argument, "multiple")) text += u" …"_s;
    return hasFlag(argument, "optional") ? u'[' + text + u']' : text;
}

QString syntaxOf(ReplyView arguments, const QString& between, int depth) {
    if (depth > kDeepestArgument) return u"…"_s;
    QStringList parts;
    for (const ReplyView argument : arguments.children())
        parts << argumentText(argument, depth);
    return parts.join(between);
}

void addDoc(QMap<QString, CommandDoc>& docs, const QString& name, ReplyView doc, int depth) {
    const auto arguments = fieldOf(doc, "arguments");
    docs.insert(name,
                {arguments ? syntaxOf(*arguments, u" "_s, 0) : QString(), docText(doc, "summary")});
    const auto subcommands = fieldOf(doc, "subcommands");
    if (!subcommands || depth > 0) return;
    for (std::size_t i = 0; i + 1 < subcommands->children().size(); i += 2) {
        const QString sub = QString::fromUtf8(subcommands->children()[i].text()).toUpper();
        addDoc(docs, QString(sub).replace(u'|', u' '), subcommands->children()[i + 1], depth + 1);
    }
}

/// Of the commands that a server lists: subcommands are not told apart there.
void addBundled(QMap<QString, CommandDoc>& docs, const QSet<QString>& listed) {
    for (const QString& name : listed)
        docs.insert(name, {});
    const auto bundled = bundledCommandDocs();
    for (auto doc = bundled.cbegin(); doc != bundled.cend(); ++doc)
        if (listed.contains(doc.key().section(u' ', 0, 0))) docs.insert(doc.key(), *doc);
}

}  // namespace

QMap<QString, CommandDoc> bundledCommandDocs() {
    loadResource();
    QMap<QString, CommandDoc> docs;
    QFile file(u":/redis/commands.tsv"_s);
    if (!file.open(QIODevice::ReadOnly)) return docs;
    for (const QString& line : QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts)) {
        const QStringList parts = line.split(u'\t');
        docs.insert(parts[0], {parts.value(1), u"%1 (of Redis 7.0)"_s.arg(parts.value(2))});
    }
    return docs;
}

QMap<QString, CommandDoc> readCommandDocs(ReplyView reply) {
    if (reply.isError()) return bundledCommandDocs();
    QMap<QString, CommandDoc> docs;
    QSet<QString> listed;
    for (std::size_t i = 0; i < reply.children().size(); ++i) {
        const ReplyView child = reply.children()[i];
        const bool isEntry = child.isAggregate() && !child.children().empty();
        if (isEntry)  // of COMMAND: an array that begins with the name
            listed << QString::fromUtf8(child.children().front().text()).toUpper();
        else if (i + 1 < reply.children().size())
            addDoc(docs, QString::fromUtf8(child.text()).toUpper(), reply.children()[++i], 0);
    }
    if (!listed.isEmpty()) addBundled(docs, listed);
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

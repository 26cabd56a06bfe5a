#include "drill/discordrules.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace tocsin::drill {
namespace {

constexpr qsizetype kLargestFile = 10 * 1024 * 1024;
constexpr qsizetype kLargestRequest = 25 * 1024 * 1024;

qsizetype characters(const QString& text) {
    return text.trimmed().toUcs4().size();
}

/// Collects form errors into Discord's nested tree.
class FormErrors {
public:
    void add(const QStringList& path, const QString& code, const QString& message) {
        m_root = insert(
            m_root, path,
            QJsonObject{{QStringLiteral("code"), code}, {QStringLiteral("message"), message}});
    }
    void limit(const QStringList& path, const QString& text, qsizetype most) {
        if (characters(text) > most)
            add(path, QStringLiteral("BASE_TYPE_MAX_LENGTH"),
                QStringLiteral("Must be %1 or fewer in length.").arg(most));
    }
    void required(const QStringList& path, const QString& text) {
        if (text.trimmed().isEmpty())
            add(path, QStringLiteral("BASE_TYPE_REQUIRED"),
                QStringLiteral("This field is required"));
    }
    std::optional<QJsonObject> answer() const {
        if (m_root.isEmpty()) return std::nullopt;
        return QJsonObject{{QStringLiteral("code"), 50035},
                           {QStringLiteral("message"), QStringLiteral("Invalid Form Body")},
                           {QStringLiteral("errors"), m_root}};
    }

private:
    static QJsonObject insert(QJsonObject node, const QStringList& path, const QJsonObject& leaf) {
        if (path.isEmpty()) {
            QJsonArray leaves = node[u"_errors"].toArray();
            leaves.append(leaf);
            node[u"_errors"] = leaves;
            return node;
        }
        node[path.first()] = insert(node[path.first()].toObject(), path.mid(1), leaf);
        return node;
    }
    QJsonObject m_root;
};

qsizetype checkEmbed(const QJsonObject& embed, const QStringList& at, FormErrors& errors) {
    const QString title = embed[u"title"].toString();
    const QString description = embed[u"description"].toString();
    const QString footer = embed[u"footer"][u"text"].toString();
    const QString author = embed[u"author"][u"name"].toString();
    errors.limit(at + QStringList{QStringLiteral("title")}, title, 256);
    errors.limit(at + QStringList{QStringLiteral("description")}, description, 4096);
    errors.limit(at + QStringList{QStringLiteral("footer"), QStringLiteral("text")}, footer, 2048);
    errors.limit(at + QStringList{QStringLiteral("author"), QStringLiteral("name")}, author, 256);
    const int color = embed[u"color"].toInt();
    if (color < 0 || color > 0xFFFFFF)
        errors.add(at + QStringList{QStringLiteral("color")}, QStringLiteral("NUMBER_TYPE_MAX"),
                   QStringLiteral("int value should be less than or equal to 16777215."));
    qsizetype sum =
        characters(title) + characters(description) + characters(footer) + characters(author);
    const QJsonArray fields = embed[u"fields"].toArray();
    const QStringList fieldsAt = at + QStringList{QStringLiteral("fields")};
    if (fields.size() > 25)
        errors.add(fieldsAt, QStringLiteral("BASE_TYPE_MAX_LENGTH"),
                   QStringLiteral("Must be 25 or fewer in length."));
    for (qsizetype i = 0; i < fields.size(); ++i) {
        const QString name = fields[i][u"name"].toString();
        const QString value = fields[i][u"value"].toString();
        const QStringList fieldAt = fieldsAt + QStringList{QString::number(i)};
        errors.required(fieldAt + QStringList{QStringLiteral("name")}, name);
        errors.required(fieldAt + QStringList{QStringLiteral("value")}, value);
        errors.limit(fieldAt + QStringList{QStringLiteral("name")}, name, 256);
        errors.limit(fieldAt + QStringList{QStringLiteral("value")}, value, 1024);
        sum += characters(name) + characters(value);
    }
    return sum;
}

void checkEmbeds(const QJsonArray& embeds, FormErrors& errors) {
    const QStringList at{QStringLiteral("embeds")};
    if (embeds.size() > 10)
        errors.add(at, QStringLiteral("BASE_TYPE_MAX_LENGTH"),
                   QStringLiteral("Must be 10 or fewer in length."));
    qsizetype sum = 0;
    for (qsizetype i = 0; i < embeds.size(); ++i)
        sum += checkEmbed(embeds[i].toObject(), at + QStringList{QString::number(i)}, errors);
    if (sum > 6000)
        errors.add(at, QStringLiteral("MAX_EMBED_SIZE_EXCEEDED"),
                   QStringLiteral("Embed size exceeds maximum size of 6000"));
}

void checkIds(const QJsonObject& mentions, const QString& kind, FormErrors& errors) {
    static const QRegularExpression snowflake(QStringLiteral("^\\d{1,20}$"));
    const QStringList at{QStringLiteral("allowed_mentions"), kind};
    const QJsonArray ids = mentions[kind].toArray();
    if (ids.size() > 100)
        errors.add(at, QStringLiteral("BASE_TYPE_MAX_LENGTH"),
                   QStringLiteral("Must be 100 or fewer in length."));
    for (qsizetype i = 0; i < ids.size(); ++i)
        if (!snowflake.match(ids[i].toString()).hasMatch())
            errors.add(at + QStringList{QString::number(i)}, QStringLiteral("NUMBER_TYPE_COERCE"),
                       QStringLiteral("Value \"%1\" is not snowflake.").arg(ids[i].toString()));
    if (!ids.isEmpty() && mentions[u"parse"].toArray().contains(QJsonValue(kind)))
        errors.add(
            at, QStringLiteral("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
            QStringLiteral("parse:[\"%1\"] and %1: [ids...] are mutually exclusive.").arg(kind));
}

void checkMentions(const QJsonValue& value, FormErrors& errors) {
    if (!value.isObject()) return;
    const QJsonObject mentions = value.toObject();
    static const QStringList kinds{QStringLiteral("users"), QStringLiteral("roles"),
                                   QStringLiteral("everyone")};
    const QJsonArray parse = mentions[u"parse"].toArray();
    for (qsizetype i = 0; i < parse.size(); ++i)
        if (!kinds.contains(parse[i].toString()))
            errors.add(
                {QStringLiteral("allowed_mentions"), QStringLiteral("parse"), QString::number(i)},
                QStringLiteral("BASE_TYPE_CHOICES"),
                QStringLiteral("Value must be one of ('users', 'roles', 'everyone')."));
    checkIds(mentions, QStringLiteral("roles"), errors);
    checkIds(mentions, QStringLiteral("users"), errors);
}

Attachment readPart(const QByteArray& part, QByteArray& name) {
    static const QRegularExpression nameRule(QStringLiteral("[; ]name=\"([^\"]*)\""));
    static const QRegularExpression fileRule(QStringLiteral("filename=\"([^\"]*)\""));
    static const QRegularExpression typeRule(QStringLiteral("content-type:\\s*(\\S+)"),
                                             QRegularExpression::CaseInsensitiveOption);
    const qsizetype headEnd = part.indexOf("\r\n\r\n");
    const QString head = QString::fromUtf8(part.left(headEnd));
    name = nameRule.match(head).captured(1).toUtf8();
    return {fileRule.match(head).captured(1), typeRule.match(head).captured(1),
            part.mid(headEnd + 4)};
}

Result<PostedMessage> readMultipart(const StandInRequest& request, const QByteArray& boundary) {
    PostedMessage message;
    QByteArray rest = request.body;
    const QByteArray border = "--" + boundary;
    qsizetype at = rest.indexOf(border);
    while (at >= 0) {
        const qsizetype start = at + border.size() + 2;
        const qsizetype next = rest.indexOf("\r\n" + border, start);
        if (next < 0) break;
        QByteArray name;
        const Attachment part = readPart(rest.mid(start, next - start), name);
        if (name == "payload_json")
            message.body = QJsonDocument::fromJson(part.content).object();
        else if (name.startsWith("files["))
            message.files.push_back(part);
        at = next + 2;
    }
    return message;
}

}  // namespace

Result<PostedMessage> readPost(const StandInRequest& request) {
    PostedMessage message;
    const QByteArray type = request.header("content-type");
    if (type.startsWith("multipart/form-data")) {
        QByteArray boundary = type.mid(type.indexOf("boundary=") + 9).trimmed();
        if (boundary.startsWith('"')) boundary = boundary.mid(1, boundary.indexOf('"', 1) - 1);
        auto read = readMultipart(request, boundary);
        if (!read) return read;
        message = *read;
    } else if (type.startsWith("application/json")) {
        const QJsonDocument document = QJsonDocument::fromJson(request.body);
        if (!document.isObject()) return fail(ErrorCode::Parse, QStringLiteral("not JSON"));
        message.body = document.object();
    } else {
        return fail(ErrorCode::Refused, QStringLiteral("no content type"));
    }
    message.content = message.body.value(u"content").toString();
    message.silent = (message.body.value(u"flags").toInt() & 4096) != 0;
    return message;
}

std::optional<QJsonObject> refusalOf(const PostedMessage& message) {
    const QJsonObject& body = message.body;
    const QJsonArray embeds = body[u"embeds"].toArray();
    if (message.content.trimmed().isEmpty() && embeds.isEmpty() && message.files.isEmpty())
        return QJsonObject{
            {QStringLiteral("code"), 50006},
            {QStringLiteral("message"), QStringLiteral("Cannot send an empty message")}};
    qsizetype total = 0;
    for (const Attachment& file : message.files) {
        total += file.content.size();
        if (file.content.size() > kLargestFile || total > kLargestRequest)
            return QJsonObject{
                {QStringLiteral("code"), 40005},
                {QStringLiteral("message"), QStringLiteral("Request entity too large")}};
    }
    FormErrors errors;
    errors.limit({QStringLiteral("content")}, message.content, 2000);
    checkEmbeds(embeds, errors);
    checkMentions(body[u"allowed_mentions"], errors);
    if (message.files.size() > 10)
        errors.add({QStringLiteral("attachments")}, QStringLiteral("BASE_TYPE_MAX_LENGTH"),
                   QStringLiteral("Must be 10 or fewer in length."));
    if (body.contains(u"username")) {
        const QString username = body[u"username"].toString();
        errors.limit({QStringLiteral("username")}, username, 80);
        if (username.contains(QStringLiteral("discord"), Qt::CaseInsensitive) ||
            username.contains(QStringLiteral("clyde"), Qt::CaseInsensitive))
            errors.add({QStringLiteral("username")}, QStringLiteral("USERNAME_INVALID_CONTAINS"),
                       QStringLiteral("Username cannot contain that word"));
    }
    return errors.answer();
}

void resolvePings(PostedMessage& message) {
    static const QRegularExpression roleRule(QStringLiteral("<@&(\\d+)>"));
    static const QRegularExpression userRule(QStringLiteral("<@!?(\\d+)>"));
    static const QRegularExpression everyoneRule(QStringLiteral("@(everyone|here)\\b"));
    const bool given = message.body.value(u"allowed_mentions").isObject();
    const QJsonObject allowed = message.body.value(u"allowed_mentions").toObject();
    const QJsonArray parse =
        given ? allowed[u"parse"].toArray() : QJsonArray{QStringLiteral("users")};

    const auto collect = [&](const QRegularExpression& rule, const QString& kind) {
        QStringList pinged;
        auto it = rule.globalMatch(message.content);
        while (it.hasNext()) {
            const QString id = it.next().captured(1);
            const bool allowedHere = parse.contains(QJsonValue(kind)) ||
                                     allowed[kind].toArray().contains(QJsonValue(id));
            if (allowedHere && !pinged.contains(id)) pinged << id;
        }
        return pinged;
    };
    message.pingedRoles = collect(roleRule, QStringLiteral("roles"));
    message.pingedUsers = collect(userRule, QStringLiteral("users"));
    message.pingsEveryone = parse.contains(QJsonValue(QStringLiteral("everyone"))) &&
                            everyoneRule.match(message.content).hasMatch();
}

}  // namespace tocsin::drill

#include "plugins/sources/alertmanager/alertsjson.h"

#include <simdjson.h>

#include <QCryptographicHash>
#include <QJsonDocument>
#include <array>

#include "plugins/sources/alertmanager/timestamp.h"
#include "sdk/async.h"

namespace tocsin::alertmanager {
namespace {

namespace json = simdjson::dom;

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

/// Label names and most values come again in every alert: one copy serves them all. Not longer than
/// the document they stand in.
class Words {
public:
    QString shared(std::string_view utf8) {
        Word& word = m_words[std::hash<std::string_view>{}(utf8) % m_words.size()];
        if (word.utf8 != utf8) word = {utf8, text(utf8)};
        return word.text;
    }

private:
    struct Word {
        std::string_view utf8;
        QString text;
    };
    std::array<Word, 256> m_words;
};

QString text(const json::element& value, Words& words) {
    if (std::string_view string; value.get(string) == simdjson::SUCCESS)
        return words.shared(string);
    if (value.is_object() || value.is_array() || value.is_null()) return {};
    return text(simdjson::minify(value));  // a number or a truth value, as it was written
}

/// Empty where there is no such field.
QString text(const json::object& object, std::string_view field, Words& words) {
    json::element value;
    return object.at_key(field).get(value) == simdjson::SUCCESS ? text(value, words) : QString();
}

QStringList textsAt(const json::object& object, std::string_view field, Words& words) {
    QStringList list;
    json::array found;
    if (object.at_key(field).get(found) == simdjson::SUCCESS)
        for (const json::element& value : found)
            list.append(text(value, words));
    return list;
}

QMap<QString, QString> textMap(const json::object& object, std::string_view field, Words& words) {
    QMap<QString, QString> map;
    json::object found;
    if (object.at_key(field).get(found) != simdjson::SUCCESS) return map;
    for (const auto& [key, value] : found)  // Go sorts its keys: mostly an insertion at the end
        map.insert(map.cend(), words.shared(key), text(value, words));
    return map;
}

QString firstOf(const QMap<QString, QString>& map, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const QString text = map.value(QLatin1String(name)); !text.isEmpty()) return text;
    return {};
}

QString hashOf(const QMap<QString, QString>& labels) {
    QCryptographicHash hash(QCryptographicHash::Sha1);
    for (auto it = labels.begin(); it != labels.end(); ++it) {
        hash.addData(it.key().toUtf8() + '\0');
        hash.addData(it.value().toUtf8() + '\0');
    }
    return QString::fromLatin1(hash.result().toHex().left(16));
}

AlertState stateOf(const json::object& alert, QVector<Suppression>& suppressions, Words& words) {
    json::object status;
    if (alert.at_key("status").get(status) != simdjson::SUCCESS) return AlertState::Firing;
    const QStringList silences = textsAt(status, "silencedBy", words);
    const QStringList inhibitors = textsAt(status, "inhibitedBy", words);
    const QStringList mutes = textsAt(status, "mutedBy", words);
    for (const QString& id : silences + inhibitors)
        suppressions.append({id, {}, {}, {}});
    for (const QString& id : mutes)
        suppressions.append({id, {}, QStringLiteral("muted by time interval"), {}});
    if (!silences.isEmpty() || !mutes.isEmpty()) return AlertState::Silenced;
    if (!inhibitors.isEmpty()) return AlertState::Inhibited;
    // "suppressed" without a reason: someone keeps it quiet all the same.
    if (text(status, "state", words) == QLatin1String("suppressed")) return AlertState::Silenced;
    return AlertState::Firing;  // "active", "unprocessed", and words of later versions
}

Alert alertFrom(const json::object& object, Words& words) {
    Alert alert;
    alert.labels = textMap(object, "labels", words);
    alert.annotations = textMap(object, "annotations", words);
    alert.fingerprint = text(object, "fingerprint", words);
    if (alert.fingerprint.isEmpty()) alert.fingerprint = hashOf(alert.labels);
    alert.key = keyOf(alert.labels);
    alert.severity = severityFromText(firstOf(alert.labels, {"severity", "priority", "level"}));
    alert.state = stateOf(object, alert.suppressions, words);
    alert.startsAt = timeFromText(text(object, "startsAt", words));
    alert.updatedAt = timeFromText(text(object, "updatedAt", words));
    alert.summary = firstOf(alert.annotations, {"summary", "message", "description"});
    alert.generatorUrl = QUrl(text(object, "generatorURL", words));
    return alert;
}

/// The fast reader does not say where it stopped; Qt's does.
tl::unexpected<Error> complaint(const QByteArray& bytes, simdjson::error_code code) {
    QJsonParseError problem;
    (void)QJsonDocument::fromJson(bytes, &problem);
    if (problem.error == QJsonParseError::NoError)
        return fail(ErrorCode::Parse, text(simdjson::error_message(code)));
    return fail(ErrorCode::Parse, QStringLiteral("%1 at byte %2 of %3")
                                      .arg(problem.errorString())
                                      .arg(problem.offset)
                                      .arg(bytes.size()));
}

}  // namespace

QString keyOf(const QMap<QString, QString>& labels) {
    const QString key = firstOf(labels, {"alert_key", "alertname"});
    return key.isEmpty() ? QStringLiteral("unnamed") : key;
}

Result<QVector<Alert>> alertsFromJson(const QByteArray& bytes) {
    json::parser parser;
    json::element document;
    const auto problem = parser.parse(bytes.constData(), std::size_t(bytes.size())).get(document);
    if (problem != simdjson::SUCCESS) return complaint(bytes, problem);
    json::array array;
    if (document.get(array) != simdjson::SUCCESS)
        return fail(ErrorCode::Parse, QStringLiteral("JSON, but not a list of alerts"));
    std::vector<json::object> objects;
    objects.reserve(array.size());
    for (const json::element& value : array)
        if (json::object object; value.get(object) == simdjson::SUCCESS) objects.push_back(object);
    // Every processor makes its share: the reading is done, but an alert is fifty small strings.
    QVector<QVector<Alert>> parts =
        computedInShares(qsizetype(objects.size()), [&objects](const Share& share) {
            Words words;
            QVector<Alert> alerts;
            alerts.reserve(share.end - share.begin);
            for (qsizetype i = share.begin; i < share.end; ++i)
                alerts.append(alertFrom(objects[std::size_t(i)], words));
            return alerts;
        });
    QVector<Alert> alerts;
    alerts.reserve(qsizetype(objects.size()));
    for (QVector<Alert>& part : parts)
        std::move(part.begin(), part.end(), std::back_inserter(alerts));
    return alerts;
}

}  // namespace tocsin::alertmanager

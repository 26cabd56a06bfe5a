// An incident as one document, on its way in. Everything is checked before anything is used.
#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>

#include "delivery/messagejson.h"
#include "incidents/archive.h"
#include "incidents/archiveformat.h"
#include "sdk/figures.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

constexpr qsizetype kMostEvents = 1000000, kMostMessages = 200000, kMostFiles = 10000;
constexpr qsizetype kLongestName = 200, kLongestText = 1024 * 1024;

using Fault = tl::unexpected<Error>;

Fault faultAt(const QString& place, const QString& expected) {
    return fail(
        ErrorCode::Parse,
        u"%1 must be %2. Nothing was imported; export the incident again."_s.arg(place, expected));
}

/// One object of the document, with its place for sentences. The first thing that is wrong is kept.
class ObjectReader {
public:
    ObjectReader(const QJsonObject& object, QString place)
        : m_object(object), m_place(std::move(place)) {}

    QString text(const QString& key, qsizetype longest, bool mayBeEmpty = true) {
        const QJsonValue value = m_object[key];
        const QString said = value.toString();
        if (!value.isString())
            complain(key, u"text"_s);
        else if (said.isEmpty() && !mayBeEmpty)
            complain(key, u"text that is not empty"_s);
        else if (said.size() > longest)
            complain(key, u"at most %1 characters long"_s.arg(longest));
        return said;
    }
    QDateTime time(const QString& key) {
        const QDateTime at =
            QDateTime::fromString(m_object[key].toString(), Qt::ISODateWithMs).toUTC();
        const bool isSane = at.isValid() && at.date().year() >= 1970 && at.date().year() < 3000;
        if (!isSane) complain(key, u"a time such as 2026-01-31T12:00:00.000Z"_s);
        return isSane ? at : QDateTime();
    }
    qint64 number(const QString& key) {
        if (!m_object[key].isDouble()) complain(key, u"a number"_s);
        return m_object[key].toInteger();
    }
    QJsonObject object(const QString& key) {
        if (!m_object[key].isObject()) complain(key, u"an object"_s);
        return m_object[key].toObject();
    }
    void complain(const QString& key, const QString& expected) {
        if (!m_fault) m_fault = faultAt(m_place + u'.' + key, expected).value();
    }
    const std::optional<Error>& fault() const { return m_fault; }

private:
    QJsonObject m_object;
    QString m_place;
    std::optional<Error> m_fault;
};

std::optional<delivery::EntryState> stateNamed(const QString& name) {
    using delivery::EntryState;
    for (const EntryState state :
         {EntryState::Intent, EntryState::Sending, EntryState::InDoubt, EntryState::Confirmed,
          EntryState::Failed, EntryState::Cancelled, EntryState::Folded})
        if (nameOf(state) == name) return state;
    return {};
}

Result<Event> readEvent(const QJsonObject& object, const QString& place) {
    static const QRegularExpression word(u"\\A[a-z][a-z0-9_-]{0,39}\\z"_s);
    ObjectReader reader(object, place);
    Event event;
    event.seq = reader.number(u"seq"_s);
    event.at = reader.time(u"at"_s);
    event.actor = reader.text(u"actor"_s, kLongestName);
    event.kind = reader.text(u"kind"_s, kLongestName, false);
    if (!word.match(event.kind).hasMatch())
        reader.complain(u"kind"_s, u"one word in small letters, such as note"_s);
    event.text = reader.text(u"text"_s, kLongestText);
    event.detail = reader.object(u"detail"_s);
    if (reader.fault()) return Fault(*reader.fault());
    return event;
}

Result<delivery::Entry> readEntry(const QJsonObject& object, const QString& place) {
    ObjectReader reader(object, place);
    delivery::Entry entry;
    entry.event = reader.text(u"event"_s, kLongestName, false);
    entry.channel = reader.text(u"channel"_s, kLongestName);
    const auto state = stateNamed(reader.text(u"state"_s, kLongestName));
    if (!state) reader.complain(u"state"_s, u"a state of the ledger, such as confirmed"_s);
    entry.state = state.value_or(delivery::EntryState::Failed);
    entry.tries = int(std::clamp<qint64>(reader.number(u"tries"_s), 0, 1000000));
    entry.createdAt = reader.time(u"created_at"_s);
    entry.changedAt = reader.time(u"changed_at"_s);
    entry.remoteId = reader.text(u"remote_id"_s, kLongestName);
    entry.answer = reader.text(u"answer"_s, kLongestText);
    entry.message = delivery::messageFromJson(reader.object(u"message"_s));
    if (reader.fault()) return Fault(*reader.fault());
    return entry;
}

Result<ArchivedFile> readFile(const QJsonObject& object, const QString& place) {
    ObjectReader reader(object, place);
    ArchivedFile out;
    out.file.name = reader.text(u"name"_s, kLongestName, false);
    out.file.type = reader.text(u"type"_s, kLongestName);
    out.file.sha256 = reader.text(u"sha256"_s, kLongestName);
    const auto content =
        QByteArray::fromBase64Encoding(reader.text(u"content"_s, 64 * kLongestText).toLatin1(),
                                       QByteArray::AbortOnBase64DecodingErrors);
    if (!content)
        reader.complain(u"content"_s, u"base64"_s);
    else if (content.decoded.size() > EvidenceFiles::kLargest)
        reader.complain(u"content"_s, u"at most %1"_s.arg(sizeText(EvidenceFiles::kLargest)));
    else if (QCryptographicHash::hash(content.decoded, QCryptographicHash::Sha256).toHex() !=
             out.file.sha256.toLatin1())
        reader.complain(u"sha256"_s, u"the SHA-256 of the content; the file was altered"_s);
    if (reader.fault()) return Fault(*reader.fault());
    out.content = content.decoded;
    out.file.bytes = out.content.size();
    return out;
}

/// Every item of the list `key`, read by `read`.
template <typename T>
Result<QVector<T>> readList(const QJsonObject& root, const QString& key, qsizetype most,
                            Result<T> (*read)(const QJsonObject&, const QString&)) {
    const QJsonValue value = root[key];
    if (!value.isArray()) return faultAt(key, u"a list"_s);
    const QJsonArray array = value.toArray();
    if (array.size() > most)
        return fail(ErrorCode::TooLarge,
                    u"%1 has %2 entries; at most %3 can be imported."_s.arg(key)
                        .arg(array.size())
                        .arg(most));
    QVector<T> out;
    out.reserve(array.size());
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString place = u"%1[%2]"_s.arg(key).arg(i);
        if (!array.at(i).isObject()) return faultAt(place, u"an object"_s);
        auto one = read(array.at(i).toObject(), place);
        if (!one) return Fault(one.error());
        out.append(*one);
    }
    return out;
}

Result<QJsonObject> rootOf(const QByteArray& json) {
    if (json.size() > kLargestArchive)
        return fail(ErrorCode::TooLarge, u"The file has %1; an incident has at most %2."_s.arg(
                                             sizeText(json.size()), sizeText(kLargestArchive)));
    QJsonParseError wrong;
    const QJsonDocument document = QJsonDocument::fromJson(json, &wrong);
    if (document.isNull())
        return fail(
            ErrorCode::Parse,
            u"The file is not JSON: %1 at byte %2. Nothing was imported."_s.arg(wrong.errorString())
                .arg(wrong.offset));
    const QJsonObject root = document.object();
    if (root[u"format"_s].toString() != kArchiveFormat)
        return fail(ErrorCode::Parse,
                    u"The file is not an exported incident. `tocsin incident export ID --format "
                    "json` writes one."_s);
    if (root[u"version"_s].toInteger() > kArchiveVersion)
        return fail(ErrorCode::Parse,
                    u"The file was written by a newer Tocsin. Import it with that version."_s);
    return root;
}

/// What the entries say about each other.
Result<void> checkWhole(const Archive& archive) {
    if (archive.events.isEmpty() || archive.events.first().kind != u"declared")
        return faultAt(u"timeline[0].kind"_s, u"declared: an incident begins with it"_s);
    QSet<qint64> seqs;
    for (qsizetype i = 0; i < archive.events.size(); ++i) {
        const Event& event = archive.events[i];
        if (i > 0 && event.kind == u"declared")
            return faultAt(u"timeline[%1].kind"_s.arg(i), u"another: it was declared already"_s);
        if (seqs.contains(event.seq))
            return faultAt(u"timeline[%1].seq"_s.arg(i), u"another number: it is there twice"_s);
        seqs.insert(event.seq);
    }
    QSet<QString> names;
    for (qsizetype i = 0; i < archive.messages.size(); ++i) {
        if (names.contains(archive.messages[i].event))
            return faultAt(u"messages[%1].event"_s.arg(i), u"another name: it is there twice"_s);
        names.insert(archive.messages[i].event);
    }
    return {};
}

}  // namespace

Result<Archive> readArchive(const QByteArray& json) {
    static const QRegularExpression idShape(u"\\AINC-[0-9]{1,15}\\z"_s);
    auto root = rootOf(json);
    if (!root) return Fault(root.error());
    Archive out;
    ObjectReader reader(*root, u"The document"_s);
    out.exportedAt = reader.time(u"exported_at"_s);
    out.id = reader.object(u"incident"_s)[u"id"_s].toString();
    if (!idShape.match(out.id).hasMatch())
        reader.complain(u"incident.id"_s, u"an id such as INC-42"_s);
    if (reader.fault()) return Fault(*reader.fault());
    auto events = readList<Event>(*root, u"timeline"_s, kMostEvents, readEvent);
    if (!events) return Fault(events.error());
    auto messages = readList<delivery::Entry>(*root, u"messages"_s, kMostMessages, readEntry);
    if (!messages) return Fault(messages.error());
    auto files = readList<ArchivedFile>(*root, u"files"_s, kMostFiles, readFile);
    if (!files) return Fault(files.error());
    out.events = *events;
    out.messages = *messages;
    out.files = *files;
    if (auto whole = checkWhole(out); !whole) return Fault(whole.error());
    return out;
}

}  // namespace tocsin::incidents

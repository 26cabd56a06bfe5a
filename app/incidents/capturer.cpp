#include "incidents/capturer.h"

#include <QJsonArray>

#include "incidents/changeevents.h"
#include "inspection/replyjson.h"
#include "sdk/async.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

constexpr qsizetype kRowsKept = 200;
constexpr qsizetype kBytesKept = 64 * 1024;
const QString kMachine = u"Tocsin"_s;

QJsonArray keptRows(const ResultSet& set) {
    QJsonArray rows;
    qsizetype bytes = 0;
    for (qsizetype r = 0; r < std::min(set.rowCount(), kRowsKept); ++r) {
        QJsonArray row;
        for (qsizetype c = 0; c < set.columns().size(); ++c) {
            const auto cell = set.cell(r, c);
            bytes += cell ? cell->size() : 4;
            row.append(cell ? QJsonValue(QString::fromUtf8(*cell)) : QJsonValue::Null);
        }
        if (bytes > kBytesKept) break;
        rows.append(row);
    }
    return rows;
}

}  // namespace

QJsonObject keptResult(const QueryResult& result) {
    QJsonObject out{{u"receipt"_s, result.receipt.toJson()}};
    if (result.reply) out[u"reply"_s] = inspection::toJson(*result.reply);
    if (!result.rows) return out;
    QJsonArray columns;
    for (const Column& column : result.rows->columns())
        columns.append(QJsonObject{{u"name"_s, column.name}, {u"type"_s, column.type}});
    out[u"columns"_s] = columns;
    out[u"rows"_s] = keptRows(*result.rows);
    out[u"row_count"_s] = qint64(result.rows->rowCount());
    return out;
}

Capturer::Capturer(store::Database& db, Journal& journal, Clock& clock,
                   const QVector<inspection::Connection*>& connections, QObject* parent)
    : QObject(parent), m_db(db), m_journal(journal), m_clock(clock) {
    setConnections(connections);
    connect(&journal, &Journal::eventAppended, this, [this](const Event& event) {
        if (event.kind == u"declared") captureFor({event.incident, u"at declaration"_s, event.seq});
        if (event.kind == u"resolved") captureFor({event.incident, u"at resolution"_s, event.seq});
    });
    reload();
}

Capturer::~Capturer() = default;

void Capturer::setConnections(const QVector<inspection::Connection*>& connections) {
    for (inspection::Connection* connection : connections)
        if (!m_connections.contains(connection)) watch(connection);
    m_connections = connections;
}

void Capturer::watch(inspection::Connection* connection) {
    // Emitted before the change is queued: what is asked here is answered before it.
    connect(connection, &inspection::Connection::changeAsked, this,
            [this, name = connection->info().name](const QString& statement) {
                changeAsked(name, statement);
            });
    connect(connection, &inspection::Connection::changeEnded, this,
            [this, name = connection->info().name] { changeEnded(name); });
}

void Capturer::changeAsked(const QString& connection, const QString& statement) {
    captureOpen({.moment = u"before “%1”"_s.arg(shortStatement(statement)),
                 .changing = connection,
                 .change = ++m_asked[connection]});
}

void Capturer::changeEnded(const QString& connection) {
    ++m_ended[connection];
    captureOpen({.moment = u"after the change"_s});
}

void Capturer::captureOpen(Occasion occasion) {
    for (const Incident& incident : m_journal.open()) {
        occasion.incident = incident.id;
        captureFor(occasion);
    }
}

void Capturer::captureFor(const Occasion& occasion) {
    for (const Pin& pin : std::as_const(m_pins))
        ask(pin, occasion);
}

void Capturer::reload() {
    whenDone(m_db.read<QVector<Pin>>([](store::Transaction& tx) { return pinsIn(tx); }), this,
             [this](const Result<QVector<Pin>>& pins) {
                 if (!pins) return;
                 m_pins = *pins;
                 emit pinsChanged();
             });
}

QFuture<Result<Pin>> Capturer::pin(const Pin& wanted) {
    Pin pin = wanted;
    pin.at = m_clock.now();
    return chained(m_db.write<Pin>([pin](store::Transaction& tx) { return addPin(tx, pin); }), this,
                   [this](const Result<Pin>& added) {
                       if (added) {
                           m_pins.append(*added);
                           emit pinsChanged();
                           for (const Incident& incident : m_journal.open())
                               ask(*added, {incident.id, u"when it was pinned"_s});
                       }
                       return added;
                   });
}

QFuture<Result<void>> Capturer::unpin(qint64 id) {
    return chained(m_db.write<void>([id](store::Transaction& tx) { return removePin(tx, id); }),
                   this, [this, id](const Result<void>& removed) {
                       m_pins.removeIf([id](const Pin& pin) { return pin.id == id; });
                       emit pinsChanged();
                       return removed;
                   });
}

void Capturer::capture(const QString& incident, const QString& moment) {
    captureFor({incident, moment});
}

inspection::Connection* Capturer::find(const QString& name) const {
    for (inspection::Connection* connection : m_connections)
        if (connection->info().name == name) return connection;
    return nullptr;
}

void Capturer::ask(const Pin& pin, const Occasion& occasion) {
    ++m_underWay;
    inspection::Connection* connection = find(pin.connection);
    if (!connection)
        return record(
            pin, occasion,
            fail(ErrorCode::NotFound,
                 u"The workspace has no connection “%1” any more."_s.arg(pin.connection)));
    whenDone(connection->look(pin.statement), this,
             [=, this](const Result<QueryResult>& result) { record(pin, occasion, result); });
}

/// Through the connection that changes, answers come in the order they were asked for; through
/// another one they need not.
bool Capturer::cameLate(const Pin& pin, const Occasion& occasion) const {
    return !occasion.changing.isEmpty() && occasion.changing != pin.connection &&
           m_ended.value(occasion.changing) >= occasion.change;
}

void Capturer::record(const Pin& pin, const Occasion& occasion, const Result<QueryResult>& result) {
    const bool late = cameLate(pin, occasion);
    const QString moment = late ? occasion.moment + u", answered only after it"_s : occasion.moment;
    QJsonObject detail = result ? keptResult(*result) : QJsonObject();
    detail[u"pin"_s] = pin.id;
    detail[u"connection"_s] = pin.connection;
    detail[u"statement"_s] = pin.statement;
    detail[u"moment"_s] = moment;
    detail[u"key"_s] = QJsonArray::fromStringList(pin.keys);
    if (!result) {
        detail[u"error"_s] = nameOf(result.error().code);
        detail[u"message"_s] = result.error().message;
    }
    const QString what = u"%1 on %2"_s.arg(shortStatement(pin.statement), pin.connection);
    const QString said = !result        ? result.error().message
                         : result->rows ? (result->rows->rowCount() == 1
                                               ? u"1 row"_s
                                               : u"%1 rows"_s.arg(result->rows->rowCount()))
                                        : u"answered"_s;
    if (late) detail[u"late"_s] = true;
    if (occasion.cause > 0) detail[u"cause"_s] = occasion.cause;
    write({0, occasion.incident, m_clock.now(), kMachine, u"captured"_s,
           u"pinned %1, %2: %3"_s.arg(what, moment, said), detail});
}

void Capturer::write(const Event& capture) {
    whenDone(m_db.write<std::optional<Event>>(
                 [capture](store::Transaction& tx) { return appendCapture(tx, capture); }),
             this, [this](const Result<std::optional<Event>>& written) {
                 if (!written)
                     emit m_journal.failed(written.error());
                 else if (*written)
                     m_journal.announce({**written});
                 if (--m_underWay == 0) emit idle();
             });
}

}  // namespace tocsin::incidents

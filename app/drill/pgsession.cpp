#include "drill/pgsession.h"

#include <libpq-fe.h>

namespace tocsin::drill {

void PgSession::Closer::operator()(pg_conn* connection) const {
    PQfinish(connection);
}

PgSession::PgSession(const QString& url, const QString& name, QObject* parent) : QObject(parent) {
    const QByteArray target = url.toUtf8() + "?connect_timeout=3&application_name=" + name.toUtf8();
    m_connection.reset(PQconnectdb(target.constData()));
    if (!isOpen()) return;
    m_notifier =
        std::make_unique<QSocketNotifier>(PQsocket(m_connection.get()), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &PgSession::read);
}

PgSession::~PgSession() = default;

bool PgSession::isOpen() const {
    return PQstatus(m_connection.get()) == CONNECTION_OK;
}

void PgSession::send(const QString& sql) {
    m_busy = PQsendQuery(m_connection.get(), sql.toUtf8().constData()) == 1;
    PQflush(m_connection.get());
}

void PgSession::read() {
    const bool readable = PQconsumeInput(m_connection.get()) == 1;
    if (m_busy && !PQisBusy(m_connection.get())) {
        QStringList row;
        bool good = true;
        while (PGresult* result = PQgetResult(m_connection.get())) {
            const ExecStatusType status = PQresultStatus(result);
            good = good && (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
            row.clear();
            for (int i = 0; PQntuples(result) > 0 && i < PQnfields(result); ++i)
                row << QString::fromUtf8(PQgetvalue(result, 0, i));
            PQclear(result);
        }
        m_busy = false;
        emit finished(row, good);
    }
    if (readable && isOpen()) return;
    m_notifier->setEnabled(false);
    emit broken();
}

}  // namespace tocsin::drill

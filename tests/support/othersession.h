#pragma once
#include <QProcess>
#include <QUrl>
#include <memory>

#include "tests/support/postgresserver.h"

namespace tocsin::support {

/// A session beside the console's, by psql: a transaction that holds a lock, or waits for one. It
/// ends with this object, and what it had open is rolled back.
class OtherSession {
public:
    /// As superuser, or over `url`.
    OtherSession(const PostgresServer& server, const QString& application, const QString& url = {})
        : m_process(new QProcess) {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PGAPPNAME"), application);
        m_process->setProcessEnvironment(environment);
        m_process->start(drill::LocalPostgres::binaryFolder() + QStringLiteral("/psql"),
                         {QStringLiteral("-XAtq"), QStringLiteral("-d"),
                          url.isEmpty() ? server.superuserUrl() : url});
    }
    /// Sent, not waited for.
    void say(const char* sql) const {
        m_process->write(sql);
        m_process->write("\n");
    }
    ~OtherSession() {
        m_process->kill();
        m_process->waitForFinished();
    }

private:
    std::unique_ptr<QProcess> m_process;
};

}  // namespace tocsin::support

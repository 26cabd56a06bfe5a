#include "plugins/engines/postgres/servererror.h"

#include <QHash>
#include <QRegularExpression>

#include "plugins/engines/postgres/lexer.h"

namespace tocsin::postgres {
namespace {

struct Meaning {
    ErrorCode code;
    QString advice;  ///< a sentence; %1 is the connection, %2 the role, %3 the database
};

Meaning m(ErrorCode code, const char* advice) {
    return {code, QString::fromUtf8(advice)};
}

const QHash<QByteArray, Meaning>& meanings() {
    static const QHash<QByteArray, Meaning> list{
        {"28P01", m(ErrorCode::Auth,
                    "%1 refuses the password of role %2. Mend the secret that the connection's "
                    "password names, then try again.")},
        {"28000", m(ErrorCode::Auth,
                    "%1 does not let role %2 in from here. Ask for a line in pg_hba.conf, or use "
                    "another role.")},
        {"3D000", m(ErrorCode::NotFound,
                    "There is no database %3 on %1. Mend the end of the connection's url.")},
        {"53300", m(ErrorCode::Unavailable,
                    "%1 has no free connection slot. Free one (end idle sessions, stop a pool), "
                    "or connect as a role with reserved slots.")},
        {"57P03", m(ErrorCode::Unavailable,
                    "%1 is starting, stopping or recovering. Try again in a moment.")},
        {"57P01", m(ErrorCode::Unavailable,
                    "Somebody ended this session on %1, or the server is being stopped. Nothing "
                    "was repeated; run it again to connect anew.")},
        {"57P02",
         m(ErrorCode::Unavailable,
           "%1 restarts after a crash of one of its processes. Run it again in a moment.")},
        {"57P05",
         m(ErrorCode::Unavailable, "%1 ended the idle session. Run it again to connect anew.")},
        {"25P03", m(ErrorCode::Unavailable,
                    "%1 ended the session because a transaction stayed idle. Run it again.")},
        {"55P03", m(ErrorCode::Timeout,
                    "It waited too long for a lock on %1. Look at Activity to see who holds it.")},
        {"25006", m(ErrorCode::Refused,
                    "%1 refused it: the transaction is read-only and this would change "
                    "something.")},
        {"25001", m(ErrorCode::Refused,
                    "PostgreSQL does not run this inside a transaction, and the console changes "
                    "things only inside one. Use psql for it.")},
        {"42501",
         m(ErrorCode::Auth,
           "Role %2 may not do that on %1: %4. Ask for the right, or use another connection.")},
        {"40P01", m(ErrorCode::Unavailable,
                    "%1 broke a deadlock by stopping this statement. Run it again.")},
        {"40001", m(ErrorCode::Unavailable,
                    "A conflict with another transaction, or with recovery on a replica, stopped "
                    "it. Run it again.")},
        {"53100", m(ErrorCode::Unavailable, "The disk of %1 is full. Free space there first.")},
        {"53200", m(ErrorCode::Unavailable, "%1 is out of memory. Ask for less at once.")},
        {"54001", m(ErrorCode::Refused, "The statement is too complex for %1. Split it.")},
    };
    return list;
}

/// By the first two characters, where no single code says more.
Meaning meaningOfClass(const QByteArray& state) {
    const QByteArray family = state.left(2);
    if (state == "42601") return m(ErrorCode::Parse, "Mend it where the mark is.");
    // 08P01 is a breach of protocol: here that a statement came without its parameters.
    if (state == "42P02" || state == "08P01")
        return m(ErrorCode::Parse,
                 "Placeholders such as $1 must be filled in: write the values in their place.");
    if (state == "42P01" || state == "42703" || state == "42883" || state == "3F000")
        return m(ErrorCode::NotFound,
                 "Check the spelling and the quotes (\"mixedCase\" needs "
                 "them).");
    if (family == "42") return m(ErrorCode::Parse, "Mend the statement.");
    if (family == "22") return m(ErrorCode::Refused, "A value does not fit; mend it.");
    if (family == "23")
        return m(ErrorCode::Refused,
                 "A constraint of the table said no; nothing "
                 "was changed.");
    if (family == "08") return m(ErrorCode::Network, "Run it again to connect anew.");
    if (family == "53" || family == "57" || family == "58")
        return m(ErrorCode::Unavailable, "Try again in a moment.");
    return m(ErrorCode::Refused, "");
}

/// %4: the server's own words.
QString filled(const QString& advice, const Target& target, const QString& primary = {}) {
    return QString(advice)
        .replace(QStringLiteral(": %4"),
                 primary.isEmpty() ? QString() : QStringLiteral(": ") + primary)
        .replace(QStringLiteral("%1"), target.connection)
        .replace(QStringLiteral("%2"), target.user)
        .replace(QStringLiteral("%3"), target.database);
}

QString field(const PGresult* result, int code) {
    return QString::fromUtf8(PQresultErrorField(result, code));
}

QString withFullStop(QString text) {
    if (!text.isEmpty() && !text.endsWith(u'.')) text += u'.';
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

/// Where in PostgreSQL's own source an error was raised helps nobody here.
Error said(ErrorCode code, const QString& message, QString detail) {
    static const QRegularExpression location(QStringLiteral("\\n?LOCATION:[^\\n]*"));
    detail.remove(location);
    return {code, redact(message), redact(detail.trimmed())};
}

/// Messages of libpq itself, which carry no SQLSTATE and are not translated by the server.
std::optional<Meaning> meaningOfText(const QString& text) {
    struct Hint {
        const char* words;
        ErrorCode code;
        const char* advice;
    };
    static const Hint hints[] = {
        {"Connection refused", ErrorCode::Network,
         "Nothing listens there. Check host and port of %1, and whether the server runs."},
        {"could not translate host name", ErrorCode::Network,
         "The name of the host of %1 is not known here. Check the url, DNS and the VPN."},
        {"timeout expired", ErrorCode::Timeout,
         "%1 did not answer in time. Check the network, the VPN and the firewall."},
        {"No such file or directory", ErrorCode::Network,
         "Nothing listens on that local socket. Check whether the server of %1 runs."},
        {"does not match host name", ErrorCode::Auth,
         "The certificate that %1 shows is for another host, so it may be another server. Write "
         "the name that it was made for into the url, or ask for a right certificate."},
        {"certificate verify failed", ErrorCode::Auth,
         "The certificate of %1 is not believed: it has expired, or the authority in sslrootcert "
         "did not sign it. `openssl s_client -starttls postgres -connect HOST:PORT` shows it."},
        {"root certificate file", ErrorCode::Config,
         "The file that sslrootcert of %1 names cannot be used. Mend its path, or take "
         "sslrootcert=system where the authority is a public one."},
        {"does not support SSL", ErrorCode::Auth,
         "%1 does not offer encryption, and sslmode wants it. Nothing was sent. Have the server "
         "set up for it; sslmode=disable would send all in the clear."},
        {"certificate", ErrorCode::Auth,
         "The certificate of %1 was not accepted. Check sslmode and sslrootcert in the url."},
        {"SSL", ErrorCode::Network,
         "%1 and the console do not agree on encryption. Check sslmode in the url."},
    };
    for (const Hint& hint : hints)
        if (text.contains(QString::fromLatin1(hint.words))) return m(hint.code, hint.advice);
    return std::nullopt;
}

}  // namespace

QByteArray sqlState(const PGresult* result) {
    return result ? QByteArray(PQresultErrorField(result, PG_DIAG_SQLSTATE)) : QByteArray();
}

bool endsSession(const PGresult* result) {
    const QByteArray severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity == "FATAL" || severity == "PANIC";
}

Error statementError(const PGresult* result, const QString& text, int prefix,
                     const Target& target) {
    const QByteArray state = sqlState(result);
    const QString primary = field(result, PG_DIAG_MESSAGE_PRIMARY);
    const auto exact = meanings().find(state);
    const Meaning meaning = exact != meanings().end() ? *exact : meaningOfClass(state);
    const QString hint = field(result, PG_DIAG_MESSAGE_HINT);
    QString message = exact != meanings().end() ? filled(meaning.advice, target, primary)
                                                : withFullStop(primary) + u' ' + meaning.advice;
    if (exact == meanings().end() && !hint.isEmpty()) message += u' ' + withFullStop(hint);
    Error error =
        said(meaning.code, message.simplified(),
             QStringLiteral("%1 %2 %3")
                 .arg(QString::fromLatin1(state), primary, field(result, PG_DIAG_MESSAGE_DETAIL)));
    const int position = field(result, PG_DIAG_STATEMENT_POSITION).toInt() - 1 - prefix;
    if (position >= 0) error.position = utf16Offset(text, position);
    return error;
}

Error connectError(const QString& text, const Target& target) {
    static const QRegularExpression state(QStringLiteral(":\\s+(?=[A-Z]*[0-9])([0-9A-Z]{5}): "));
    if (text.contains(QStringLiteral("no password supplied")))
        return said(ErrorCode::Auth,
                    QStringLiteral("%1 wants a password for role %2 and the connection names none. "
                                   "Add `password: keychain:%1` to it and store the password under "
                                   "that name.")
                        .arg(target.connection, target.user),
                    text);
    if (const auto match = state.match(text); match.hasMatch()) {
        const auto found = meanings().find(match.captured(1).toLatin1());
        if (found != meanings().end())
            return said(found->code, filled(found->advice, target), text);
    }
    if (const auto hint = meaningOfText(text))
        return said(hint->code, filled(hint->advice, target), text);
    return said(ErrorCode::Network,
                QStringLiteral("Could not connect to %1 at %2. Check the url and the server.")
                    .arg(target.connection, target.address()),
                text);
}

Error brokenError(const QString& text, const Target& target, const QString& doing) {
    return said(ErrorCode::Network,
                QStringLiteral("The connection to %1 broke while %2. Nothing is repeated by "
                               "itself; run it again to connect anew.")
                    .arg(target.connection, doing),
                text);
}

}  // namespace tocsin::postgres

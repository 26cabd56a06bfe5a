#include "runbooks/runbook.h"

namespace tocsin::runbooks {

QString toString(BlockKind kind) {
    switch (kind) {
        case BlockKind::Postgres:
            return QStringLiteral("postgres");
        case BlockKind::Redis:
            return QStringLiteral("redis");
        case BlockKind::Http:
            return QStringLiteral("http");
        case BlockKind::Link:
            return QStringLiteral("link");
        case BlockKind::Shell:
            break;
    }
    return QStringLiteral("shell");
}

QString toString(SectionKind kind) {
    switch (kind) {
        case SectionKind::Symptoms:
            return QStringLiteral("symptoms");
        case SectionKind::Immediate:
            return QStringLiteral("immediate");
        case SectionKind::Investigation:
            return QStringLiteral("investigation");
        case SectionKind::Resolution:
            return QStringLiteral("resolution");
        case SectionKind::Prevention:
            return QStringLiteral("prevention");
        case SectionKind::Other:
            break;
    }
    return QStringLiteral("other");
}

QString toString(DocumentKind kind) {
    switch (kind) {
        case DocumentKind::Process:
            return QStringLiteral("process");
        case DocumentKind::Escalation:
            return QStringLiteral("escalation");
        case DocumentKind::Contacts:
            return QStringLiteral("contacts");
        case DocumentKind::Runbook:
            break;
    }
    return QStringLiteral("runbook");
}

QString slug(const QString& title) {
    QString result;
    for (const QChar c : title.trimmed().toLower()) {
        if (c.isLetterOrNumber() || c == u'_' || c == u'-')
            result += c;
        else if (c.isSpace())
            result += u'-';
    }
    return result;
}

}  // namespace tocsin::runbooks

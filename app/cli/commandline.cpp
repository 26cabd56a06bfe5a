#include "cli/commandline.h"

#include "cli/output.h"

namespace tocsin::cli {

CommandLine::CommandLine(const char* name) : m_command(findCommand(QLatin1String(name))) {
    m_parser.addOption({QStringLiteral("workspace"),
                        QStringLiteral("Folder with tocsin.yaml (else $TOCSIN_WORKSPACE)."),
                        QStringLiteral("DIR")});
    m_parser.addOption({QStringLiteral("data"),
                        QStringLiteral("Folder for incidents and the ledger (else $TOCSIN_DATA)."),
                        QStringLiteral("DIR")});
    addFlag(QStringLiteral("json"), QStringLiteral("Print one JSON document."));
    m_parser.addOption(
        {{QStringLiteral("h"), QStringLiteral("help")}, QStringLiteral("Show this help.")});
}

void CommandLine::addFlag(const QString& name, const QString& help) {
    m_parser.addOption({name, help});
}

void CommandLine::addValue(const QString& name, const QString& help, const QString& valueName) {
    m_parser.addOption({name, help, valueName});
}

bool CommandLine::read(const QStringList& args, const Done& done) {
    m_args = args;
    if (!m_parser.parse(QStringList{QStringLiteral("tocsin")} + args)) {
        refuse(m_parser.errorText(), done);
        return false;
    }
    for (const char* option : {"workspace", "data"}) {
        if (!isSet(option) || !value(option).isEmpty()) continue;
        refuse(QStringLiteral("--%1 needs a folder.").arg(QLatin1String(option)), done);
        return false;
    }
    if (!isSet("help")) return true;
    print(m_parser.helpText().replace(
        QRegularExpression(QStringLiteral("^Usage:[^\n]*")),
        QStringLiteral("Usage: %1\n%2").arg(usage(), QLatin1String(m_command->summary))));
    done(Success);
    return false;
}

void CommandLine::refuse(const QString& why, const Done& done) const {
    complain(why);
    complain(QStringLiteral("Usage: ") + usage());
    done(WrongUsage);
}

QString CommandLine::usage() const {
    return QStringLiteral("tocsin %1 %2")
        .arg(QLatin1String(m_command->name), QString::fromUtf8(m_command->synopsis));
}

}  // namespace tocsin::cli

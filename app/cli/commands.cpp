// The table of subcommands. To add one: write <name>.cpp with runName(), declare it in command.h,
// add it to CMakeLists.txt and give it a row here.
#include "cli/command.h"

namespace tocsin::cli {

const QVector<Command>& commands() {
    static const QVector<Command> table{
        {"check", "[--live]",
         "readiness: workspace, runbooks, secrets, links; --live also connects", runCheck},
        {"alerts", "[--watch]", "one round of every source", runAlerts},
        {"runbook", "list | show NAME | match LABEL=VALUE…", "the runbooks and which one answers",
         runRunbook},
        {"probe", "[NAME…]", "look at status pages and health endpoints", runProbe},
        {"channel", "list | test NAME…", "the places to post; test posts to one, mentioning nobody",
         runChannel},
        {"query",
         "CONNECTION STATEMENT [--format FORMAT] [--unlock --reason TEXT [--name CONNECTION] "
         "[--incident ID]]",
         "ask a database one guarded question", runQuery},
        {"incident",
         "list | show ID | declare --title T --severity P1 [--alert FINGERPRINT]… | "
         "ack ID [--silence 30m] | note ID TEXT | post ID TEXT | escalate ID [--level N] | "
         "severity ID P1 | hold ID --for 15m --reason TEXT | phase ID PHASE | "
         "assess ID [--impact T] [--users T] [--services T] [--error-rate T] | "
         "role ID ROLE NAME [--remove] | task ID add|check|pass|done|drop … | "
         "attach ID [--alert FINGERPRINT]… [--key KEY]… | detach ID … | merge ID INTO | "
         "resolve ID [TEXT] [--verify 15m] | reopen ID [REASON] | simulate [--severity P1] | "
         "export ID --format md|html|pdf|json | import FILE | stats [--days N]",
         "declare, follow and close incidents", runIncident},
        {"serve", "", "sources, escalation and delivery without a window", runServe},
        {"drill", "[list | SCENARIO] [--headless [--rehearse]] [--speed N]",
         "rehearse an incident on local servers", runDrill},
        {"secret", "set NAME | delete NAME", "keep a secret in the desktop's keyring", runSecret},
    };
    return table;
}

const Command* findCommand(const QString& name) {
    for (const Command& command : commands())
        if (name == QLatin1String(command.name)) return &command;
    return nullptr;
}

}  // namespace tocsin::cli

#pragma once
#include "announcements/runbooklinks.h"
#include "escalation/ladder.h"
#include "incidents/incident.h"
#include "incidents/practice.h"
#include "sdk/message.h"
#include "workspace/wording.h"

namespace tocsin::announcements {

/// What an incident's card says, as the store has it.
struct CardFacts {
    incidents::Incident incident;
    escalation::Ladder ladder;
    QString lastUpdate;    ///< text of the last update, as its author wrote it; may be empty
    QString fix;           ///< what fixed it; only once resolved
    QDateTime nextUpdate;  ///< UTC; when the commander owes the next one; invalid: not any more
};

/// How cards are written: the workspace's wording, where runbooks are read, how often it updates.
struct CardStyle {
    workspace::Wordings wordings = {};
    RunbookLinks links = {};
    /// When updates are owed, by severity.
    QMap<incidents::Priority, incidents::UpdateRhythm> updates = {};
};

/// The incident's card: one embed, no text beside it, silent because the page rings. Everything
/// from outside is escaped. It says only what lasts: times are `<t:…>`, counted on by the reader's
/// client, so that the same facts always make the same card. Pure.
Message cardMessage(const CardFacts& facts, const CardStyle& style);

/// What the placeholders of `card` and `update` come to.
QMap<QString, QString> incidentValues(const CardFacts& facts, const CardStyle& style);

/// One line per level: who, and what became of it or when it is due.
QString ladderLines(const escalation::Ladder& ladder);

}  // namespace tocsin::announcements

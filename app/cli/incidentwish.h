#pragma once
#include "cli/commandline.h"
#include "incidents/deeds.h"

namespace tocsin::cli {

/// What was asked of an incident. The command line itself does not outlive the call; this does.
struct IncidentWish {
    explicit IncidentWish(const CommandLine& line);

    /// Empty when the verb that only writes events has the words and options it needs.
    static QString wrongDeed(const CommandLine& line);
    static const QStringList& deedVerbs();  ///< assess, role, task, phase, attach, detach
    bool isDeed() const { return deedVerbs().contains(verb); }
    /// The deed of such a verb. Only after wrongDeed() said nothing.
    incidents::Deed deed() const;
    /// The word at a place after the id.
    QString word(int place) const { return words.value(place + 2); }
    /// The words from a place on, after the id.
    QString rest(int place) const { return words.mid(place + 2).join(u' '); }

    QStringList words;
    QString verb, id, text, title, severity, channel, reason;
    std::optional<std::chrono::milliseconds> length, checkBack, verify, silence;
    int level = 0;  ///< of the ladder; 0: the next
    QString by, owner;
    incidents::Assessment assessment;
    QStringList alerts, keys;
    bool remove = false;
    bool json = false;

private:
    incidents::Deed taskDeed() const;
};

}  // namespace tocsin::cli

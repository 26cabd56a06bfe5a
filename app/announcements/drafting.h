#pragma once
#include "incidents/incident.h"
#include "incidents/practice.h"
#include "workspace/wording.h"

/// Words for the commander to begin with. Never sent by themselves. `rhythm` is that of the
/// incident's severity: it says when the next update comes. Pure.
namespace tocsin::announcements {

/// The four updates that every incident has.
enum class Canned { Investigating, Identified, Monitoring, Resolved };
inline constexpr Canned kCanned[] = {Canned::Investigating, Canned::Identified, Canned::Monitoring,
                                     Canned::Resolved};
QString nameOf(Canned canned);  ///< "Investigating", …
QString cannedUpdate(Canned canned, const incidents::Incident& incident, const QDateTime& now,
                     const incidents::UpdateRhythm& rhythm = {});

/// What happened since the last update, for people outside: what was run, decided and found, the
/// newest eight of it, and when the next update comes. What came from outside is escaped.
QString draftUpdate(const incidents::Incident& incident, const QVector<incidents::Event>& timeline,
                    const QDateTime& now, const incidents::UpdateRhythm& rhythm = {});

/// An update in the workspace's wording. A wording without {{text}} gets the text at its end:
/// nothing of what was written is ever left out.
QString wordedUpdate(const QString& text, const incidents::Incident& incident, int number,
                     const QDateTime& now, const workspace::Wordings& wordings,
                     const incidents::UpdateRhythm& rhythm = {});

}  // namespace tocsin::announcements

#pragma once
#include <QHash>
#include <QObject>
#include <QSet>

#include "announcements/cardwording.h"
#include "delivery/standing.h"
#include "escalation/engine.h"
#include "incidents/journal.h"
#include "sdk/clock.h"
#include "store/database.h"

namespace tocsin::announcements {

/// What the card of an incident says now. Part of a caller's transaction. Errors: NotFound.
Result<CardFacts> cardFacts(store::Transaction& tx, const QString& id, const CardStyle& style,
                            const QDateTime& now);

/// Makes the incident's card in its channel say what the store says now: posts it, edits it, or
/// leaves it. Part of a caller's transaction. Nothing for an incident without a channel, and for
/// one whose card was finished when it was resolved.
Result<std::optional<delivery::Entry>> refreshCard(store::Transaction& tx, const QString& id,
                                                   const CardStyle& style, const QDateTime& now);

/// Keeps the card of every incident true: one post at the declaration, edited as phase, severity,
/// commander, ladder, alerts and updates change, finished when it is resolved. What changes within
/// a few seconds leaves as one edit. The engine's own moves write the card in their transaction, in
/// whatever process they happen. GUI thread. Must die before the Database and the Engine.
class Cards : public QObject {
    Q_OBJECT
public:
    Cards(store::Database& db, incidents::Journal& journal, escalation::Engine& engine,
          Clock& clock, QObject* parent = nullptr);
    ~Cards() override;

    /// May be set again, when runbooks were reloaded.
    void setStyle(const CardStyle& style);
    /// From now on this process keeps the cards; only the one that owns the engine calls it. Makes
    /// up for what changed while nobody did.
    /// All that it writes by itself is covered by `fence`; when that is lost it stands down.
    void start(const store::Fence& fence = {});
    void standDown();
    /// True while a change is not in the ledger yet.
    bool isBusy() const { return m_writing > 0; }

signals:
    void intentsWritten();
    void failed(const tocsin::Error& error);

private:
    void noteChange(const QString& incident);
    void refresh(const QString& incident);
    void catchUp();

    store::Database& m_db;
    Clock& m_clock;
    escalation::Engine& m_engine;
    CardStyle m_style;
    QHash<QString, std::chrono::milliseconds> m_lastEdit;  // by monotonic time
    QSet<QString> m_scheduled;
    store::Fence m_fence;
    bool m_started = false;
    int m_writing = 0;
};

}  // namespace tocsin::announcements

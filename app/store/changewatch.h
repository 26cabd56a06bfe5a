#pragma once
#include <QObject>

#include "sdk/clock.h"
#include "store/database.h"

namespace tocsin::store {

/// Notices that another process changed the store, within half a second: asks SQLite's
/// data_version, which only moves for the commits of others. GUI thread.
class ChangeWatch : public QObject {
    Q_OBJECT
public:
    ChangeWatch(Database& db, Clock& clock, QObject* parent = nullptr);
    ~ChangeWatch() override;
    void start();

signals:
    void changedElsewhere();

private:
    void look();
    void heard(const Result<qint64>& version);

    Database& m_db;
    Clock& m_clock;
    qint64 m_version = -1;
    bool m_started = false;
};

}  // namespace tocsin::store

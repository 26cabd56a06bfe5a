#pragma once
#include "inspection/serverinfo.h"
#include "inspection/serverlists.h"
#include "ui/redis/figurestrip.h"
#include "ui/redis/recordmodel.h"

/// What a Redis tells of itself as figures and rows.
namespace tocsin::ui {

QVector<FigureStrip::Figure> serverFigures(const QVector<inspection::ServerFigures>& past);

QVector<RecordColumn> findingColumns();
QVector<Record> findingRecords(const theme::Theme& theme,
                               const QVector<inspection::ServerFinding>& findings);
QVector<RecordColumn> slowColumns();
QVector<Record> slowRecords(const QVector<inspection::SlowCommand>& slow);
QVector<RecordColumn> latencyColumns();
QVector<Record> latencyRecords(const QVector<inspection::LatencySpike>& spikes);
QVector<RecordColumn> clientColumns();
QVector<Record> clientRecords(const QVector<inspection::RedisClient>& clients);
QVector<RecordColumn> groupColumns(const QString& by);
QVector<Record> groupRecords(const QVector<inspection::ClientGroup>& groups);
QVector<RecordColumn> keyspaceColumns();
QVector<Record> keyspaceRecords(const inspection::ServerInfo& info);
QVector<RecordColumn> settingColumns();
QVector<Record> settingRecords(const QVector<inspection::RedisSetting>& settings);

}  // namespace tocsin::ui

#pragma once
#include <QJsonArray>
#include <QJsonObject>

#include "runbooks/runbook.h"

namespace tocsin::cli {

/// [{name,title,keys,file,line}]
QJsonArray listJson(const QVector<runbooks::Runbook>& runbooks);
/// {name,title,keys,…,sections:[{kind,title,steps:[{number,title,blocks:[…]}]}]}
QJsonObject runbookJson(const runbooks::Runbook& runbook);

}  // namespace tocsin::cli

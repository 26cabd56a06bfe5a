#pragma once
#include "runbooks/library.h"
#include "workspace/workspace.h"

namespace tocsin::cli {

/// Links from one document to another file or heading that is not there ("dead-link"). Reads the
/// disk; addresses with a scheme are not followed.
QVector<runbooks::Finding> linkFindings(const QVector<runbooks::Runbook>& runbooks);

/// Placeholders written as variables ($NAME, ${NAME}) that the workspace gives no value
/// ("unbound-placeholder"): warnings, in the bundled runbooks notes. Those that are filled while a
/// runbook is followed ([PID_HERE], <pid>, {{pid}}) are no findings.
QVector<runbooks::Finding> placeholderFindings(const QVector<runbooks::Runbook>& runbooks,
                                               const QMap<QString, QString>& variables);

/// Steps that need a kind of connection the workspace does not have ("no-connection"), one for each
/// document and kind.
QVector<runbooks::Finding> connectionFindings(const QVector<runbooks::Runbook>& runbooks,
                                              const QVector<workspace::Entry>& connections);

}  // namespace tocsin::cli

#include "ui/shell/workspacedraft.h"

#include <QDir>
#include <QSaveFile>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

/// As a double-quoted YAML scalar: nothing a person types can end it.
QString quoted(QString text) {
    text.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u' ');
    return u'"' + text + u'"';
}

}  // namespace

QByteArray workspaceText(const WorkspaceDraft& draft) {
    QString text = u"workspace: {name: %1}\nrunbooks: [runbooks]\n"_s.arg(quoted(draft.name));
    text +=
        draft.alertmanager.isEmpty()
            ? u"# sources:\n#   - {name: prod, kind: alertmanager, url: http://127.0.0.1:9093, every: 10s}\n"_s
            : u"sources:\n  - {name: prod, kind: alertmanager, url: %1, every: 10s}\n"_s.arg(
                  quoted(draft.alertmanager));
    text +=
        u"# connections:\n"
        "#   - {name: primary, kind: postgres, url: \"postgresql://oncall@db:5432/app\", "
        "password: \"keychain:primary\", environment: production}\n"
        "# channels:\n"
        "#   - {name: incidents, kind: discord, webhook: \"keychain:discord-incidents\"}\n"
        "# escalation:\n"
        "#   channel: incidents\n"
        "#   levels:\n"
        "#     - {name: Primary on-call, after: 0m, mention: on-call-primary}\n"_s;
    return text.toUtf8();
}

Result<QString> writeWorkspace(const WorkspaceDraft& draft) {
    const QDir folder(draft.folder);
    const QString file = folder.filePath(u"tocsin.yaml"_s);
    if (QFile::exists(file))
        return fail(
            ErrorCode::Refused,
            u"%1 exists already. Open that workspace, or choose another folder."_s.arg(file));
    if (!QDir().mkpath(folder.filePath(u"runbooks"_s)))
        return fail(
            ErrorCode::Disk,
            u"The folder %1 cannot be made. Choose one you may write to."_s.arg(draft.folder));
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(workspaceText(draft)) < 0 || !out.commit())
        return fail(ErrorCode::Disk, u"%1 cannot be written: %2."_s.arg(file, out.errorString()));
    return folder.absolutePath();
}

}  // namespace tocsin::ui

#pragma once
#include <QMap>
#include <QString>
#include <QUrl>

#include "runbooks/runbook.h"
#include "sdk/alert.h"

namespace tocsin::announcements {

/// Where others find the runbook that answers an alert. A value, safe to hand to another thread.
class RunbookLinks {
public:
    RunbookLinks() = default;
    /// `base` is the address under which the files of `folder` (the workspace) can be read, as of a
    /// git forge: "https://github.com/acme/ops/blob/main/". Empty: only what alerts bring along.
    RunbookLinks(const QString& base, const QString& folder,
                 const QVector<runbooks::Runbook>& runbooks);

    /// The alert's own runbook_url, else the page of the runbook that answers its key. Invalid when
    /// there is neither.
    QUrl of(const Alert& alert) const;
    /// Of a runbook by its name; invalid for bundled ones and without a base.
    QUrl ofName(const QString& runbook) const { return m_byName.value(runbook); }
    const QMap<QString, QUrl>& byName() const { return m_byName; }
    /// The runbook's title, else the name itself.
    QString titleOf(const QString& runbook) const { return m_titles.value(runbook, runbook); }
    QString nameForKey(const QString& key) const { return m_nameByKey.value(key); }

private:
    QMap<QString, QUrl> m_byName;
    QMap<QString, QString> m_titles, m_nameByKey;
};

/// An address from outside, when it may be shown as a link: http or https, with a host and without
/// a name or password before it ("https://discord.com@elsewhere" misleads). Else invalid.
QUrl linkFromOutside(const QString& text);
/// `[text](address)`; only the text without an address. `text` is already escaped.
QString linked(const QString& text, const QUrl& address);

}  // namespace tocsin::announcements

#include "announcements/runbooklinks.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {

// Discord takes no longer address.
constexpr qsizetype kLongestAddress = 2048;

QUrl pageOf(const QString& base, const QString& folder, const runbooks::Runbook& runbook) {
    if (base.isEmpty() || runbook.file.startsWith(u':')) return {};
    const QString path = QDir(folder).relativeFilePath(runbook.file);
    if (path.startsWith(u"../"_s)) return {};
    QUrl page(base.endsWith(u'/') ? base : base + u'/');
    page.setPath(page.path() + path);
    if (!runbook.anchor.isEmpty()) page.setFragment(runbook.anchor);
    return page;
}

}  // namespace

RunbookLinks::RunbookLinks(const QString& base, const QString& folder,
                           const QVector<runbooks::Runbook>& runbooks) {
    for (const runbooks::Runbook& runbook : runbooks) {
        m_titles.insert(runbook.name, runbook.title);
        for (const QString& key : runbook.keys)
            if (!m_nameByKey.contains(key)) m_nameByKey.insert(key, runbook.name);
        if (const QUrl page = pageOf(base, folder, runbook); page.isValid())
            m_byName.insert(runbook.name, page);
    }
}

QUrl RunbookLinks::of(const Alert& alert) const {
    for (const QString& name : {u"runbook_url"_s, u"runbook"_s})
        if (const QUrl own = linkFromOutside(alert.annotations.value(name)); own.isValid())
            return own;
    return ofName(nameForKey(alert.key));
}

QUrl linkFromOutside(const QString& text) {
    if (text.size() > kLongestAddress) return {};
    QUrl url(text.trimmed(), QUrl::StrictMode);
    const bool isWeb = url.scheme() == u"https"_s || url.scheme() == u"http"_s;
    if (!url.isValid() || !isWeb || url.host().isEmpty() || !url.userInfo().isEmpty()) return {};
    return url;
}

QString linked(const QString& text, const QUrl& address) {
    if (!address.isValid()) return text;
    // What would end the link early is encoded; "@" cannot be part of a mention then either.
    QString target = address.toString(QUrl::FullyEncoded);
    target.replace(u'(', u"%28"_s).replace(u')', u"%29"_s).replace(u'@', u"%40"_s);
    return u"[%1](%2)"_s.arg(text, target);
}

}  // namespace tocsin::announcements

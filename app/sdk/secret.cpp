#include "sdk/secret.h"

#include <QMutex>
#include <QRegularExpression>
#include <QSet>

namespace tocsin {
namespace {

const QString kMask = QStringLiteral("•••");
// Shorter values would mask ordinary words; such a secret protects nothing anyway.
constexpr int kShortestMasked = 4;

struct Known {
    QMutex mutex;
    QSet<QString> values;
};

Known& known() {
    static Known instance;
    return instance;
}

QString maskKnown(QString text) {
    Known& k = known();
    const QMutexLocker lock(&k.mutex);
    for (const QString& value : std::as_const(k.values))
        text.replace(value, kMask);
    return text;
}

}  // namespace

Secret::Secret(const QString& value) : m_value(value) {
    if (value.size() < kShortestMasked) return;
    Known& k = known();
    const QMutexLocker lock(&k.mutex);
    k.values.insert(value);
}

QString redact(const QString& text) {
    static const QRegularExpression urlPassword(
        QStringLiteral(R"((\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:)([^\s/@]+)(@))"));
    static const QRegularExpression webhook(QStringLiteral(R"((/webhooks/\d+/)([A-Za-z0-9_.-]+))"));
    static const QRegularExpression keyed(
        QStringLiteral(
            R"(((?:authorization\s*:\s*(?:bearer|basic|bot|token|geniekey)\s+)|(?:(?:password|passwd|pwd|routing_key|token)\s*=\s*))([^\s&"']+))"),
        QRegularExpression::CaseInsensitiveOption);

    QString out = maskKnown(text);
    out.replace(urlPassword, QStringLiteral("\\1•••\\3"));
    out.replace(webhook, QStringLiteral("\\1•••"));
    out.replace(keyed, QStringLiteral("\\1•••"));
    return out;
}

}  // namespace tocsin

// What one entry says about another, or one of its fields about another.
#include "workspace/crosschecks.h"

#include "workspace/nearest.h"
#include "workspace/values.h"

namespace tocsin::workspace {

void checkSignalling(const YamlNode& connections, const QStringList& names, Mistakes& mistakes) {
    for (const YamlNode& item : connections.items) {
        const YamlNode* through =
            item.isMap() ? item.given(QStringLiteral("signal_through")) : nullptr;
        if (!through || !through->isScalar() || names.contains(through->text)) continue;
        mistakes.error(*through, "unknown-connection", through->text,
                       QStringLiteral("There is no connection “%1” under “connections”; sessions "
                                      "cannot be ended through it.%2")
                           .arg(through->text, didYouMean(through->text, names)));
    }
}

void checkSlowness(const YamlNode& probes, Mistakes& mistakes) {
    for (const YamlNode& item : probes.items) {
        if (!item.isMap()) continue;
        const YamlNode* slow = item.given(QStringLiteral("slow"));
        const YamlNode* timeout = item.given(QStringLiteral("timeout"));
        if (!slow || !timeout) continue;
        const auto slowAfter = durationFromText(slow->text);
        const auto givesUpAfter = durationFromText(timeout->text);
        if (!slowAfter || !givesUpAfter || *slowAfter < *givesUpAfter) continue;
        mistakes.warning(*slow, "slow-timeout", slow->text,
                         QStringLiteral("The probe gives up after %1, so that no answer is ever "
                                        "slower than %2. Make “slow” shorter than “timeout”.")
                             .arg(timeout->text, slow->text));
    }
}

}  // namespace tocsin::workspace

#include "workspace/keys.h"

#include "workspace/nearest.h"

namespace tocsin::workspace {

void reportUnknownKeys(Mistakes& mistakes, const YamlNode& map, const QString& where,
                       const QStringList& known) {
    for (const YamlNode& key : map.keys) {
        if (key.isScalar() && known.contains(key.text)) continue;
        mistakes.error(key, "unknown-key", key.text,
                       QStringLiteral("“%1” is not a key of %2; it is ignored.%3")
                           .arg(key.text, where, didYouMean(key.text, known)));
    }
}

}  // namespace tocsin::workspace

#include "runbooks/quoting.h"
namespace tocsin::runbooks {
QString filledText(const Block& block, const QMap<QString, QString>&) {
    return block.text;
}
}  // namespace tocsin::runbooks

#include "runbooks/library.h"

namespace tocsin::runbooks {

ParsedDocument parseDocument(const QByteArray&, const QString&) {
    return {};
}

}  // namespace tocsin::runbooks

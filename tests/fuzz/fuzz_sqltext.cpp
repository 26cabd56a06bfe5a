#include <cstddef>
#include <cstdint>

#include "ui/query/cellview.h"
#include "ui/query/planview.h"
#include "ui/query/sqleffect.h"
#include "ui/query/sqlsplit.h"

// Whatever stands in the editor, and whatever a server answers to EXPLAIN.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace tocsin::ui;
    const QByteArray raw(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(size));
    const QString text = QString::fromUtf8(raw);
    qsizetype end = 0;
    for (const SqlSpan& span : statementsIn(text)) {
        if (span.start < end || span.length <= 0 || span.start + span.length > text.size())
            __builtin_trap();
        end = span.start + span.length;
    }
    statementAt(text, text.size() / 2);
    planIn(raw);
    effectText(raw);
    hexText(raw, 4096);
    return 0;
}

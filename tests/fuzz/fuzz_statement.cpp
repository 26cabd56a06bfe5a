#include <cstddef>
#include <cstdint>

#include "plugins/engines/postgres/lexer.h"
#include "plugins/engines/postgres/statement.h"

// Whatever is pasted into the editor, and whatever a server writes into a plan.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace tocsin::postgres;
    const QString text =
        QString::fromUtf8(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(size));
    const Statement statement = examine(text);
    if (!statement.parsed && statement.verdict.effect == tocsin::Effect::ReadOnly) __builtin_trap();
    if (statement.position && (*statement.position < 0 || *statement.position > text.size()))
        __builtin_trap();
    QSet<FunctionName> functions;
    QSet<OperatorName> operators;
    collectCalls(text, functions, operators);
    return afterExplain(text).size() > text.size();
}

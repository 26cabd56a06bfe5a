#include <cstddef>
#include <cstdint>

#include "inspection/valuetext.h"

// What is stored in somebody's Redis may be anything: the guess, and every form it can be asked
// for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tocsin::inspection;
    if (size == 0) return 0;
    const QByteArray bytes(reinterpret_cast<const char*>(data + 1),
                           static_cast<qsizetype>(size - 1));
    (void)writtenAs(bytes, guessForm(bytes, (data[0] & 0x80) != 0));
    constexpr int kForms = static_cast<int>(ValueForm::HyperLogLog) + 1;
    (void)writtenAs(bytes, static_cast<ValueForm>((data[0] & 0x7f) % kForms));
    return 0;
}

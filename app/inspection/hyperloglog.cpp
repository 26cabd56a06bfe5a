#include "inspection/hyperloglog.h"

#include <array>
#include <cmath>
#include <cstring>

namespace tocsin::inspection {
namespace {

constexpr qsizetype kHeader = 16;  // "HYLL", the encoding, three unused, the count of last time
constexpr int kRegisters = 16'384;
constexpr int kRegisterBits = 6;
constexpr int kHighest = 51;  // 64 bits of hash, 14 of them for the register's number, and one
constexpr qsizetype kDense = kHeader + kRegisters * kRegisterBits / 8;
constexpr double kAlpha = 0.721347520444481703680;  // 1 / (2 ln 2)

/// How many registers have each value.
using Histogram = std::array<int, 64>;

std::optional<Histogram> dense(QByteArrayView bytes) {
    if (bytes.size() < kDense) return std::nullopt;
    Histogram out{};
    const auto* at = reinterpret_cast<const quint8*>(bytes.data() + kHeader);
    for (int i = 0; i < kRegisters; i += 4, at += 3) {
        ++out[at[0] & 63U];
        ++out[((at[0] >> 6U) | (at[1] << 2U)) & 63U];
        ++out[((at[1] >> 4U) | (at[2] << 4U)) & 63U];
        ++out[at[2] >> 2U];
    }
    return out;
}

/// Runs: 00 and six bits of zeros, 01 and fourteen bits of zeros, 1, a value and two bits of it.
std::optional<Histogram> sparse(QByteArrayView bytes) {
    Histogram out{};
    int registers = 0;
    for (qsizetype i = kHeader; i < bytes.size(); ++i) {
        const auto first = static_cast<unsigned>(static_cast<quint8>(bytes[i]));
        unsigned value = 0;
        unsigned run = 0;
        if (first & 0x80U) {
            value = ((first >> 2U) & 31U) + 1;
            run = (first & 3U) + 1;
        } else if (!(first & 0x40U)) {
            run = (first & 63U) + 1;
        } else if (++i < bytes.size()) {
            run = (((first & 63U) << 8U) | static_cast<quint8>(bytes[i])) + 1;
        }
        out[value] += static_cast<int>(run);
        registers += static_cast<int>(run);
        if (registers > kRegisters) return std::nullopt;
    }
    return registers == kRegisters ? std::optional(out) : std::nullopt;
}

double sigma(double x) {
    double y = 1;
    double z = x;
    for (double before = -1; before != z;) {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    }
    return z;
}

double tau(double x) {
    if (x <= 0 || x >= 1) return 0;
    double y = 1;
    double z = 1 - x;
    for (double before = -1; before != z;) {
        x = std::sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    }
    return z / 3;
}

qint64 estimate(const Histogram& histogram) {
    if (histogram[0] == kRegisters) return 0;
    const double all = kRegisters;
    double z = all * tau((all - histogram[kHighest]) / all);
    for (std::size_t value = kHighest - 1; value >= 1; --value)
        z = (z + histogram[value]) * 0.5;
    z += all * sigma(histogram[0] / all);
    return std::llround(kAlpha * all * all / z);
}

}  // namespace

std::optional<qint64> distinctIn(QByteArrayView bytes) {
    if (bytes.size() < kHeader || !bytes.startsWith("HYLL")) return std::nullopt;
    const char encoding = bytes[4];
    if (encoding != 0 && encoding != 1) return std::nullopt;
    const auto histogram = encoding == 0 ? dense(bytes) : sparse(bytes);
    if (!histogram) return std::nullopt;
    return estimate(*histogram);
}

}  // namespace tocsin::inspection

#pragma once
#include <future>
#include <system_error>
#include <utility>

namespace tocsin::postgres {

/// Does `work` on a thread of its own while this one goes on; where no thread is to be had, on this
/// one when its answer is asked for.
template <typename Work>
auto aside(Work work) {
    try {
        return std::async(std::launch::async, work);
    } catch (const std::system_error&) {
        return std::async(std::launch::deferred, std::move(work));
    }
}

}  // namespace tocsin::postgres

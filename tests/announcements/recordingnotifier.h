#pragma once
#include "tests/delivery/stubnotifier.h"

namespace tocsin::test {

/// A channel that can edit: posts and edits are in `arrived`, in the order they came.
class RecordingNotifier : public StubNotifier {
public:
    RecordingNotifier() { edits = true; }

    QFuture<Result<Delivery>> edit(const Message& part, const RemoteMessage& target) override {
        const auto before = edited.size();
        const auto answer = StubNotifier::edit(part, target);
        if (edited.size() > before) arrived.append(part);
        return answer;
    }
};

}  // namespace tocsin::test

#include "ui/incident/posting.h"

#include <QCoreApplication>

namespace tocsin::ui {

using delivery::Entry;
using delivery::EntryState;

namespace {
QString words(const char* text) {
    return QCoreApplication::translate("Ledger", text);
}
}  // namespace

QString stateWords(const Entry& entry) {
    switch (entry.state) {
        case EntryState::Intent:
            return entry.tries > 0 ? words("waits to try again") : words("waiting");
        case EntryState::Sending:
            return words("sending");
        case EntryState::InDoubt:
            return words("unknown: it may have arrived");
        case EntryState::Confirmed:
            if (entry.seen == u"gone") return words("delivered, deleted there since");
            if (entry.seen == u"changed") return words("delivered, changed there since");
            return words("delivered");
        case EntryState::Failed:
            return words("not delivered");
        case EntryState::Cancelled:
            return words("cancelled");
        case EntryState::Folded:
            return words("replaced by a newer one");
    }
    return {};
}

}  // namespace tocsin::ui

#include "ui/incident/posting.h"

#include <QCoreApplication>

namespace tocsin::ui {

using delivery::Entry;
using delivery::EntryState;
using namespace Qt::StringLiterals;

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

QString stoppedSentence(const console::StoppedChannel& channel) {
    QString why = channel.why.trimmed();
    if (!why.isEmpty() && !why.endsWith(u'.')) why += u'.';
    QStringList said{words("#%1 is stopped: %2").arg(channel.channel, why)};
    if (channel.waiting > 0)
        said << (channel.waiting == 1 ? words("1 message waits.")
                                      : words("%1 messages wait.").arg(channel.waiting));
    if (!channel.fallback.isEmpty())
        said << words("What comes goes to #%1.").arg(channel.fallback);
    else if (!channel.canTryAgain && channel.waiting > 0)
        said << words("Mend it in tocsin.yaml or over there, then restart whoever delivers.");
    return said.join(u' ');
}

}  // namespace tocsin::ui

#include "cli/consoleopener.h"

#include <QCoreApplication>

#include "cli/inventory.h"
#include "cli/output.h"
#include "sdk/async.h"

namespace tocsin::cli {

void openConsole(const CommandLine& line, Clock& clock, Store store, const Done& done,
                 std::function<void(std::shared_ptr<console::Console>)> then,
                 store::OwnerKind kind) {
    using Opened = Result<std::shared_ptr<console::Console>>;
    whenDone(console::Console::open(
                 {line.workspaceFolder(), line.dataFolder(), store == Store::Open, kind}, clock),
             QCoreApplication::instance(),
             [done, then = std::move(then), json = line.json()](const Opened& opened) {
                 if (!opened) {
                     complain(opened.error(), json);
                     done(Failure);
                 } else if (!reportMistakes((*opened)->workspace(), json)) {
                     done(Failure);
                 } else {
                     then(*opened);
                 }
             });
}

}  // namespace tocsin::cli

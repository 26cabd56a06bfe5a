#include "ui/query/redisparts.h"

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

QWidget* RedisPane::Parts::buildHeader() {
    auto* header = new QFrame(pane);
    theme::setRole(header, u"header"_s);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(12, 6, 12, 6);
    row->setSpacing(10);
    badge = new theme::EnvironmentBadge(header);
    choice = new QComboBox(header);
    choice->setObjectName(u"redisConnection"_s);
    choice->setAccessibleName(tr("Redis connection"));
    choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    place = new theme::ElidedLabel({}, header);
    place->setElideMode(Qt::ElideMiddle);
    theme::setRole(place, u"muted"_s);
    advice = new QPushButton(tr("Safer user…"), header);
    advice->setObjectName(u"redisAdvice"_s);
    advice->setAccessibleName(tr("Suggest a user that cannot write"));
    theme::setRole(advice, u"ghost"_s);
    guard = new theme::Chip(theme, header);
    guard->setObjectName(u"redisGuard"_s);
    guard->setAccessibleName(tr("Guard: press to unlock for changes, or to lock again"));
    row->addWidget(badge);
    row->addWidget(choice);
    row->addWidget(place, 1);
    row->addWidget(guard);
    setUp = new SetUpButton(u"redis"_s, header);
    row->addWidget(setUp);
    QObject::connect(setUp, &SetUpButton::requested, pane, &RedisPane::setUpRequested);
    return header;
}

QWidget* RedisPane::Parts::buildConsole() {
    auto* console = new QWidget(pane);
    auto* layout = new QVBoxLayout(console);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(buildCommand());
    status = new theme::ElidedLabel(tr("Nothing run yet"), console);
    status->setObjectName(u"redisStatus"_s);
    theme::setRole(status, u"muted"_s);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(14, 0, 12, 8);
    row->addWidget(status, 1);
    row->addWidget(advice);
    layout->addLayout(row);
    buildNotice(layout);
    result = new RedisResult(theme, console);
    layout->addWidget(result, 1);
    return console;
}

QLayout* RedisPane::Parts::buildCommand() {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 10, 12, 8);
    row->setSpacing(8);
    command = new RedisCommandEdit(pane);
    command->setObjectName(u"redisCommand"_s);
    command->setAccessibleName(tr("Redis command"));
    command->setPlaceholderText(tr("LLEN bull:mail:wait"));
    command->setToolTip(
        tr("Enter runs, Shift+Enter begins another line, ↑ and ↓ bring back what was typed"));
    history = new QueryHistory(QueryHistory::Kind::Commands, pane);
    command->setFont(theme.monoFont());
    theme::setRole(command, u"code"_s);
    runButton = new QPushButton(tr("▶ Run"), pane);
    runButton->setObjectName(u"redisRun"_s);
    runButton->setAccessibleName(tr("Run the Redis command"));
    theme::setRole(runButton, u"primary"_s);
    cancelButton = new QPushButton(tr("■ Cancel"), pane);
    cancelButton->setObjectName(u"redisCancel"_s);
    cancelButton->setAccessibleName(tr("Cancel the Redis command"));
    cancelButton->setEnabled(false);
    row->addWidget(command, 1);
    row->addWidget(runButton, 0, Qt::AlignTop);
    row->addWidget(cancelButton, 0, Qt::AlignTop);
    return row;
}

void RedisPane::Parts::buildNotice(QVBoxLayout* layout) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 12, 8);
    notice = new QFrame(pane);
    auto* inside = new QHBoxLayout(notice);
    inside->setContentsMargins(12, 8, 12, 8);
    noticeText = new QLabel(notice);
    noticeText->setObjectName(u"redisNotice"_s);
    noticeText->setWordWrap(true);
    noticeText->setTextFormat(Qt::PlainText);
    noticeText->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    inside->addWidget(noticeText, 1);
    change = new QPushButton(tr("Run it anyway…"), notice);
    change->setObjectName(u"redisChange"_s);
    change->setAccessibleName(tr("Run the refused command after a confirmation"));
    nextPage = new QPushButton(tr("Next part"), notice);
    nextPage->setObjectName(u"redisNextPage"_s);
    nextPage->setAccessibleName(tr("Read the next part of the reply"));
    inside->addWidget(nextPage, 0, Qt::AlignTop);
    inside->addWidget(change, 0, Qt::AlignTop);
    row->addWidget(notice);
    notice->hide();
    layout->addLayout(row);
}

void RedisPane::Parts::buildConfirm(QVBoxLayout* layout) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 8, 12, 0);
    confirm = new SqlConfirm(theme, pane);
    // The Postgres pane has the same form; names are unique in the window.
    confirm->setObjectName(confirm->objectName().replace(u"sql"_s, u"redis"_s));
    for (QWidget* part : confirm->findChildren<QWidget*>())
        part->setObjectName(part->objectName().replace(u"sql"_s, u"redis"_s));
    confirm->hide();
    row->addWidget(confirm);
    layout->addLayout(row);
}

}  // namespace tocsin::ui

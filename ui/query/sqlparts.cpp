#include "ui/query/sqlparts.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QSplitter>
#include <QStackedWidget>

#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

QString partsTr(const char* text) {
    return QCoreApplication::translate("tocsin::ui::SqlPane", text);
}

/// What a page would like to be high is no reason to squeeze what is confirmed above. Where that
/// leaves too little for a page, there is none until it is answered, instead of a heap of parts.
class AnswerTabs : public QTabWidget {
public:
    using QTabWidget::QTabWidget;
    bool hasHeightForWidth() const override { return false; }

protected:
    void resizeEvent(QResizeEvent* event) override {
        QTabWidget::resizeEvent(event);
        constexpr int least = 190;
        if (auto* pages = findChild<QStackedWidget*>({}, Qt::FindDirectChildrenOnly))
            pages->setVisible(height() >= least);
    }
};

/// `mark` stands before the word for the eyes; the accessible name is the word alone.
QPushButton* partsButton(QWidget* pane, const QString& mark, const QString& word,
                         const QString& name, const QString& role = {}) {
    auto* made = new QPushButton(mark + word, pane);
    made->setObjectName(name);
    made->setAccessibleName(word);
    if (!role.isEmpty()) theme::setRole(made, role);
    return made;
}

}  // namespace

void SqlParts::build(theme::Theme& theme, Clock& clock, QWidget* pane) {
    line = new ServerLine(theme, clock, pane);
    editor = new SqlEditor(theme, pane);
    pane->setFocusProxy(editor);
    buildButtons(pane);
    status = new theme::ElidedLabel(QString(), pane);
    status->setObjectName(u"sqlStatus"_s);
    status->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    theme::setRole(status, u"muted"_s);
    buildNotice(pane);
    holes = new SqlHoles(pane);
    holes->hide();
    confirm = new SqlConfirm(theme, pane);
    confirm->hide();
    decision = new SqlDecision(clock, pane);
    decision->hide();
    tabs = new AnswerTabs(pane);
    tabs->setObjectName(u"sqlTabs"_s);
    tabs->setAccessibleName(partsTr("What the server answered"));
    tabs->setDocumentMode(true);
    // What is confirmed comes first where the pane is low.
    tabs->setMinimumHeight(60);
    view = new ResultView(theme, pane);
    grid = view->grid();
    receipt = new ReceiptView(theme, pane);
    activityView = new ActivityView(theme, clock, pane);
    plan = new PlanView(theme, pane);
    history = new QueryHistory(pane);
    historyView = new HistoryView(theme, *history, pane);
    tabs->addTab(view, partsTr("Rows"));
    tabs->addTab(plan, partsTr("Plan"));
    tabs->addTab(receipt, partsTr("Receipt"));
    tabs->addTab(historyView, partsTr("History"));
    tabs->addTab(activityView, partsTr("Activity"));
    listenView = new ListenView(theme, clock, pane);
    tabs->addTab(listenView, partsTr("Listen"));
    footer = new theme::ElidedLabel(QString(), pane);
    footer->setObjectName(u"sqlFooter"_s);
    footer->setContentsMargins(12, 5, 12, 5);
    theme::setRole(footer, u"muted"_s);
    arrange(pane);
}

void SqlParts::buildButtons(QWidget* pane) {
    run = partsButton(pane, u"▶ "_s, partsTr("Run"), u"sqlRun"_s, u"primary"_s);
    run->setToolTip(partsTr("Ctrl+Enter"));
    cancel = partsButton(pane, u"■ "_s, partsTr("Cancel"), u"sqlCancel"_s);
    cancel->setToolTip(partsTr("Esc"));
    explain = partsButton(pane, {}, partsTr("Explain"), u"sqlExplain"_s);
    activity = partsButton(pane, {}, partsTr("Activity"), u"sqlActivity"_s);
    activity->setToolTip(partsTr("Every session, its age, and whom it waits for"));
    rehearse = partsButton(pane, {}, partsTr("Rehearse…"), u"sqlRehearse"_s, u"danger"_s);
}

void SqlParts::buildNotice(QWidget* pane) {
    notice = new QFrame(pane);
    notice->setObjectName(u"sqlNotice"_s);
    noticeText = new QLabel(notice);
    noticeText->setObjectName(u"sqlNoticeText"_s);
    noticeText->setTextFormat(Qt::PlainText);
    noticeText->setWordWrap(true);
    noticeText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    notice->hide();
}

void SqlParts::arrange(QWidget* pane) {
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(12, 5, 12, 5);
    for (QPushButton* each : {run, cancel, explain, activity})
        buttons->addWidget(each);
    buttons->addWidget(line->testButton());
    buttons->addWidget(line->setUpButton());
    buttons->addWidget(status, 1);
    auto* said = new QHBoxLayout(notice);
    said->setContentsMargins(12, 8, 12, 8);
    said->addWidget(noticeText, 1);
    said->addWidget(rehearse, 0, Qt::AlignTop);
    auto* asides = new QVBoxLayout;
    asides->setContentsMargins(12, 0, 12, 0);
    asides->addWidget(notice);
    asides->addWidget(holes);
    asides->addWidget(confirm);
    asides->addWidget(decision);
    auto* lower = new QWidget(pane);
    auto* below = new QVBoxLayout(lower);
    below->setContentsMargins(0, 0, 0, 0);
    below->setSpacing(2);
    below->addLayout(buttons);
    below->addLayout(asides);
    below->addWidget(tabs, 1);
    below->addWidget(footer);
    auto* split = new QSplitter(Qt::Vertical, pane);
    split->setChildrenCollapsible(false);
    split->addWidget(editor);
    split->addWidget(lower);
    // Where the window is low, the rows come before the statement's last lines.
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 4);
    split->setSizes({100, 400});
    auto* all = new QVBoxLayout(pane);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(line);
    all->addWidget(split, 1);
}

}  // namespace tocsin::ui

#include "stage.h"

#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTableView>

#include "support/await.h"
#include "ui/board/boardmodel.h"
#include "ui/query/sqlpane.h"
#include "ui/runbook/runbookpane.h"

namespace tocsin::test {

using namespace Qt::Literals::StringLiterals;

namespace {

// Real servers on a busy machine: generous, and never part of what is measured.
constexpr int kPatienceMs = 90000;

template <typename Condition>
QString until(Condition condition, const QString& what) {
    return QTest::qWaitFor(condition, kPatienceMs) ? QString() : u"never happened: "_s + what;
}

QModelIndex rowWhere(const QAbstractItemModel& model, int role, const QVariant& value) {
    for (int row = 0; row < model.rowCount(); ++row)
        if (model.index(row, 0).data(role) == value) return model.index(row, 0);
    return {};
}

int columnNamed(const QAbstractItemModel& model, const QString& name) {
    for (int column = 0; column < model.columnCount(); ++column)
        if (model.headerData(column, Qt::Horizontal).toString() == name) return column;
    return -1;
}

void clickAt(QAbstractItemView& view, const QModelIndex& index) {
    view.scrollTo(index);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.visualRect(index).center());
}

}  // namespace

Stage::Stage(theme::Mode mode)
    : m_theme(mode), m_drill({.guardianProgram = qEnvironmentVariable("TOCSIN_BINARY")}) {
    m_theme.applyTo(*qApp);
}

Stage::~Stage() {
    closeConsole();
}

QString Stage::startDrill(const QString& scenario) {
    QSignalSpy ready(&m_drill, &drill::Drill::ready);
    QString problem;
    connect(&m_drill, &drill::Drill::failed, this,
            [&problem](const Error& error) { problem = error.message + error.detail; });
    m_drill.start(scenario);
    const QString never =
        until([&] { return !ready.isEmpty() || !problem.isEmpty(); }, u"the drill is ready"_s);
    disconnect(&m_drill, &drill::Drill::failed, this, nullptr);
    if (!never.isEmpty() || !problem.isEmpty()) return never + problem;
    m_workspace = ready.at(0).at(0).toString();
    m_data = ready.at(0).at(1).toString();
    return {};
}

QString Stage::openConsole() {
    const auto opened = await(console::Console::open({m_workspace, m_data}, m_clock));
    if (!opened) return opened.error().message;
    m_console = *opened;
    if (!m_console->workspace().mistakes.isEmpty())
        return u"the drill's workspace: "_s + m_console->workspace().mistakes[0].message;
    if (!m_console->problems().isEmpty()) return m_console->problems()[0].error.message;
    m_window = std::make_unique<ui::MainWindow>(*m_console, m_theme);
    m_window->resize(1600, 1000);
    m_window->show();
    m_console->start();
    return QTest::qWaitForWindowExposed(m_window.get()) ? QString() : u"the window never showed"_s;
}

void Stage::closeConsole() {
    m_window.reset();
    m_console.reset();
}

QString Stage::stopDrill() {
    QSignalSpy stopped(&m_drill, &drill::Drill::stopped);
    m_drill.stop();
    return until([&] { return !stopped.isEmpty(); }, u"the drill stops"_s);
}

QString Stage::click(const QString& name) {
    QString never = until(
        [&] {
            const auto* button = find<QAbstractButton>(name);
            return button && button->isEnabled();
        },
        u"a button “%1” that can be clicked"_s.arg(name));
    if (never.isEmpty()) QTest::mouseClick(find<QAbstractButton>(name), Qt::LeftButton);
    return never;
}

QString Stage::type(const QString& name, const QString& text) {
    QString never = until([&] { return find<QLineEdit>(name); }, u"a field “%1”"_s.arg(name));
    if (!never.isEmpty()) return never;
    auto* field = find<QLineEdit>(name);
    field->selectAll();
    QTest::keyClicks(field, text);
    return {};
}

QString Stage::waitForAlert(const QString& key) {
    return until(
        [&] {
            const auto* list = find<QAbstractItemView>(u"boardList"_s);
            // First it is pending, for as long as its rule holds it.
            return list && !m_console->board().firing(key).isEmpty() &&
                   rowWhere(*list->model(), ui::BoardModel::KeyRole, key).isValid();
        },
        u"%1 on the board"_s.arg(key));
}

QString Stage::waitUntilClear(const QString& key) {
    return until([&] { return m_console->board().firing(key).isEmpty(); }, u"%1 clears"_s.arg(key));
}

QString Stage::selectAlert(const QString& key) {
    auto* list = find<QAbstractItemView>(u"boardList"_s);
    const QModelIndex row = rowWhere(*list->model(), ui::BoardModel::KeyRole, key);
    clickAt(*list, row);
    const auto* runbook = find<ui::RunbookPane>(u"runbookPane"_s);
    return until(
        [&] { return runbook && runbook->run() && runbook->run()->runbook().keys.contains(key); },
        u"the runbook of %1 beside the board"_s.arg(key));
}

QString Stage::runBlock(int section, int step, int block) {
    auto* runbook = find<ui::RunbookPane>(u"runbookPane"_s);
    runbook->goToStep(section, step);
    if (const QString never = click(u"runBlock_%1_%2_%3"_s.arg(section).arg(step).arg(block));
        !never.isEmpty())
        return never;
    return until(
        [&] {
            const auto progress = runbook->run()->progress(section, step);
            return progress.state != runbooks::StepState::Running && !progress.outcome.isEmpty();
        },
        u"an outcome on the step"_s);
}

QString Stage::pickBlocker(QString* pid) {
    auto* grid = find<QTableView>(u"sqlGrid"_s);
    if (!grid) return u"there is no grid of results"_s;
    const int state = columnNamed(*grid->model(), u"state"_s);
    const int column = columnNamed(*grid->model(), u"pid"_s);
    for (int row = 0; row < grid->model()->rowCount(); ++row) {
        if (grid->model()->index(row, state).data().toString() != u"idle in transaction") continue;
        const QModelIndex cell = grid->model()->index(row, column);
        *pid = cell.data().toString();
        clickAt(*grid, cell);
        const auto* runbook = find<ui::RunbookPane>(u"runbookPane"_s);
        return until([&] { return runbook->run()->bindings().value(u"PID_HERE"_s).value == *pid; },
                     u"PID_HERE = %1"_s.arg(*pid));
    }
    return u"no session is idle in a transaction"_s;
}

QString Stage::declare(const QString& priority) {
    QTest::keyClick(m_window.get(), Qt::Key_D, Qt::ControlModifier);
    if (const QString never = click(u"declarePriority_"_s + priority); !never.isEmpty())
        return never;
    if (const QString never = click(u"declareConfirm"_s); !never.isEmpty()) return never;
    return until([&] { return find(u"incidentBar"_s) && m_console->journal().open().size() == 1; },
                 u"the incident bar"_s);
}

QString Stage::endBlocker() {
    auto* runbook = find<ui::RunbookPane>(u"runbookPane"_s);
    QSignalSpy ran(m_window->findChild<ui::SqlPane*>(), &ui::SqlPane::ran);
    runbook->goToStep(1, 1);
    for (const QString& never :
         {click(u"runBlock_1_1_2"_s), type(u"sqlConfirmName"_s, u"primary"_s),
          click(u"sqlConfirmRun"_s)})
        if (!never.isEmpty()) return never;
    const QString never = until([&] { return !ran.isEmpty(); }, u"the blocker's end is told"_s);
    if (!never.isEmpty()) return never;
    const auto outcome = ran.at(0).at(0).value<ui::Outcome>();
    return outcome.ok ? QString() : outcome.line;
}

QString Stage::resolve(const QString& whatFixedIt) {
    for (const QString& never : {click(u"resolveButton"_s), type(u"resolveText"_s, whatFixedIt),
                                 click(u"resolveConfirm"_s)})
        if (!never.isEmpty()) return never;
    return until([&] { return m_console->journal().open().isEmpty(); }, u"no open incident"_s);
}

QString Stage::exportPostMortem(const QString& path) {
    for (const QString& never :
         {click(u"exportPostMortem"_s), type(u"exportPath"_s, path), click(u"exportConfirm"_s)})
        if (!never.isEmpty()) return never;
    return until([&] { return QFileInfo(path).size() > 0; }, u"the file %1"_s.arg(path));
}

}  // namespace tocsin::test

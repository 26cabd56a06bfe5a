// Takes the pictures of docs/screenshots/: a drill with an incident declared and its blocker found,
// dark and light, at the two sizes the window must serve.
#include <QApplication>
#include <QDir>
#include <cstdio>

#include "stage.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::Literals::StringLiterals;

namespace {

QString play(Stage& stage) {
    QString pid;
    const std::function<QString()> steps[] = {
        [&] { return stage.startDrill(u"database-connections"_s); },
        [&] { return stage.openConsole(); },
        [&] { return stage.waitForAlert(u"database_connections"_s); },
        [&] { return stage.selectAlert(u"database_connections"_s); },
        [&] { return stage.runBlock(1, 0, 0); },
        [&] { return stage.declare(u"P1"_s); },
        [&] { return stage.runBlock(1, 1, 0); },
        [&] { return stage.pickBlocker(&pid); },
    };
    for (const auto& step : steps)
        if (const QString never = step(); !never.isEmpty()) return never;
    return {};
}

QString take(Stage& stage, const QString& folder, theme::Mode mode, const QSize& size) {
    stage.theme().setMode(mode);
    stage.theme().applyTo(*qApp);
    stage.window().resize(size);
    // One more turn of the clock, so that layouts, ages and timers have settled.
    const QDateTime settled = QDateTime::currentDateTimeUtc().addSecs(2);
    if (!QTest::qWaitFor([&] { return QDateTime::currentDateTimeUtc() > settled; }, 5000))
        return u"time"_s;
    const QString name =
        u"incident-%1-%2x%3.png"_s.arg(mode == theme::Mode::Dark ? u"dark"_s : u"light"_s)
            .arg(size.width())
            .arg(size.height());
    if (!stage.window().grab().save(QDir(folder).filePath(name))) return u"cannot write "_s + name;
    std::printf("%s\n", qPrintable(name));
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    const QString folder = app.arguments().value(1, u"."_s);
    QDir().mkpath(folder);
    Stage stage(theme::Mode::Dark);
    QString problem = play(stage);
    for (const theme::Mode mode : {theme::Mode::Dark, theme::Mode::Light})
        for (const QSize size : {QSize(1600, 1000), QSize(1280, 800)})
            if (problem.isEmpty()) problem = take(stage, folder, mode, size);
    stage.closeConsole();
    stage.stopDrill();
    if (problem.isEmpty()) return 0;
    std::fprintf(stderr, "%s\n", qPrintable(problem));
    return 1;
}

// How long a timeline of 100 000 events takes to open and to search, and what one frame costs while
// it is scrolled, beside reading every event at once as a plain list would.
//   bench_timeline [COUNT]     prints one JSON line; exit 1 when opening took more than 200 ms or a
//                              frame of scrolling more than 16.7 ms (60 in a second)
#include <QApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTextStream>
#include <algorithm>

#include "ui/incident/timelinemodel.h"
#include "ui/incident/timelinepane.h"

using namespace tocsin;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 120000;
constexpr int kFrames = 300;
constexpr double kFrameMs = 1000.0 / 60;
constexpr double kOpenMs = 200;

double msSince(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

Result<int> fill(store::Transaction& tx, int count) {
    for (int i = 0; i < count; ++i) {
        const bool run = i % 10 == 0;
        incidents::Event event{0,
                               u"INC-1"_s,
                               QDateTime::fromSecsSinceEpoch(1767268800 + i, Qt::UTC),
                               i % 3 == 0 ? u"ada"_s : u"Tocsin"_s,
                               i == 0 ? u"declared"_s
                               : run  ? u"query"_s
                                      : u"delivered"_s,
                               u"event %1: pool at %2 of 100"_s.arg(i).arg(i % 97),
                               {}};
        if (run) event.detail = {{u"statement"_s, QString(400, u'x')}};
        if (auto done = incidents::Journal::appendIn(tx, event); !done)
            return tl::unexpected<Error>(done.error());
    }
    return count;
}

template <typename Ready>
double timed(const std::function<void()>& begin, Ready ready) {
    QElapsedTimer timer;
    timer.start();
    begin();
    while (!ready() && timer.elapsed() < kPatienceMs)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
    return msSince(timer);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QTextStream out(stdout);
    const int count = argc > 1 ? QString::fromLocal8Bit(argv[1]).toInt() : 100000;
    QTemporaryDir folder;
    auto database = std::move(*store::Database::open(folder.filePath(u"tocsin.sqlite"_s)));
    auto filled = database->write<int>([count](store::Transaction& tx) { return fill(tx, count); });
    filled.waitForFinished();
    if (!filled.result()) {
        out << filled.result().error().message << Qt::endl;
        return 1;
    }
    TestClock clock;
    theme::Theme theme(theme::Mode::Dark);
    theme.applyTo(app);
    incidents::Journal journal(*database, clock);
    auto loaded = journal.load();
    while (!loaded.isFinished())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
    ui::CurrentIncident current(journal);
    ui::TimelinePane pane(theme, current, journal, u"ada"_s);
    pane.resize(990, 340);
    pane.show();
    (void)QTest::qWaitForWindowActive(&pane);
    auto* list = pane.findChild<QListView*>(u"timelineList"_s);
    ui::TimelineModel& model = pane.model();

    const auto firstLineIsRead = [&] {
        return model.rowCount() == count &&
               model.index(0).data(ui::TimelineModel::IsLoaded).toBool();
    };
    QCoreApplication::processEvents();
    const double open = timed([&] { current.select(u"INC-1"_s); }, firstLineIsRead);
    list->grab();

    QVector<double> frames;
    QScrollBar* bar = list->verticalScrollBar();
    for (int frame = 0; frame < kFrames; ++frame) {
        QElapsedTimer timer;
        timer.start();
        // Slowly at first, then in leaps across everything.
        bar->setValue(frame < kFrames / 2 ? frame * 40 : frame * (bar->maximum() / kFrames));
        list->viewport()->grab();
        QCoreApplication::processEvents();
        frames.append(msSince(timer));
    }
    std::sort(frames.begin(), frames.end());
    const double search =
        timed([&] { pane.findChild<QLineEdit*>(u"timelineFilter"_s)->setText(u"pool at 42 "_s); },
              [&] { return model.rowCount() > 0 && model.rowCount() < count / 50; });

    QElapsedTimer timer;
    timer.start();
    auto all = journal.timeline(u"INC-1"_s);
    all.waitForFinished();
    const double plain = msSince(timer);
    const double worst = frames.at(kFrames * 99 / 100);
    const QJsonObject result{{u"events"_s, count},
                             {u"open_ms"_s, open},
                             {u"read_everything_ms"_s, plain},
                             {u"open_to_everything"_s, open / plain},
                             {u"frame_median_ms"_s, frames.at(kFrames / 2)},
                             {u"frame_p99_ms"_s, worst},
                             {u"search_ms"_s, search}};
    out << QJsonDocument(result).toJson(QJsonDocument::Compact) << Qt::endl;
    return open <= kOpenMs && worst <= kFrameMs ? 0 : 1;
}

// The timeline pane on a real store: paging, filters, notes, corrections, evidence, files.
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QImage>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "ui/incident/evidenceview.h"
#include "ui/incident/timelinemodel.h"
#include "ui/incident/timelinepane.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using incidents::Event;

namespace {

QJsonObject poolResult(const QJsonArray& rows) {
    return {{u"columns"_s, QJsonArray{u"pid"_s, u"state"_s, u"query"_s}},
            {u"rows"_s, rows},
            {u"receipt"_s,
             QJsonObject{{u"connection"_s, u"primary"_s},
                         {u"statement"_s, u"SELECT pid, state, query FROM pg_stat_activity"_s},
                         {u"address"_s, u"db:5432/app"_s},
                         {u"product"_s, u"PostgreSQL"_s},
                         {u"version"_s, u"15.18"_s},
                         {u"user"_s, u"oncall"_s},
                         {u"guards"_s, QJsonArray{u"BEGIN READ ONLY"_s}},
                         {u"sha256"_s, u"9f2c"_s}}}};
}

QJsonArray row(const char* pid, const char* state, const char* query) {
    return {QString::fromLatin1(pid), QString::fromLatin1(state), QString::fromLatin1(query)};
}

struct Desk {
    explicit Desk(const QString& file) : database(std::move(*store::Database::open(file))) {}
    void open() {
        pane = std::make_unique<TimelinePane>(theme, *current, journal, u"ada"_s);
        pane->resize(1000, 300);
        pane->show();
        (void)QTest::qWaitForWindowActive(pane.get());
    }
    template <typename T>
    T* find(const char* name) {
        T* found = pane->findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no widget named %s", name);
        return found;
    }
    QListView* list() { return find<QListView>("timelineList"); }
    void append(const QString& kind, const QString& text, const QJsonObject& detail = {},
                const QString& by = u"ada"_s) {
        const int before = int(pane ? pane->model().total() : 0);
        journal.append(u"INC-1"_s, by, kind, text, detail);
        if (pane) QTRY_COMPARE(int(pane->model().total()), before + 1);
    }
    /// The words of a row, once they were read.
    QString text(int row) {
        QString said;
        (void)QTest::qWaitFor([&] {
            said = pane->model().index(row).data(TimelineModel::Text).toString();
            return !said.isEmpty();
        });
        return said;
    }
    void openRow(int row) { emit list()->activated(pane->model().index(row)); }

    TestClock clock;
    theme::Theme theme{theme::Mode::Dark};
    std::unique_ptr<store::Database> database;
    incidents::Journal journal{*database, clock};
    std::unique_ptr<CurrentIncident> current = std::make_unique<CurrentIncident>(journal);
    std::unique_ptr<TimelinePane> pane;
};

}  // namespace

class TestTimelinePane : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void linesAreReadWhereOneLooks();
    void newEventsComeOnTop();
    void searchNarrowsAsOneTypes();
    void peopleAndSortsCanBeChosen();
    void aCorrectionStrikesThroughAndKeepsBoth();
    void evidenceIsShownExactly();
    void anAnswerIsComparedWithTheOneBefore();
    void aDroppedPictureIsKept();
    void pictures_data();
    void pictures();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Desk> m_desk;
};

void TestTimelinePane::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_desk = std::make_unique<Desk>(m_folder->filePath(u"tocsin.sqlite"_s));
    auto loaded = m_desk->journal.load();
    QTRY_VERIFY(loaded.isFinished());
    m_desk->theme.applyTo(*qApp);
    m_desk->append(u"declared"_s, u"declared P1 Pool full, from database_connections"_s,
                   {{u"title"_s, u"Pool full"_s}, {u"severity"_s, u"P1"_s}});
    QTRY_VERIFY(m_desk->journal.find(u"INC-1"_s));
    m_desk->current->select(u"INC-1"_s);
    m_desk->open();
    QTRY_COMPARE(m_desk->pane->model().total(), 1);
}

void TestTimelinePane::cleanup() {
    m_desk.reset();
    m_folder.reset();
}

void TestTimelinePane::linesAreReadWhereOneLooks() {
    auto written = m_desk->database->write<int>([](store::Transaction& tx) -> Result<int> {
        for (int i = 0; i < 3000; ++i)
            if (auto done = incidents::Journal::appendIn(
                    tx, {0,
                         u"INC-1"_s,
                         QDateTime::fromSecsSinceEpoch(1767268800 + i, Qt::UTC),
                         u"ada"_s,
                         u"note"_s,
                         u"note %1"_s.arg(i),
                         {}});
                !done)
                return tl::unexpected<Error>(done.error());
        return 0;
    });
    QTRY_VERIFY(written.isFinished());
    TimelineModel model;
    const QAbstractItemModelTester tester(&model);
    auto index = m_desk->journal.timelineIndex(u"INC-1"_s);
    QTRY_VERIFY(index.isFinished());
    QVector<qint64> wanted;
    connect(&model, &TimelineModel::linesWanted, this, [&](const QVector<qint64>& seqs) {
        wanted = seqs;
        auto lines = m_desk->journal.timelineLines(seqs);
        lines.waitForFinished();
        model.take(*lines.result());
    });
    model.setIndex(*index.result());
    QCOMPARE(model.rowCount(), 3001);
    QVERIFY(!model.index(2000).data(TimelineModel::IsLoaded).toBool());
    QCOMPARE(model.index(2000).data().toString(), u"…"_s);  // asks for it
    QTRY_COMPARE(model.index(2000).data(TimelineModel::Text).toString(), u"note 999"_s);
    QVERIFY(wanted.size() <= 400);
    QVERIFY(!model.index(1000).data(TimelineModel::IsLoaded).toBool());  // far from any look
}

void TestTimelinePane::newEventsComeOnTop() {
    const QAbstractItemModelTester tester(&m_desk->pane->model());
    m_desk->append(u"note"_s, u"first"_s);
    m_desk->append(u"note"_s, u"second"_s);
    QCOMPARE(m_desk->text(0), u"second"_s);
    QCOMPARE(m_desk->find<QLabel>("timelineCaption")->text(), u"3 events"_s);
}

void TestTimelinePane::searchNarrowsAsOneTypes() {
    m_desk->append(u"note"_s, u"pool at 97"_s);
    m_desk->append(u"note"_s, u"calm"_s);
    QTest::keyClicks(m_desk->find<QLineEdit>("timelineFilter"), u"pool"_s);
    QTRY_COMPARE(m_desk->pane->model().rowCount(), 2);
    QTRY_COMPARE(m_desk->find<QLabel>("timelineCaption")->text(), u"2 of 3 events"_s);
    // What arrives now is shown if it fits.
    m_desk->append(u"note"_s, u"quiet"_s);
    QCOMPARE(m_desk->pane->model().rowCount(), 2);
    m_desk->append(u"note"_s, u"Pool at 20"_s);
    QCOMPARE(m_desk->pane->model().rowCount(), 3);
    m_desk->find<QLineEdit>("timelineFilter")->clear();
    QTRY_COMPARE(m_desk->pane->model().rowCount(), 5);
}

void TestTimelinePane::peopleAndSortsCanBeChosen() {
    m_desk->append(u"query"_s, u"ran it"_s, poolResult({}), u"ben"_s);
    m_desk->append(u"note"_s, u"seen"_s);
    m_desk->find<QComboBox>("timelineSort")->setCurrentText(u"What was run"_s);
    QTRY_COMPARE(m_desk->pane->model().rowCount(), 1);
    QCOMPARE(m_desk->text(0), u"ran it"_s);
    m_desk->find<QComboBox>("timelineSort")->setCurrentIndex(0);
    QTRY_COMPARE(m_desk->pane->model().rowCount(), 3);
    QTRY_VERIFY(m_desk->find<QComboBox>("timelineActor")->findText(u"ben"_s) > 0);
    m_desk->find<QComboBox>("timelineActor")->setCurrentText(u"ben"_s);
    QTRY_COMPARE(m_desk->pane->model().rowCount(), 1);
}

void TestTimelinePane::aCorrectionStrikesThroughAndKeepsBoth() {
    m_desk->append(u"note"_s, u"pool at 79"_s);
    m_desk->list()->setCurrentIndex(m_desk->pane->model().index(0));
    QTest::keyClick(m_desk->list(), Qt::Key_C);
    auto* field = m_desk->find<QLineEdit>("correctionText");
    QTRY_VERIFY(field->isVisible());
    QCOMPARE(field->text(), u"pool at 79"_s);
    QTest::keyClick(field, Qt::Key_Return);
    auto* refusal = m_desk->find<QLabel>("correctionFormError");
    QTRY_VERIFY(refusal->isVisible());  // the same words are no correction
    QVERIFY2(refusal->text().contains(u"says already"_s), qPrintable(refusal->text()));
    field->setText(u"pool at 97"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(m_desk->pane->model().rowCount(), 3);
    QCOMPARE(m_desk->text(0), u"pool at 97"_s);
    QCOMPARE(m_desk->text(1), u"pool at 79"_s);
    const QModelIndex old = m_desk->pane->model().index(1);
    QCOMPARE(old.data(TimelineModel::Correction).toString(), u"pool at 97"_s);
    QVERIFY(old.data(Qt::AccessibleTextRole).toString().contains(u"corrected: pool at 97"_s));
    QTRY_VERIFY(!field->isVisible());
}

void TestTimelinePane::evidenceIsShownExactly() {
    m_desk->append(u"query"_s, u"ran who is there on primary: 2 rows"_s,
                   poolResult({row("1", "  two  spaces", "a\tb"),
                               QJsonArray{u"2"_s, QJsonValue(), u"NULL"_s}}));
    m_desk->openRow(0);
    auto* grid = m_desk->find<QTableView>("evidenceGrid");
    QTRY_VERIFY(grid->isVisible());
    const auto* model = grid->model();
    QCOMPARE(model->index(0, 1).data().toString(), u"  two  spaces"_s);
    QCOMPARE(model->index(0, 2).data().toString(), u"a\tb"_s);
    // NULL and the text NULL read alike; their ink does not.
    QVERIFY(model->index(1, 1).data(Qt::ForegroundRole) !=
            model->index(1, 2).data(Qt::ForegroundRole));
    QVERIFY(m_desk->find<QPlainTextEdit>("evidenceStatement")
                ->toPlainText()
                .startsWith(u"SELECT pid"_s));
    QVERIFY(m_desk->find<QLabel>("evidenceReceipt")->text().contains(u"sha256 9f2c"_s));
    QVERIFY(m_desk->find<QLabel>("evidenceWhen")->text().contains(u"UTC"_s));
    m_desk->find<QPushButton>("evidenceRaw")->click();
    QVERIFY(m_desk->find<QPlainTextEdit>("timelineEvidence")->toPlainText().contains(u"a\\tb"_s));
    QTest::keyClick(grid, Qt::Key_Escape);
    m_desk->find<QPushButton>("evidenceClose")->click();
    QVERIFY(!m_desk->find<QWidget>("evidenceView")->isVisible());
}

void TestTimelinePane::anAnswerIsComparedWithTheOneBefore() {
    const auto capture = [this](const QString& moment, const QJsonArray& rows) {
        QJsonObject detail = poolResult(rows);
        detail[u"connection"_s] = u"primary"_s;
        detail[u"statement"_s] = u"SELECT 1"_s;
        detail[u"moment"_s] = moment;
        m_desk->append(u"captured"_s, u"pinned, %1"_s.arg(moment), detail, u"Tocsin"_s);
    };
    capture(u"at declaration"_s, {row("1", "idle", "a"), row("2", "active", "b")});
    capture(u"at resolution"_s, {row("2", "idle", "b"), row("3", "active", "c")});
    m_desk->openRow(0);
    auto* label = m_desk->find<QLabel>("evidenceDifference");
    QTRY_VERIFY(label->isVisible());
    QVERIFY2(label->text().contains(u"1 row added, 1 row removed, 1 row changed"_s),
             qPrintable(label->text()));
    const auto* model = m_desk->find<QTableView>("evidenceGrid")->model();
    QCOMPARE(model->rowCount(), 3);
    QCOMPARE(model->index(0, 0).data().toString(), u"~ changed"_s);
    QCOMPARE(model->index(0, 2).data().toString(), u"active → idle"_s);
}

void TestTimelinePane::aDroppedPictureIsKept() {
    QImage image(40, 20, QImage::Format_RGB32);
    image.fill(Qt::darkCyan);
    const QString path = m_folder->filePath(u"graph.png"_s);
    QVERIFY(image.save(path));
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter({20, 100}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_desk->pane.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(20, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_desk->pane.get(), &drop);
    QTRY_COMPARE(m_desk->pane->model().rowCount(), 2);
    QVERIFY(m_desk->text(0).startsWith(u"kept graph.png"_s));
    QVERIFY(QFile::remove(path));
    m_desk->openRow(0);
    auto* shown = m_desk->find<QLabel>("evidencePicture");
    QTRY_VERIFY(shown->isVisible() && !shown->pixmap(Qt::ReturnByValue).isNull());
    QCOMPARE(shown->pixmap(Qt::ReturnByValue).size(), image.size());
}

void TestTimelinePane::pictures_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    QTest::newRow("dark-1600") << true << QSize(990, 340);
    QTest::newRow("light-1600") << false << QSize(990, 340);
    QTest::newRow("dark-1280") << true << QSize(790, 260);
    QTest::newRow("light-1280") << false << QSize(790, 260);
}

void TestTimelinePane::pictures() {
    QFETCH(bool, dark);
    QFETCH(QSize, size);
    m_desk->theme.setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_desk->theme.applyTo(*qApp);
    m_desk->pane->resize(size);
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    const auto shoot = [&](const QString& what) {
        for (int turn = 0; turn < 20; ++turn)
            QCoreApplication::processEvents();
        const QImage picture = m_desk->pane->grab().toImage();
        QVERIFY(!picture.isNull());
        if (!folder.isEmpty())
            QVERIFY(picture.save(u"%1/timeline-%2-%3.png"_s.arg(
                folder, what, QString::fromLatin1(QTest::currentDataTag()))));
    };
    m_desk->append(u"delivered"_s, u"#incidents: level 2 delivered"_s, {}, u"Tocsin"_s);
    m_desk->append(u"step"_s, u"step done: Count the open connections (97 of 100)"_s);
    anAnswerIsComparedWithTheOneBefore();
    shoot(u"difference"_s);
    m_desk->find<QPushButton>("evidenceClose")->click();
    m_desk->append(u"note"_s, u"pool at 79 of 100, blocked by 24817"_s);
    const qint64 wrong = m_desk->pane->model().index(0).data(TimelineModel::Seq).toLongLong();
    m_desk->journal.correct(u"INC-1"_s, u"ben"_s, wrong, u"pool at 97 of 100"_s);
    QTRY_VERIFY(
        !m_desk->pane->model().index(1).data(TimelineModel::Correction).toString().isEmpty());
    shoot(u"correction"_s);
    m_desk->append(u"query"_s, u"ran SELECT pid, state, query FROM pg_stat_activity: 2 rows"_s,
                   poolResult({row("24817", "idle in transaction", "UPDATE content SET a = 1"),
                               QJsonArray{u"25003"_s, u"idle"_s, QJsonValue()}}));
    m_desk->openRow(0);
    QTRY_VERIFY(m_desk->find<QTableView>("evidenceGrid")->isVisible());
    shoot(u"evidence"_s);
}

QTEST_MAIN(TestTimelinePane)
#include "tst_timelinepane.moc"

// Past incidents: figures, chart, the list, and an import from another machine.
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "incidents/events.h"
#include "ui/incident/figuresmodel.h"
#include "ui/incident/pastmodel.h"
#include "ui/incident/pastpane.h"
#include "ui/incident/statisticschart.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using incidents::Event;

class TestPastPane : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void countsAndTimes();
    void anotherTimeIsChosen();
    void oneIsChosen();
    void importsACopy();
    void aWrongFileIsSaid();
    void pictures_data();
    void pictures();

private:
    template <typename T>
    T* find(const char* name) {
        T* found = m_pane->findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no widget named %s", name);
        return found;
    }
    /// An incident declared so many days ago.
    void past(int number, int daysAgo, const QString& severity, const QString& key, int minutes);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<theme::Theme> m_theme;
    std::unique_ptr<store::Database> m_database;
    std::unique_ptr<incidents::Journal> m_journal;
    std::unique_ptr<PastPane> m_pane;
};

void TestPastPane::past(int number, int daysAgo, const QString& severity, const QString& key,
                        int minutes) {
    const QDateTime at = m_clock->now().addDays(-daysAgo).addSecs(number);
    const QString id = u"INC-%1"_s.arg(number);
    const QVector<Event> events{
        {0,
         id,
         at,
         u"ada"_s,
         u"declared"_s,
         u"declared "_s + severity,
         {{u"title"_s, key == u"pool" ? u"Database connections exhausted"_s : u"Uploads fail"_s},
          {u"severity"_s, severity},
          {u"keys"_s, QJsonArray{key}}}},
        {0, id, at.addSecs(20 + 5 * number), u"ada"_s, u"acknowledged"_s, u"acknowledged"_s, {}},
        {0, id, at.addSecs(60 * minutes), u"ada"_s, u"resolved"_s, u"resolved"_s, {}}};
    auto written = m_database->write<int>([events](store::Transaction& tx) -> Result<int> {
        for (const Event& event : events)
            if (auto done = incidents::appendEvent(tx, event); !done)
                return tl::unexpected<Error>(done.error());
        return 0;
    });
    QTRY_VERIFY(written.isFinished());
    QVERIFY(written.result().has_value());
}

void TestPastPane::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    m_theme = std::make_unique<theme::Theme>(theme::Mode::Dark);
    m_theme->applyTo(*qApp);
    m_database = std::move(*store::Database::open(m_folder->filePath(u"tocsin.sqlite"_s)));
    m_journal = std::make_unique<incidents::Journal>(*m_database, *m_clock);
    past(1, 200, u"P2"_s, u"errors"_s, 30);
    past(2, 20, u"P1"_s, u"pool"_s, 60);
    past(3, 10, u"P1"_s, u"pool"_s, 20);
    past(4, 1, u"P3"_s, u"errors"_s, 10);
    auto loaded = m_journal->load();
    QTRY_VERIFY(loaded.isFinished());
    m_pane = std::make_unique<PastPane>(*m_theme, *m_database, *m_journal, *m_clock, u"ada"_s);
    m_pane->resize(620, 640);
    m_pane->QWidget::show();
    QTRY_COMPARE(find<QTableView>("pastTable")->model()->rowCount(), 4);
}

void TestPastPane::cleanup() {
    m_pane.reset();
    m_journal.reset();
    m_database.reset();
}

void TestPastPane::countsAndTimes() {
    auto* model = find<QTableView>("figuresTable")->model();
    const QAbstractItemModelTester tester(model), past(find<QTableView>("pastTable")->model());
    QCOMPARE(find<QLabel>("pastSummary")->text(), u"3 incidents, 0 open"_s);
    QCOMPARE(model->rowCount(), 5);  // all, P1, P3, pool, errors
    QCOMPARE(model->index(1, FiguresModel::Name).data().toString(), u"P1"_s);
    QCOMPARE(model->index(1, FiguresModel::Mttr).data().toString(), u"40 min 0 s"_s);
    QCOMPARE(model->index(3, FiguresModel::Name).data().toString(), u"pool"_s);
    QVERIFY(find<StatisticsChart>("statisticsChart")->accessibleDescription().contains(u": 1"_s));
}

void TestPastPane::anotherTimeIsChosen() {
    find<QComboBox>("pastSpan")->setCurrentIndex(2);
    QCOMPARE(find<QLabel>("pastSummary")->text(), u"4 incidents, 0 open"_s);
    find<QComboBox>("pastSpan")->setCurrentIndex(0);
    QCOMPARE(find<QLabel>("pastSummary")->text(), u"3 incidents, 0 open"_s);
}

void TestPastPane::oneIsChosen() {
    QSignalSpy chosen(m_pane.get(), &PastPane::chosen);
    auto* list = find<QTableView>("pastTable");
    emit list->activated(list->model()->index(1, 0));
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().first().value<incidents::Incident>().id, u"INC-3"_s);
}

void TestPastPane::importsACopy() {
    find<QPushButton>("pastImport")->click();
    find<QLineEdit>("importPath")->setText(QFINDTESTDATA("../fuzz/corpus/archive/whole.json"));
    find<QPushButton>("importConfirm")->click();
    QTRY_COMPARE(find<QTableView>("pastTable")->model()->rowCount(), 5);
    QVERIFY(!find<QWidget>("importForm")->isVisible());
    const auto* known = m_journal->find(u"INC-5"_s);
    QVERIFY(known);
    QCOMPARE(known->importedFrom, u"INC-42"_s);
}

void TestPastPane::aWrongFileIsSaid() {
    find<QPushButton>("pastImport")->click();
    find<QPushButton>("importConfirm")->click();
    QVERIFY(find<QLabel>("importFormError")->isVisible());
    find<QLineEdit>("importPath")->setText(u"/nowhere/x.json"_s);
    find<QPushButton>("importConfirm")->click();
    QTRY_VERIFY(find<QLabel>("importFormError")->text().contains(u"cannot be read"_s));
    QCOMPARE(find<QTableView>("pastTable")->model()->rowCount(), 4);
}

void TestPastPane::pictures_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    QTest::newRow("dark-1600") << true << QSize(650, 660);
    QTest::newRow("light-1600") << false << QSize(650, 660);
    QTest::newRow("dark-1280") << true << QSize(450, 480);
    QTest::newRow("light-1280") << false << QSize(450, 480);
}

void TestPastPane::pictures() {
    QFETCH(bool, dark);
    QFETCH(QSize, size);
    for (int i = 0; i < 14; ++i)
        past(6 + i, 2 + i * 6, i % 3 ? u"P2"_s : u"P1"_s, i % 2 ? u"pool"_s : u"errors"_s,
             15 + i * 9);
    m_theme->setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme->applyTo(*qApp);
    m_pane->resize(size);
    m_pane->hide();
    m_pane->QWidget::show();
    QTRY_COMPARE(find<QTableView>("pastTable")->model()->rowCount(), 18);
    const QImage picture = m_pane->grab().toImage();
    QVERIFY(!picture.isNull());
    if (const QString folder = qEnvironmentVariable("TOCSIN_PICTURES"); !folder.isEmpty())
        QVERIFY(picture.save(
            u"%1/past-%2.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()))));
}

QTEST_MAIN(TestPastPane)
#include "tst_pastpane.moc"

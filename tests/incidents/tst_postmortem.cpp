// The post-mortem: template, drawing, lessons, Markdown, HTML and paper; figures of past incidents.
#include <QJsonArray>
#include <QPainter>
#include <QSvgRenderer>
#include <QTest>
#include <QXmlStreamReader>
#include <QtConcurrent>

#include "incidents/lessons.h"
#include "incidents/markdownhtml.h"
#include "incidents/postmortem.h"
#include "incidents/projection.h"
#include "incidents/statistics.h"
#include "incidents/timelinedrawing.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::incidents;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QDateTime minute(int number) {
    return QDateTime(QDate(2026, 1, 31), QTime(12, 0), Qt::UTC).addSecs(60 * number);
}

Record recordWith(const QVector<Event>& events) {
    Record record;
    for (Event event : events) {
        event.seq = record.events.size() + 1;
        event.incident = u"INC-7"_s;
        fold(record.incident, event);
        record.events.append(event);
    }
    return record;
}

Event eventAt(int at, const QString& kind, const QString& text, const QJsonObject& detail = {}) {
    return {0, {}, minute(at), u"ada"_s, kind, text, detail};
}

Event declaredAt(int at, const QString& title = u"Pool <b>full</b>"_s) {
    return eventAt(at, u"declared"_s, u"declared P1"_s,
                   {{u"title"_s, title},
                    {u"severity"_s, u"P1"_s},
                    {u"commander"_s, u"ada"_s},
                    {u"keys"_s, QJsonArray{u"pool"_s}}});
}

QJsonObject stepOf(const QString& title, const QString& state, bool edited = false) {
    return {
        {u"runbook"_s, u"pool"_s}, {u"title"_s, title}, {u"state"_s, state}, {u"edited"_s, edited}};
}

QVector<Event> wholeStory() {
    return {declaredAt(0),
            eventAt(1, u"acknowledged"_s, u"acknowledged"_s),
            eventAt(2, u"phase"_s, u"phase: investigate"_s, {{u"phase"_s, u"investigate"_s}}),
            eventAt(3, u"query"_s, u"ran SELECT 1: 1 row"_s,
                    {{u"columns"_s, QJsonArray{u"a"_s}},
                     {u"rows"_s, QJsonArray{QJsonArray{u"97"_s}}},
                     {u"step"_s, stepOf(u"Count"_s, u"done"_s, true)}}),
            eventAt(4, u"task"_s, u"task"_s,
                    {{u"number"_s, 1}, {u"text"_s, u"look at deploys"_s}, {u"owner"_s, u"ben"_s}}),
            eventAt(5, u"redis"_s, u"INFO failed: refused"_s,
                    {{u"step"_s, stepOf(u"Ask Redis"_s, u"failed"_s)}}),
            eventAt(20, u"resolved"_s, u"resolved"_s, {{u"fix"_s, u"ended 24817"_s}}),
            eventAt(20, u"walked"_s, u"pool: 3 of 4"_s,
                    {{u"runbook"_s, u"pool"_s},
                     {u"steps"_s, QJsonArray{stepOf(u"Count"_s, u"done"_s),
                                             stepOf(u"Look at locks"_s, u"open"_s),
                                             stepOf(u"End it"_s, u"done"_s),
                                             stepOf(u"Never reached"_s, u"open"_s)}}})};
}

QString markdownOf(const Record& record, const QString& wording = {}) {
    return toMarkdown(postMortem(record, minute(30), wording), u"x.svg"_s);
}

}  // namespace

class PostMortemTest : public QObject {
    Q_OBJECT
private slots:
    void tellsTheWholeStory();
    void theWorkspacesTemplateCounts();
    void nothingBecomesMarkup();
    void templatesBecomeHtml_data();
    void templatesBecomeHtml();
    void theDrawingIsSvg();
    void theDrawingStaysSmall();
    void lessonsAreNoticed();
    void paperIsMadeOffTheGuiThread();
    void longTablesEndOnPaper();
    void figuresArePerKeyAndSeverity();
    void periods_data();
    void periods();
};

void PostMortemTest::tellsTheWholeStory() {
    const QString text = markdownOf(recordWith(wholeStory()));
    for (const QString& part :
         {u"# INC-7 · P1 · Pool \\<b\\>full"_s, u"| Time to acknowledge | 1 min 0 s |"_s,
          u"| Time to resolve | 20 min 0 s |"_s, u"What fixed it: ended 24817"_s,
          u"![Timeline](x.svg)"_s, u"| 97 |"_s, u"look at deploys"_s, u"## Five whys"_s,
          u"“Look at locks” was passed over"_s, u"No message was sent"_s,
          u"To be filled in: who noticed what"_s})
        QVERIFY2(text.contains(part), qPrintable(part + u"\n\n"_s + text));
}

void PostMortemTest::theWorkspacesTemplateCounts() {
    const QString text = markdownOf(recordWith(wholeStory()),
                                    u"## {{incident}} in *{{workspace}}*: {{title}}\n\n"
                                    "{{tasks}}\n\n- by {{commander}}\n{{unknown}}\n"_s);
    QVERIFY2(text.startsWith(u"## INC-7 in **: Pool \\<b\\>"_s), qPrintable(text));
    QVERIFY(text.contains(u"look at deploys"_s));
    QVERIFY(text.contains(u"- by ada"_s));
    QVERIFY(text.contains(u"{{unknown}}"_s));
    QVERIFY(!text.contains(u"Five whys"_s));
}

void PostMortemTest::nothingBecomesMarkup() {
    Record record =
        recordWith({declaredAt(0, u"x\n\n# not a heading [a](javascript:b) <img src=q>"_s)});
    const QString html = toHtml(postMortem(record, minute(1)), u"t"_s);
    QVERIFY(!html.contains(u"<img"_s));
    QVERIFY(!html.contains(u"javascript:b\""_s));
    QCOMPARE(html.count(u"<h1>"_s), 1);
    QVERIFY(html.contains(u"&lt;img src=q&gt;"_s));
}

void PostMortemTest::templatesBecomeHtml_data() {
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QString>("html");
    const auto row = [](const char* name, const QString& from, const QString& to) {
        QTest::newRow(name) << from << to;
    };
    row("heading", u"## A *b*"_s, u"<h2>A <em>b</em></h2>\n"_s);
    row("list", u"1. a\n2. b"_s, u"<ol><li>a</li>\n<li>b</li>\n</ol>\n"_s);
    row("html is text", u"a <script>b</script>"_s, u"<p>a &lt;script&gt;b&lt;/script&gt;</p>\n"_s);
    row("link", u"[a](https://x.example/?a=1&b=\"2)"_s,
        u"<p><a href=\"https://x.example/?a=1&amp;b=&quot;2\">a</a></p>\n"_s);
    row("no script", u"[a](javascript:alert)"_s, u"<p><a>a</a></p>\n"_s);
}

void PostMortemTest::templatesBecomeHtml() {
    QFETCH(QString, markdown);
    QTEST(htmlFromMarkdown(markdown), "html");
}

void PostMortemTest::theDrawingIsSvg() {
    const QString svg = timelineDrawing(recordWith(wholeStory()), minute(30));
    QXmlStreamReader reader(svg);
    while (!reader.atEnd())
        reader.readNext();
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QVERIFY(QSvgRenderer(svg.toUtf8()).isValid());
    for (const QString& part : {u"12:00 declared"_s, u"12:20 resolved"_s, u"investigate"_s})
        QVERIFY2(svg.contains(part), qPrintable(part));
    QVERIFY(timelineDrawing({}, minute(0)).isEmpty());
    if (const QString folder = qEnvironmentVariable("TOCSIN_PICTURES"); !folder.isEmpty()) {
        QFile file(folder + u"/timeline.svg"_s);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(svg.toUtf8()) > 0);
        QSvgRenderer renderer(svg.toUtf8());
        QImage image(renderer.defaultSize(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        renderer.render(&painter);
        painter.end();
        QVERIFY(image.save(folder + u"/drawing.png"_s));
    }
}

void PostMortemTest::theDrawingStaysSmall() {
    QVector<Event> events{declaredAt(0)};
    for (int i = 0; i < 50000; ++i)
        events.append({0, {}, minute(0).addMSecs(i * 40), u"ada"_s, u"note"_s, u"n"_s, {}});
    QVERIFY(timelineDrawing(recordWith(events), minute(40)).size() < 200000);
}

void PostMortemTest::lessonsAreNoticed() {
    const auto lessons = lessonsOf(wholeStory());
    QStringList found;
    for (const Lesson& lesson : lessons)
        found.append(u"%1 %2"_s.arg(int(lesson.kind)).arg(lesson.step));
    QCOMPARE(found, (QStringList{u"1 Count"_s, u"2 Ask Redis"_s, u"0 Look at locks"_s}));
    QVERIFY(lessons[1].text.contains(u"refused"_s));
}

void PostMortemTest::paperIsMadeOffTheGuiThread() {
    const Record record = recordWith(wholeStory());
    auto made = QtConcurrent::run([record] {
        return rendered(record, ExportWish{u"pdf"_s, {}, {}, {}}, u"/nowhere/x.db"_s, minute(30));
    });
    QTRY_VERIFY_WITH_TIMEOUT(made.isFinished(), 30000);
    const auto pdf = made.result();
    QVERIFY(pdf.has_value());
    QVERIFY(pdf->content.startsWith("%PDF-1."));
    QVERIFY(pdf->content.trimmed().endsWith("%%EOF"));
    if (const QString folder = qEnvironmentVariable("TOCSIN_PICTURES"); !folder.isEmpty()) {
        QFile file(folder + u"/postmortem.pdf"_s);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(pdf->content) > 0);
    }
}

void PostMortemTest::longTablesEndOnPaper() {
    QVector<Event> events{declaredAt(0)};
    for (int i = 0; i < 4200; ++i)
        events.append(eventAt(1, u"note"_s, u"n"_s));
    const auto pdf = rendered(recordWith(events), ExportWish{u"pdf"_s, u"{{timeline}}"_s, {}, {}},
                              u"/nowhere/x.db"_s, minute(30));
    QVERIFY(pdf.has_value());
    QVERIFY(pdf->content.size() < 4000000);
}

void PostMortemTest::figuresArePerKeyAndSeverity() {
    const auto incident = [](int number, Priority priority, int ack, int resolve,
                             const QStringList& keys) {
        Incident one;
        one.id = u"INC-%1"_s.arg(number);
        one.priority = priority;
        one.declaredAt = minute(number * 1440);
        if (ack > 0) one.acknowledgedAt = one.declaredAt.addSecs(ack);
        if (resolve > 0) one.resolvedAt = one.declaredAt.addSecs(resolve);
        one.keys = keys;
        return one;
    };
    Incident merged = incident(3, Priority::P1, 1, 1, {u"pool"_s});
    merged.mergedInto = u"INC-1"_s;
    Incident copy = incident(4, Priority::P3, 30, 9999, {u"disk"_s});
    copy.importedOpen = true;
    const auto found = statisticsOf({incident(0, Priority::P1, 60, 600, {u"pool"_s, u"disk"_s}),
                                     incident(1, Priority::P1, 120, 1200, {u"pool"_s}),
                                     incident(2, Priority::P2, 0, 0, {u"pool"_s}), merged, copy,
                                     incident(90, Priority::P1, 1, 1, {u"late"_s})},
                                    QDate(2026, 1, 31), QDate(2026, 2, 9));
    QCOMPARE(found.all.count, 4);
    QCOMPARE(found.all.open, 1);
    QCOMPARE(found.all.meanAcknowledge, std::optional<std::chrono::milliseconds>(70s));
    QCOMPARE(found.all.meanResolve, std::optional<std::chrono::milliseconds>(900s));
    QCOMPARE(found.all.medianAcknowledge, std::optional<std::chrono::milliseconds>(60s));
    QCOMPARE(found.bySeverity.size(), 3);
    QCOMPARE(found.byKey.first().name, u"pool"_s);
    QCOMPARE(found.byKey.first().figures.count, 3);
    QVERIFY(!found.bySeverity[1].figures.meanResolve);
    QCOMPARE(found.periods.size(), 10);
    QCOMPARE(found.periods[1].count[0], 1);
}

void PostMortemTest::periods_data() {
    QTest::addColumn<int>("days");
    QTest::addColumn<int>("atMost");
    QTest::newRow("one day") << 1 << 1;
    QTest::newRow("a month") << 31 << 6;
    QTest::newRow("a quarter") << 90 << 15;
    QTest::newRow("a year") << 365 << 14;
}

void PostMortemTest::periods() {
    QFETCH(int, days);
    QFETCH(int, atMost);
    const QDate from(2026, 1, 31), to = from.addDays(days - 1);
    const auto periods = statisticsOf({}, from, to).periods;
    QVERIFY(!periods.isEmpty() && periods.size() <= atMost);
    QCOMPARE(periods.first().from, from);
    QCOMPARE(periods.last().to, to);
    for (qsizetype i = 1; i < periods.size(); ++i)
        QCOMPARE(periods[i].from, periods[i - 1].to.addDays(1));
}

QTEST_MAIN(PostMortemTest)
#include "tst_postmortem.moc"

#include <QTest>

#include "inspection/curl.h"
#include "sdk/secret.h"

using namespace tocsin;
using namespace tocsin::inspection;

class CurlTest : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void readsHeaders();
    void readsTime();
    void makesASecretOfAPassword();
    void refuses_data();
    void refuses();
    void splits_data();
    void splits();
    void survivesEveryCut();
};

void CurlTest::reads_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char* line, const char* method, const char* url,
                        const char* body = "") {
        QTest::newRow(line) << QString::fromUtf8(line) << QByteArray(method)
                            << QString::fromUtf8(url) << QByteArray(body);
    };
    row("curl http://localhost:3001/api/health", "GET", "http://localhost:3001/api/health");
    row("curl localhost:3001/api/health", "GET", "http://localhost:3001/api/health");
    row("curl -fsS --max-time 10 -o /dev/null -w '%{http_code}\\n' http://a/b", "GET",
        "http://a/b");
    row("curl -sSL \\\n  -H 'Accept: text/plain' \\\n  \"http://a/b?x=1&y=2\"", "GET",
        "http://a/b?x=1&y=2");
    row("curl -I http://a/", "HEAD", "http://a/");
    row("curl -X DELETE http://a/b", "DELETE", "http://a/b");
    row("curl -XPOST http://a/b", "POST", "http://a/b");
    row("curl http://a/ -d x=1 -d y=2", "POST", "http://a/", "x=1&y=2");
    row("curl http://a/ --data-urlencode 'q=a b&c'", "POST", "http://a/", "q=a%20b%26c");
    row("curl -G http://a/ -d x=1 --data-urlencode 'q=a b'", "GET", "http://a/?x=1&q=a%20b");
    row("curl -G 'http://a/?z=0' -d x=1", "GET", "http://a/?z=0&x=1");
    row("curl -X PUT --data-raw '@not-a-file' http://a/", "PUT", "http://a/", "@not-a-file");
    row("curl --json '{\"a\":1}' http://a/", "POST", "http://a/", "{\"a\":1}");
    row("curl -k https://a/", "GET", "https://a/");
    row("/usr/bin/curl http://a/ # the health page", "GET", "http://a/");
}

void CurlTest::reads() {
    QFETCH(const QString, line);
    QFETCH(const QByteArray, method);
    QFETCH(const QString, url);
    QFETCH(const QByteArray, body);
    const auto request = parseCurl(line);
    QVERIFY2(request.has_value(), request ? "" : qPrintable(request.error().message));
    QCOMPARE(request->method, method);
    QCOMPARE(request->url.toString(QUrl::FullyEncoded), url);
    QCOMPARE(request->body, body);
}

void CurlTest::readsHeaders() {
    const auto request = parseCurl(QStringLiteral(
        "curl -u me:pa55word -H 'X-A: 1' -H 'x-a: 2' -H 'Empty:' --json '{}' http://a/"));
    QVERIFY(request);
    QMap<QByteArray, QByteArray> headers;
    for (const auto& [name, value] : request->headers)
        headers[name.toLower()] = value;
    QCOMPARE(headers["authorization"], "Basic " + QByteArray("me:pa55word").toBase64());
    QCOMPARE(headers["x-a"], QByteArray("2"));
    QCOMPARE(headers["content-type"], QByteArray("application/json"));
    QVERIFY(!headers.contains("empty"));
    const auto inUrl = parseCurl(QStringLiteral("curl http://me:hunter22@a/"));
    QVERIFY(inUrl);
    QVERIFY(inUrl->url.userInfo().isEmpty());
    QCOMPARE(inUrl->headers.first().second, "Basic " + QByteArray("me:hunter22").toBase64());
}

void CurlTest::readsTime() {
    QCOMPARE(parseCurl(QStringLiteral("curl -m 2.5 http://a/"))->timeout,
             std::chrono::milliseconds(2500));
    QVERIFY(!parseCurl(QStringLiteral("curl -m never http://a/")));
    QVERIFY(!parseCurl(QStringLiteral("curl http://a/"))->followRedirects);
    QVERIFY(parseCurl(QStringLiteral("curl -L http://a/"))->followRedirects);
}

void CurlTest::makesASecretOfAPassword() {
    QVERIFY(parseCurl(QStringLiteral("curl -u me:wordofmouth http://a/")));
    QVERIFY(!redact(QStringLiteral("it is wordofmouth")).contains(QStringLiteral("wordofmouth")));
}

void CurlTest::refuses_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* line, const char* says) {
        QTest::newRow(*line ? line : "nothing")
            << QString::fromUtf8(line) << QString::fromUtf8(says);
    };
    row("", "not a curl command");
    row("wget http://a/", "not a curl command");
    row("curl", "names no address");
    row("curl --wibble http://a/", "--wibble");
    row("curl -sZ http://a/", "-Z");
    row("curl -H", "needs a value");
    row("curl -H nonsense http://a/", "not a header");
    row("curl http://a/ http://b/", "Two addresses");
    row("curl ftp://a/", "not an http");
    row("curl -d @/etc/passwd http://a/", "read from a file");
    row("curl -H @headers http://a/", "read from a file");
    row("curl -b cookies.txt http://a/", "read from a file");
    row("curl --data-urlencode name@file http://a/", "read from a file");
    row("curl -T file http://a/", "-T");
    row("curl http://a/ | jq .", "joins this with another program");
    row("curl http://a/ > out", "joins this");
    row("curl http://a/ && rm -rf x", "joins this");
    row("curl http://$HOST/", "would need a shell");
    row("curl \"http://$(hostname)/\"", "would need a shell");
    row("curl 'http://a/", "not closed");
    row("curl \"http://a/", "not closed");
    row("curl -H \"A: b\nC: d\" http://a/", "line break");
}

void CurlTest::refuses() {
    QFETCH(const QString, line);
    QFETCH(const QString, says);
    const auto request = parseCurl(line);
    QVERIFY(!request);
    QCOMPARE(nameOf(request.error().code), nameOf(ErrorCode::Parse));
    QVERIFY2(request.error().message.contains(says), qPrintable(request.error().message));
}

void CurlTest::splits_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("joined quotes") << R"(a'b c'"d e"f)" << QStringList{"ab cd ef"};
    QTest::newRow("escapes") << R"(a\ b "c\"d\\e\f" 'g\h')"
                             << QStringList{"a b", R"(c"d\e\f)", R"(g\h)"};
    QTest::newRow("empty words") << R"('' "")" << QStringList{"", ""};
    QTest::newRow("continuation") << "a \\\n b\\\nc" << QStringList{"a", "bc"};
    QTest::newRow("dollar in single quotes") << "'$X'" << QStringList{"$X"};
    QTest::newRow("escaped dollar") << R"(\$X "\$Y")" << QStringList{"$X", "$Y"};
    QTest::newRow("hash inside a word") << "a#b # c" << QStringList{"a#b"};
}

void CurlTest::splits() {
    QFETCH(const QString, line);
    QFETCH(const QStringList, words);
    const auto split = splitShellWords(line);
    QVERIFY2(split.has_value(), split ? "" : qPrintable(split.error().message));
    QCOMPARE(*split, words);
}

void CurlTest::survivesEveryCut() {
    const QString line = QStringLiteral(
        "curl -fsS -X POST -H 'A: \"b\"' -u \"me:p\\\"w\" --data-urlencode 'q=ä b' -G \\\n "
        "https://a.example:8443/p?x=1#f -m 3");
    for (qsizetype cut = 0; cut <= line.size(); ++cut) {
        const auto request = parseCurl(line.first(cut));
        if (!request) QVERIFY(!request.error().message.isEmpty());
    }
}

QTEST_GUILESS_MAIN(CurlTest)
#include "tst_curl.moc"

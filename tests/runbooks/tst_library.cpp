#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "runbooks/library.h"

using namespace tocsin::runbooks;

class TestLibrary : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void loadsFoldersAndFiles() {
        write(QStringLiteral("a.md"), "# A\n\n**Alert:** `a` - x\n");
        write(QStringLiteral("notes.txt"), "# N\n\n**Alert:** `n` - x\n");
        QDir(m_folder->path()).mkdir(QStringLiteral("deep"));
        write(QStringLiteral("deep/b.md"), "# B\n\n**Alert:** `b` - x\n");
        Library library;
        QFuture<void> loaded =
            library.load({m_folder->path(), path(QStringLiteral("a.md"))}, false);
        QTRY_VERIFY(loaded.isFinished());
        QCOMPARE(library.runbooks().size(), 2);
        QVERIFY(library.find(QStringLiteral("b")));
        QVERIFY(!library.find(QStringLiteral("n")));
    }

    void missingPathIsReported() {
        Library library;
        QFuture<void> loaded = library.load({path(QStringLiteral("no.md"))}, false);
        QTRY_VERIFY(loaded.isFinished());
        QCOMPARE(library.findings().size(), 1);
        QCOMPARE(library.findings()[0].rule, QStringLiteral("unreadable"));
    }

    void ownRunbookReplacesBundledOne() {
        write(QStringLiteral("mine.md"), "# Mine\n\n**Alert:** `error_rate` - x\n");
        Library library;
        QFuture<void> loaded = library.load({m_folder->path()}, true);
        QTRY_VERIFY(loaded.isFinished());
        QCOMPARE(library.runbooks().size(), 9);
        QVERIFY(library.find(QStringLiteral("mine")));
        QVERIFY(!library.find(QStringLiteral("high-error-rate")));
    }

    void namesAreUnique() {
        write(QStringLiteral("a.md"), "# Same\n\n**Alert:** `a` - x\n");
        write(QStringLiteral("b.md"), "# Same\n\n**Alert:** `b` - x\n");
        Library library;
        QFuture<void> loaded = library.load({m_folder->path()}, false);
        QTRY_VERIFY(loaded.isFinished());
        QCOMPARE(library.runbooks()[1].name, QStringLiteral("same-2"));
    }

    void aKeyOfTwoIsReported() {
        write(QStringLiteral("a.md"), "# A\n\n**Alert:** `slow` - x\n");
        write(QStringLiteral("b.md"), "# B\n\n**Alert:** `Slow` - x\n");
        Library library;
        QFuture<void> loaded = library.load({m_folder->path()}, false);
        QTRY_VERIFY(loaded.isFinished());
        QVector<Finding> shared = library.findings();
        shared.removeIf([](const Finding& one) { return one.rule != QLatin1String("same-key"); });
        QCOMPARE(shared.size(), 1);
        QCOMPARE(shared[0].file, path(QStringLiteral("b.md")));
        QVERIFY2(shared[0].message.contains(path(QStringLiteral("a.md"))),
                 qPrintable(shared[0].message));
    }

    void reloadsWhatChanged() {
        write(QStringLiteral("a.md"), "# A\n\n**Alert:** `a` - x\n");
        Library library;
        QFuture<void> loaded = library.load({m_folder->path()}, false);
        QTRY_VERIFY(loaded.isFinished());
        QSignalSpy reloaded(&library, &Library::reloaded);
        write(QStringLiteral("a.md"), "# A\n\n**Alert:** `changed` - x\n");
        QTRY_COMPARE(library.runbooks().value(0).keys, QStringList{QStringLiteral("changed")});
        write(QStringLiteral("new.md"), "# New\n\n**Alert:** `new` - x\n");
        QTRY_VERIFY(library.find(QStringLiteral("new")));
        QVERIFY(QFile::remove(path(QStringLiteral("a.md"))));
        QTRY_VERIFY(!library.find(QStringLiteral("a")));
        QVERIFY(reloaded.count() >= 3);
    }

    void watchesReplacedFile() {
        write(QStringLiteral("a.md"), "# A\n\n**Alert:** `a` - x\n");
        Library library;
        QFuture<void> loaded = library.load({path(QStringLiteral("a.md"))}, false);
        QTRY_VERIFY(loaded.isFinished());
        for (const char* key : {"one", "two"}) {  // the way editors save: beside, then renamed over
            write(QStringLiteral("a.md.tmp"), QByteArray("# A\n\n**Alert:** `") + key + "` - x\n");
            QVERIFY(QFile::remove(path(QStringLiteral("a.md"))));
            QVERIFY(QFile::rename(path(QStringLiteral("a.md.tmp")), path(QStringLiteral("a.md"))));
            QTRY_COMPARE(library.runbooks().value(0).keys, QStringList{QString::fromLatin1(key)});
        }
    }

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }
    void write(const QString& name, const QByteArray& text) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestLibrary)
#include "tst_library.moc"

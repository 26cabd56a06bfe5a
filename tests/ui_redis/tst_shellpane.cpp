#include "ui/query/shellpane.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui_redis/picture.h"

using namespace tocsin;
using namespace tocsin::ui;

class ShellPaneTest : public QObject {
    Q_OBJECT
private slots:
    void copiesTheCommand();
};

void ShellPaneTest::copiesTheCommand() {
    theme::Theme theme(theme::Mode::Dark);
    theme.applyTo(*qApp);
    ShellPane pane(theme);
    pane.resize(650, 400);
    auto* button = pane.findChild<QPushButton*>(QStringLiteral("shellCopy"));
    auto* text = pane.findChild<QPlainTextEdit*>(QStringLiteral("shellText"));
    QVERIFY(button && text);
    QVERIFY(!button->isEnabled());
    const QString command =
        QStringLiteral("df -h /var/lib/docker\ndu -xsh /var/log/* | sort -rh | head -20");
    pane.show(command, QStringLiteral("See what fills the disk"));
    pane.show();
    QVERIFY(text->isReadOnly());
    QCOMPARE(text->toPlainText(), command);
    QSignalSpy copied(&pane, &ShellPane::copied);
    button->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), command);
    QCOMPARE(copied.count(), 1);
    QCOMPARE(button->text(), QStringLiteral("Copied"));
    test::picture(pane, QStringLiteral("shell-dark"));
    pane.show(QStringLiteral("uptime"), {});
    QCOMPARE(button->text(), QStringLiteral("Copy"));
}

QTEST_MAIN(ShellPaneTest)
#include "tst_shellpane.moc"

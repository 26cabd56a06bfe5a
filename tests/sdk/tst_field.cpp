#include <QJsonObject>
#include <QTest>

#include "sdk/field.h"
#include "sdk/settings.h"

using namespace tocsin;

class FieldTest : public QObject {
    Q_OBJECT
private slots:
    void readsASchema();
    void namesTheBrokenField();
    void settingsReadTheirValues();
};

void FieldTest::readsASchema() {
    const auto fields = fieldsFromJson(QJsonArray{
        QJsonObject{{QStringLiteral("name"), QStringLiteral("every")},
                    {QStringLiteral("kind"), QStringLiteral("duration")},
                    {QStringLiteral("default"), QStringLiteral("10s")}},
        QJsonObject{
            {QStringLiteral("name"), QStringLiteral("mode")},
            {QStringLiteral("kind"), QStringLiteral("choice")},
            {QStringLiteral("required"), true},
            {QStringLiteral("choices"), QJsonArray{QStringLiteral("a"), QStringLiteral("b")}}}});
    QVERIFY(fields);
    QCOMPARE(fields->size(), 2);
    QCOMPARE(fields->at(0).kind, FieldKind::Duration);
    QCOMPARE(fields->at(0).fallback.toString(), QStringLiteral("10s"));
    QVERIFY(fields->at(1).required);
    QCOMPARE(fields->at(1).choices, QStringList({QStringLiteral("a"), QStringLiteral("b")}));
}

void FieldTest::namesTheBrokenField() {
    const auto fields =
        fieldsFromJson(QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("x")},
                                              {QStringLiteral("kind"), QStringLiteral("colour")}}});
    QVERIFY(!fields);
    QCOMPARE(fields.error().code, ErrorCode::Parse);
    QVERIFY(fields.error().message.contains(QStringLiteral("colour")));
}

void FieldTest::settingsReadTheirValues() {
    Settings settings;
    settings.values = {
        {QStringLiteral("every"), 1500},
        {QStringLiteral("mentions"), QVariantMap{{QStringLiteral("team"), QStringLiteral("333")}}}};
    QCOMPARE(settings.duration(QStringLiteral("every")), std::chrono::milliseconds(1500));
    QCOMPARE(settings.map(QStringLiteral("mentions")).value(QStringLiteral("team")),
             QStringLiteral("333"));
    QVERIFY(settings.text(QStringLiteral("nothing")).isEmpty());
}

QTEST_GUILESS_MAIN(FieldTest)
#include "tst_field.moc"

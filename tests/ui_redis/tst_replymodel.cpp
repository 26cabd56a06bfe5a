#include "ui/query/replymodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace tocsin;
using namespace tocsin::ui;
using Kind = Reply::Kind;

class ReplyModelTest : public QObject {
    Q_OBJECT
private slots:
    void showsNothing();
    void showsAScalar();
    void showsAMap();
    void fetchesAThousandAtATime();
    void opensADeepReply();
    void showsBytesThatAreNoText();
    void cutsLongValuesOnScreenOnly();

private:
    static QString cell(const QAbstractItemModel& model, int row, ReplyModel::Column column,
                        const QModelIndex& parent = {}) {
        return model.index(row, static_cast<int>(column), parent).data().toString();
    }
    static std::shared_ptr<const Reply> made(Reply reply) {
        return std::make_shared<const Reply>(std::move(reply));
    }
};

void ReplyModelTest::showsNothing() {
    ReplyModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    model.setReply(made(Reply(Kind::Array)));
    QCOMPARE(model.rowCount(), 0);
    model.setReply(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void ReplyModelTest::showsAScalar() {
    ReplyModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setReply(made(Reply(Kind::Integer, "42")));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(cell(model, 0, ReplyModel::Column::Field), QString());
    QCOMPARE(cell(model, 0, ReplyModel::Column::Type), QStringLiteral("integer"));
    QCOMPARE(cell(model, 0, ReplyModel::Column::Value), QStringLiteral("42"));
    QVERIFY(!model.hasChildren(model.index(0, 0)));
}

void ReplyModelTest::showsAMap() {
    ReplyModel model;
    const Reply inner(Kind::Set, {}, {Reply(Kind::Boolean, "t"), Reply()});
    model.setReply(made(Reply(Kind::Map, {},
                              {Reply(Kind::BulkString, "name"), Reply(Kind::BulkString, "mail"),
                               Reply(Kind::Integer, "7"), inner})));
    // After the reset: the tester fetches more while it is still being told about a reset.
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(),
             QStringLiteral("field"));
    QCOMPARE(cell(model, 0, ReplyModel::Column::Field), QStringLiteral("name"));
    QCOMPARE(cell(model, 0, ReplyModel::Column::Value), QStringLiteral("mail"));
    QCOMPARE(cell(model, 1, ReplyModel::Column::Field), QStringLiteral("7"));
    QCOMPARE(cell(model, 1, ReplyModel::Column::Value), QStringLiteral("2 elements"));
    const QModelIndex set = model.index(1, 0);
    QVERIFY(model.hasChildren(set));
    model.fetchMore(set);
    QCOMPARE(cell(model, 0, ReplyModel::Column::Value, set), QStringLiteral("true"));
    QCOMPARE(cell(model, 1, ReplyModel::Column::Value, set), QStringLiteral("(nil)"));
}

void ReplyModelTest::fetchesAThousandAtATime() {
    ReplyBuilder list;
    for (int i = 0; i < 2500; ++i)
        list.add(Reply(Kind::Integer, QByteArray::number(i)));
    ReplyModel model;
    model.setReply(made(list.take()));
    // After the reset: the tester fetches more while it is still being told about a reset.
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(model.rowCount() >= 1000);
    while (model.canFetchMore({}))
        model.fetchMore({});
    QCOMPARE(model.rowCount(), 2500);
    QCOMPARE(cell(model, 2499, ReplyModel::Column::Field), QStringLiteral("2500"));
    QCOMPARE(cell(model, 2499, ReplyModel::Column::Value), QStringLiteral("2499"));
}

void ReplyModelTest::opensADeepReply() {
    Reply deep(Kind::Integer, "1");
    for (int i = 0; i < 10'000; ++i) {
        std::vector<Reply> children;
        children.push_back(std::move(deep));
        deep = Reply(Kind::Array, {}, std::move(children));
    }
    ReplyModel model;
    model.setReply(made(std::move(deep)));
    QModelIndex at;
    for (int i = 0; i < 100; ++i) {
        if (model.canFetchMore(at)) model.fetchMore(at);
        at = model.index(0, 0, at);
        QVERIFY(at.isValid());
    }
    QCOMPARE(cell(model, 0, ReplyModel::Column::Value, at.parent()), QStringLiteral("1 element"));
}

void ReplyModelTest::showsBytesThatAreNoText() {
    ReplyModel model;
    model.setReply(made(Reply(Kind::BulkString, QByteArray("\0\xff", 2))));
    QCOMPARE(cell(model, 0, ReplyModel::Column::Value), QStringLiteral("\"\\x00\\xff\""));
    model.setReply(made(Reply(Kind::BulkString, "Größe\nzwei")));
    QCOMPARE(cell(model, 0, ReplyModel::Column::Value), QStringLiteral("Größe⏎zwei"));
}

void ReplyModelTest::cutsLongValuesOnScreenOnly() {
    ReplyModel model;
    model.setReply(made(Reply(Kind::BulkString, QByteArray(100'000, 'x'))));
    const QModelIndex value = model.index(0, static_cast<int>(ReplyModel::Column::Value));
    QVERIFY(value.data().toString().size() < 1000);
    QCOMPARE(value.data(ReplyModel::FullTextRole).toString().size(), 100'000);
}

QTEST_GUILESS_MAIN(ReplyModelTest)
#include "tst_replymodel.moc"

#include "plugins/engines/redis/arguments.h"

namespace tocsin::redis {

bool isWord(const QByteArray& argument, const char* word) {
    return argument.compare(word, Qt::CaseInsensitive) == 0;
}

bool hasWord(const QByteArrayList& arguments, const char* word, qsizetype from) {
    for (qsizetype i = from; i < arguments.size(); ++i)
        if (isWord(arguments.at(i), word)) return true;
    return false;
}

QVector<qint64> optionValues(const QByteArrayList& arguments, const char* option, qsizetype from,
                             qsizetype behind) {
    QVector<qint64> values;
    for (qsizetype i = from; i + behind < arguments.size(); ++i) {
        bool isNumber = false;
        const qint64 value = arguments.at(i + behind).toLongLong(&isNumber);
        if (isNumber && isWord(arguments.at(i), option)) values << value;
    }
    return values;
}

bool isOfEachNode(const QByteArrayList& arguments) {
    return (arguments.size() == 2 && isWord(arguments[0], "CLIENT") &&
            isWord(arguments[1], "LIST")) ||
           (arguments.size() == 1 && isWord(arguments[0], "DBSIZE"));
}

}  // namespace tocsin::redis

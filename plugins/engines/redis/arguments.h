#pragma once
#include <QByteArrayList>
#include <QVector>

/// Words among a command's arguments, as the server reads them: in any case.
namespace tocsin::redis {

bool isWord(const QByteArray& argument, const char* word);
/// Whether `word` stands among the arguments from `from` on, in any case.
bool hasWord(const QByteArrayList& arguments, const char* word, qsizetype from = 1);
/// What stands `behind` places after each occurrence of `option`, from argument `from` on: a word
/// may stand there twice, or be a pattern, and which of them counts is the server's business.
QVector<qint64> optionValues(const QByteArrayList& arguments, const char* option, qsizetype from,
                             qsizetype behind = 1);

/// What each node of a cluster tells of itself alone, and is put together: CLIENT LIST, DBSIZE.
bool isOfEachNode(const QByteArrayList& arguments);

}  // namespace tocsin::redis

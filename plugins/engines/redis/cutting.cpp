// How a session reads a part of what would be too much, or nothing of it.

#include "plugins/engines/redis/job.h"
#include "plugins/engines/redis/sentences.h"
#include "plugins/engines/redis/session.h"
#include "plugins/engines/redis/weighing.h"
#include "sdk/figures.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

QVector<qint64> numbersOf(const std::vector<Answer>& answers) {
    QVector<qint64> numbers;
    for (const Answer& answer : answers)
        numbers << sizeIn(answer.reply);
    return numbers;
}

QString sizeGuard(const SizeQuestion& question, const KeyMeasure& measure) {
    const QString asked = question.ask.first() == "MEMORY"
                              ? u"MEMORY USAGE"_s
                              : QString::fromUtf8(question.ask.first());
    QString guard = u"size asked first: %1 %2"_s.arg(asked).arg(measure.length);
    if (measure.memory >= 0) guard += u", MEMORY USAGE %1"_s.arg(measure.memory);
    return guard;
}

}  // namespace

/// False: the job has ended, because no part of the answer could be read instead of all of it; or
/// it is not known yet.
bool Session::cutToPage(const std::vector<Answer>& proofs) {
    Job& job = *m_job;
    const QByteArrayList& arguments = job.line.arguments;
    const auto question = sizeQuestion(arguments);
    const QVector<qint64> sizes = numbersOf(proofs);
    const KeyMeasure measure = question ? measureOf(*question, sizes) : KeyMeasure{};
    if (question) job.page = firstPage(arguments, *question, measure);
    const bool isArea = question && question->of == SizeQuestion::Of::Area;
    if (isArea && measure.length > kMostElements) return askArea(), false;
    if (!job.page)
        if (const auto tooMuch = weigh(arguments, sizes).tooMuch) {
            failWith(*tooMuch);
            return false;
        }
    // An error here is the same one that the command itself will get, or a missing permission.
    if (!question || measure.length < 0) return true;
    job.result.receipt.guards << sizeGuard(*question, measure);
    if (!job.page) return true;
    job.line.arguments = job.page->arguments;
    job.result.truncated = true;
    job.result.notices
        << u"This is the first part, %1 of %2 %3: all of it at once would hold the server up."_s
               .arg(countText(job.page->size), countText(taken(*question, measure.length)),
                    question->inBytes ? u"bytes"_s : u"elements"_s);
    return true;
}

/// The nearest of a small area in a large key are soon found; how many are in it is asked in a way
/// that stops early.
void Session::askArea() {
    askThere({areaQuestion(m_job->line.arguments)}, [this](const std::vector<Answer>& found) {
        const ReplyView reply = found.front().reply;
        if (reply.isError()) return failWith(serverError(found.front().reply));
        const auto count = static_cast<qint64>(reply.children().size());
        if (count > kMostElements)
            return failWith(
                {ErrorCode::TooLarge,
                 u"More than %1 members are in this area, and to find the nearest the server goes through all of them; search a smaller one, or add ANY behind COUNT: some of them, not the nearest."_s
                     .arg(countText(kMostElements)),
                 u"size-before-value"_s});
        m_job->result.receipt.guards << u"size asked first: %1 members in the area"_s.arg(count);
        send();
    });
}

/// A scan's answer looks like that of the command it stands for, and the next page is named.
void Session::shapePage(Reply& reply) {
    const Page& page = *m_job->page;
    QString& next = m_job->result.nextPage;
    next = page.next;
    if (page.shape == Page::Shape::Same) {
        if (next.isEmpty() && static_cast<qint64>(reply.children().size()) < page.size) {
            m_job->result.truncated = false;  // it was all, however much lies outside the area
            m_job->result.notices.removeLast();
        }
        if (next != u"%1") return;
        next.clear();  // XRANGE: goes on after the last entry's id
        if (reply.children().empty() || reply.children().back().children().empty()) return;
        CommandLine line;
        line.arguments = page.arguments;
        line.arguments[2] = '(' + reply.children().back().children().front().text();
        next = line.text();
        return;
    }
    if (reply.children().size() != 2) return;
    const QByteArray cursor = reply.children()[0].text();
    next = cursor == "0" ? QString() : next.arg(QString::fromLatin1(cursor));
    const ReplyChildren items = reply.children()[1].children();
    using Shape = Page::Shape;
    const bool isHalf = page.shape == Shape::Keys || page.shape == Shape::Values;
    ReplyBuilder shaped(page.shape == Shape::Fields ? Reply::Kind::Map : Reply::Kind::Array);
    for (std::size_t i = page.shape == Shape::Values ? 1 : 0; i < items.size(); i += isHalf ? 2 : 1)
        shaped.add(items[i]);
    reply = shaped.take();
}

}  // namespace tocsin::redis

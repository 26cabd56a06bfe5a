#include "runbooks/repair.h"

#include <QByteArrayList>

namespace tocsin::runbooks {

namespace {

struct FenceMark {
    char mark = 0;  ///< 0: no fence mark on this line
    qsizetype length = 0;
    bool isBare = false;  ///< nothing after the marks: may close
};

FenceMark fenceMark(const QByteArray& line) {
    const QByteArray text = line.trimmed();
    if (!text.startsWith("```") && !text.startsWith("~~~")) return {};
    FenceMark found{text[0], 0, false};
    while (found.length < text.size() && text[found.length] == found.mark)
        ++found.length;
    found.isBare = found.length == text.size();
    // ```code``` on one line is inline code
    if (found.mark == '`' && text.indexOf('`', found.length) >= 0) return {};
    return found;
}

bool isHeading(const QByteArray& line) {
    qsizetype marks = 0;
    while (marks < line.size() && line[marks] == '#')
        ++marks;
    return marks >= 2 && marks <= 6 && marks < line.size() && line[marks] == ' ';
}

/// Index of the line that ends the fence opened at `open`: its closing mark (then `closed` is true)
/// or the line before which one has to be put.
qsizetype endOfFence(const QByteArrayList& lines, qsizetype open, bool& closed) {
    const FenceMark opening = fenceMark(lines[open]);
    qsizetype heading = -1;
    for (qsizetype i = open + 1; i < lines.size(); ++i) {
        const FenceMark mark = fenceMark(lines[i]);
        if (mark.mark == opening.mark && mark.length >= opening.length) {
            closed = mark.isBare;
            return closed || heading < 0 ? i : heading;
        }
        if (heading < 0 && isHeading(lines[i]) && lines[i - 1].trimmed().isEmpty()) heading = i;
    }
    closed = false;
    return heading < 0 ? lines.size() : heading;
}

QByteArrayList splitLines(QByteArray text) {
    if (text.startsWith("\xEF\xBB\xBF")) text.remove(0, 3);
    text.replace("\r\n", "\n");
    text.replace('\r', '\n');
    return text.split('\n');
}

/// Blanks the front matter's lines, so that the rest keeps its numbers.
void takeFrontMatter(QByteArrayList& lines, RepairedText& result) {
    if (lines.isEmpty() || lines.first().trimmed() != "---" || lines.first().startsWith(' '))
        return;
    qsizetype end = 1;
    while (end < lines.size() && lines[end] != "---" && lines[end].trimmed() != "...")
        ++end;
    if (end == lines.size()) {
        result.frontMatterIsOpen = true;
        return;
    }
    result.frontMatter = lines.mid(1, end - 1).join('\n');
    for (qsizetype i = 0; i <= end; ++i)
        lines[i].clear();
}

}  // namespace

RepairedText repaired(const QByteArray& utf8) {
    RepairedText result;
    QByteArrayList lines = splitLines(utf8);
    takeFrontMatter(lines, result);

    qsizetype fenceEnd = -1;
    bool closed = true;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (i == fenceEnd && !closed) {
            result.utf8 += "```\n";
            result.lines << static_cast<int>(i);
            fenceEnd = -1;
        }
        if (i > fenceEnd && fenceMark(lines[i]).mark != 0) {
            fenceEnd = endOfFence(lines, i, closed);
            if (!closed) result.unclosedFences << static_cast<int>(i + 1);
        }
        result.utf8 += lines[i] + '\n';
        result.lines << static_cast<int>(i + 1);
    }
    return result;
}

}  // namespace tocsin::runbooks

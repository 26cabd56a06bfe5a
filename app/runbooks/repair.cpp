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

qsizetype indentOf(const QByteArray& line) {
    qsizetype indent = 0;
    while (indent < line.size() && line[indent] == ' ')
        ++indent;
    return indent;
}

/// A line that ends the list item it is not indented for, and with it a fence inside that item.
bool endsItem(const QByteArray& line, qsizetype indent) {
    if (line.trimmed().isEmpty() || indentOf(line) >= indent) return false;
    const QByteArray text = line.trimmed();
    qsizetype digits = 0;
    while (digits < text.size() && isdigit(static_cast<unsigned char>(text[digits])))
        ++digits;
    const bool isNumbered =
        digits > 0 && (text.mid(digits, 2) == ". " || text.mid(digits, 2) == ") ");
    return isNumbered || text.startsWith("- ") || text.startsWith("* ") || isHeading(line);
}

struct FenceEnd {
    qsizetype line = 0;  ///< of the closing mark, or the first that is not in the fence
    bool isClosed = true;
    bool needsMark = false;  ///< one has to be put before `line`
};

FenceEnd endOfFence(const QByteArrayList& lines, qsizetype open) {
    FenceEnd end;
    const FenceMark opening = fenceMark(lines[open]);
    qsizetype heading = -1;
    for (qsizetype i = open + 1; i < lines.size(); ++i) {
        const FenceMark mark = fenceMark(lines[i]);
        if (endsItem(lines[i], indentOf(lines[open]))) {
            end.isClosed = end.needsMark = false;
            end.line = i;
            return end;
        }
        if (mark.mark == opening.mark && mark.length >= opening.length) {
            end.isClosed = mark.isBare;
            end.needsMark = !end.isClosed;
            end.line = end.isClosed || heading < 0 ? i : heading;
            return end;
        }
        if (heading < 0 && isHeading(lines[i]) && lines[i - 1].trimmed().isEmpty()) heading = i;
    }
    end.isClosed = false;
    end.needsMark = true;
    end.line = heading < 0 ? lines.size() : heading;
    return end;
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

    FenceEnd fence{-1};
    QByteArray indent;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (i == fence.line && fence.needsMark) {
            result.utf8 += indent + "```\n";
            result.lines << static_cast<int>(i);
        }
        const bool isOutside = i > fence.line || (i == fence.line && !fence.isClosed);
        if (isOutside && fenceMark(lines[i]).mark != 0) {
            fence = endOfFence(lines, i);
            indent = QByteArray(indentOf(lines[i]), ' ');
            if (!fence.isClosed) result.unclosedFences << static_cast<int>(i + 1);
        }
        result.utf8 += lines[i] + '\n';
        result.lines << static_cast<int>(i + 1);
    }
    return result;
}

}  // namespace tocsin::runbooks

#include "runbooks/outline.h"

#include <md4c.h>

#include <algorithm>

namespace tocsin::runbooks {

namespace {

/// Listens to md4c. It reports text by pointers into the source, so that lines can be counted;
/// only line ends and the indentation inside fences come from buffers of its own.
class Listener {
public:
    explicit Listener(const QByteArray& source) : m_source(source) {
        m_lineStarts.push_back(0);
        for (qsizetype i = 0; i < source.size(); ++i)
            if (source[i] == '\n') m_lineStarts.push_back(i + 1);
    }

    QVector<Element> take() { return std::move(m_elements); }

    int enterBlock(MD_BLOCKTYPE type, const void* detail) {
        switch (type) {
            case MD_BLOCK_QUOTE:
                ++m_quotes;
                break;
            case MD_BLOCK_UL:
                m_lists.push_back(0);
                break;
            case MD_BLOCK_OL: {
                const auto* list = static_cast<const MD_BLOCK_OL_DETAIL*>(detail);
                m_lists.push_back(static_cast<int>(std::min(list->start, 100000U)) + 1);
                break;
            }
            case MD_BLOCK_LI:
                enterItem(static_cast<const MD_BLOCK_LI_DETAIL*>(detail)->is_task != 0);
                break;
            case MD_BLOCK_H:
                begin(Element::Kind::Heading).level =
                    static_cast<int>(static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level);
                break;
            case MD_BLOCK_CODE:
                enterCode(*static_cast<const MD_BLOCK_CODE_DETAIL*>(detail));
                break;
            case MD_BLOCK_P:
            case MD_BLOCK_HTML:
            case MD_BLOCK_TR:
                begin(Element::Kind::Paragraph);
                break;
            default:
                break;
        }
        return 0;
    }

    int leaveBlock(MD_BLOCKTYPE type) {
        if (type == MD_BLOCK_QUOTE) {
            --m_quotes;
        } else if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) {
            m_lists.pop_back();
        } else if (type == MD_BLOCK_LI) {
            begin(Element::Kind::ItemEnd).level = static_cast<int>(m_lists.size());
            m_current = -1;
        } else if (type == MD_BLOCK_CODE) {
            leaveCode();
        } else if (type == MD_BLOCK_H || type == MD_BLOCK_P || type == MD_BLOCK_HTML ||
                   type == MD_BLOCK_TR) {
            m_current = -1;
        }
        return 0;
    }

    int enterSpan(MD_SPANTYPE type, const void* detail) {
        // Tight items hold their text without a paragraph.
        if (!current()) begin(Element::Kind::Paragraph);
        if (type == MD_SPAN_STRONG) m_inStrong = current()->text.trimmed().isEmpty();
        if (type == MD_SPAN_CODE) current()->spans.push_back({{}, {}, current()->text, 0});
        if (type == MD_SPAN_A) {
            const auto& href = static_cast<const MD_SPAN_A_DETAIL*>(detail)->href;
            current()->spans.push_back({{}, decoded(href.text, href.size), current()->text, 0});
        }
        m_inSpan = m_inSpan || type == MD_SPAN_CODE || type == MD_SPAN_A;
        return 0;
    }

    int leaveSpan(MD_SPANTYPE type) {
        if (type == MD_SPAN_STRONG) m_inStrong = false;
        if (type == MD_SPAN_CODE || type == MD_SPAN_A) m_inSpan = false;
        return 0;
    }

    int text(MD_TEXTTYPE type, const MD_CHAR* at, MD_SIZE size) {
        if (!current()) begin(Element::Kind::Paragraph);
        QString piece = decoded(at, size);
        if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) piece = QStringLiteral(" ");
        const int line = lineOf(at);
        if (line > 0) touch(line, lineOf(at + (size > 0 ? size - 1 : 0)));
        if (m_inCode)
            addCode(piece, line);
        else
            addText(piece, line);
        return 0;
    }

private:
    Element* current() { return m_current < 0 ? nullptr : &m_elements[m_current]; }

    Element& begin(Element::Kind kind) {
        Element element;
        element.kind = kind;
        element.isQuoted = m_quotes > 0;
        m_elements.push_back(element);
        m_current = m_elements.size() - 1;
        return m_elements.back();
    }

    void enterItem(bool isTask) {
        int& next = m_lists.back();
        Element& item = begin(Element::Kind::Item);
        item.level = static_cast<int>(m_lists.size());
        item.isTask = isTask;
        if (next > 0) item.number = next++ - 1;
        m_current = -1;
    }

    void enterCode(const MD_BLOCK_CODE_DETAIL& detail) {
        Element& fence = begin(Element::Kind::Fence);
        m_inCode = true;
        m_fenced = detail.fence_char != 0;
        fence.language = decoded(detail.lang.text, detail.lang.size).toLower();
        if (const int line = lineOf(detail.lang.text); line > 0 && detail.lang.size > 0)
            touch(line, line);
        m_codeLine.clear();
        m_codeLineNumber = 0;
    }

    void leaveCode() {
        if (Element* fence = current()) {
            while (!fence->code.isEmpty() && fence->code.last().text.trimmed().isEmpty())
                fence->code.removeLast();
            numberBlankLines(*fence);
            if (m_fenced && !fence->code.isEmpty()) fence->line = fence->code.first().line - 1;
            if (m_fenced && fence->line > 0) fence->lastLine = closingLine(*fence);
        }
        m_inCode = false;
        m_current = -1;
    }

    /// The line of the closing marks: the next line that holds nothing else. The last line of the
    /// document when there is none.
    int closingLine(const Element& fence) const {
        const int after = fence.code.isEmpty() ? fence.line : fence.code.last().line;
        for (int line = after + 1; line <= static_cast<int>(m_lineStarts.size()); ++line) {
            const QByteArray text = sourceLine(line).trimmed();
            if (text.size() >= 3 &&
                (text.count('`') == text.size() || text.count('~') == text.size()))
                return line;
            if (!text.isEmpty()) return after;
        }
        return after;
    }

    void numberBlankLines(Element& fence) const {
        for (qsizetype i = 1; i < fence.code.size(); ++i)
            if (fence.code[i].line == 0) fence.code[i].line = fence.code[i - 1].line + 1;
        for (qsizetype i = fence.code.size() - 2; i >= 0; --i)
            if (fence.code[i].line == 0 || fence.code[i].line >= fence.code[i + 1].line)
                fence.code[i].line = fence.code[i + 1].line - 1;
    }

    void addCode(const QString& piece, int line) {
        if (line > 0 && m_codeLineNumber == 0) m_codeLineNumber = line;
        const QStringList parts = piece.split(u'\n');
        for (qsizetype i = 0; i < parts.size(); ++i) {
            m_codeLine += parts[i];
            if (i + 1 < parts.size()) {
                current()->code.push_back({m_codeLine, m_codeLineNumber});
                m_codeLine.clear();
                m_codeLineNumber = 0;
            }
        }
    }

    void addText(const QString& piece, int line) {
        Element& element = *current();
        element.text += piece;
        if (m_inStrong) element.strong += piece;
        if (m_inSpan && !element.spans.isEmpty()) {
            element.spans.last().text += piece;
            if (element.spans.last().line == 0) element.spans.last().line = line;
        }
    }

    void touch(int first, int last) {
        Element& element = *current();
        element.line = element.line == 0 ? first : std::min(element.line, first);
        element.lastLine = std::max(element.lastLine, std::max(first, last));
        // An item begins where its first content does.
        for (qsizetype i = m_current - 1; i >= 0; --i) {
            Element& before = m_elements[i];
            if (before.kind != Element::Kind::Item || before.line > 0) break;
            before.line = first;
        }
    }

    static QString decoded(const char* at, MD_SIZE size) {
        return at ? QString::fromUtf8(at, static_cast<qsizetype>(size)) : QString();
    }

    int lineOf(const char* at) const {
        if (!at || std::less<>()(at, m_source.constData()) ||
            !std::less<>()(at, m_source.constData() + m_source.size()))
            return 0;
        const qsizetype offset = at - m_source.constData();
        const auto after = std::upper_bound(m_lineStarts.begin(), m_lineStarts.end(), offset);
        return static_cast<int>(after - m_lineStarts.begin());
    }

    QByteArray sourceLine(int line) const {
        const qsizetype from = m_lineStarts[static_cast<std::size_t>(line - 1)];
        const qsizetype end = m_source.indexOf('\n', from);
        return m_source.mid(from, end < 0 ? -1 : end - from);
    }

    const QByteArray& m_source;
    std::vector<qsizetype> m_lineStarts;
    QVector<Element> m_elements;
    qsizetype m_current = -1;
    std::vector<int> m_lists;  ///< per open list: the next number plus one; 0 for bullets
    int m_quotes = 0;
    bool m_inCode = false, m_fenced = false, m_inStrong = false, m_inSpan = false;
    QString m_codeLine;
    int m_codeLineNumber = 0;
};

Listener& listener(void* userData) {
    return *static_cast<Listener*>(userData);
}

}  // namespace

QVector<Element> outline(const QByteArray& utf8) {
    Listener state(utf8);
    MD_PARSER parser = {};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEURLAUTOLINKS |
                   MD_FLAG_STRIKETHROUGH | MD_FLAG_NOINDENTEDCODEBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
        return listener(user).enterBlock(type, detail);
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) {
        return listener(user).leaveBlock(type);
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
        return listener(user).enterSpan(type, detail);
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
        return listener(user).leaveSpan(type);
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
        return listener(user).text(type, text, size);
    };
    md_parse(utf8.constData(), static_cast<MD_SIZE>(utf8.size()), &parser, &state);
    return state.take();
}

}  // namespace tocsin::runbooks

#include <QRegularExpression>

#include "runbooks/assembly.h"
#include "runbooks/fences.h"

namespace tocsin::runbooks {

namespace {

using Kind = Element::Kind;

/// Builds the steps of one section while its elements pass by.
class SectionBuilder {
public:
    SectionBuilder(const Draft& draft, const Part& part, Section& section)
        : m_draft(draft), m_part(part), m_section(section) {
        m_hasOrdered = std::any_of(begin(), end(), [](const Element& element) {
            return element.kind == Kind::Item && element.level == 1 && element.number > 0;
        });
    }

    void build() {
        m_proseStart = m_part.firstLine;
        for (qsizetype i = m_part.from; i < m_part.to; ++i)
            take(m_draft.elements[i]);
        finish(m_part.lastLine);
    }

private:
    QVector<Element>::const_iterator begin() const {
        return m_draft.elements.begin() + m_part.from;
    }
    QVector<Element>::const_iterator end() const { return m_draft.elements.begin() + m_part.to; }

    void take(const Element& element) {
        switch (element.kind) {
            case Kind::Item:
                takeItem(element);
                break;
            case Kind::ItemEnd:
                m_depth = element.level - 1;
                break;
            case Kind::Heading:
                takeHeading(element);
                break;
            case Kind::Paragraph:
                takeParagraph(element);
                break;
            case Kind::Fence:
                takeFence(element);
                break;
        }
    }

    /// Numbered items are steps; so are check boxes, and the bullets of a list of actions that has
    /// no numbers.
    bool isStep(const Element& item) const {
        if (item.level != 1 || item.isQuoted) return false;
        if (item.number > 0 || item.isTask) return true;
        return !m_hasOrdered && !m_isOpen &&
               (m_section.kind == SectionKind::Immediate ||
                m_section.kind == SectionKind::Investigation);
    }

    void takeItem(const Element& item) {
        m_depth = item.level;
        const bool followsBullet = m_isOpen && m_step.number == 0 && m_isBullet;
        if (followsBullet && item.level == 1 && item.number == 0) finish(item.line - 1);
        if (!isStep(item) || item.line == 0) return;
        open(item.line);
        m_isBullet = item.number == 0;
        m_step.number = item.number;
        const int last = m_section.steps.isEmpty() ? 0 : m_section.steps.last().number;
        if (item.number > 0 && item.number <= last)
            m_step.number = last + 1;  // every item is "1.", or a fence began the list anew
        m_wantsTitle = true;
    }

    /// "#### 2. Restart the worker" and "#### Step 2: …" are steps as well.
    void takeHeading(const Element& heading) {
        static const QRegularExpression numbered(
            QStringLiteral("^(?:step\\s+)?(\\d{1,3})\\s*[.):–-]\\s*(.+)$"),
            QRegularExpression::CaseInsensitiveOption);
        const auto match = numbered.match(heading.text.trimmed());
        if (!match.hasMatch()) {
            if (m_isImplicit) finish(heading.line - 1);
            m_lastText = heading.text;
            return;
        }
        open(heading.line);
        m_step.number = match.captured(1).toInt();
        m_step.title = match.captured(2).trimmed();
        m_taken.push_back({heading.line, heading.lastLine});
    }

    void takeParagraph(const Element& paragraph) {
        if (m_isOpen && m_isImplicit && m_depth == 0) finish(paragraph.line - 1);
        if (m_wantsTitle) takeTitle(paragraph);
        if (m_isOpen)
            m_step.blocks += blocksOfParagraph(paragraph);
        else
            m_lastText = paragraph.text;
    }

    void takeTitle(const Element& paragraph) {
        m_wantsTitle = false;
        const QString strong = paragraph.strong.trimmed();
        QString title = strong.isEmpty() ? paragraph.text.simplified() : strong;
        bool isWhole = strong.isEmpty();
        if (isWhole && title.size() > 100) {
            static const QRegularExpression sentence(QStringLiteral("[.:;](\\s|$)"));
            const qsizetype stop = title.indexOf(sentence);
            title = stop > 0 && stop <= 100 ? title.left(stop) : title.left(97) + u'…';
            isWhole = false;
        }
        while (title.endsWith(u':') || title.endsWith(u'.'))
            title.chop(1);
        m_step.title = title;
        m_taken.push_back({paragraph.line, paragraph.lastLine});
        if (!isWhole || !paragraph.spans.isEmpty())
            m_titleRest = restAfterTitle(paragraph, strong.isEmpty());
    }

    /// The paragraph as written, less its marker and, when those are the title, its bold words.
    QString restAfterTitle(const Element& paragraph, bool keepsAll) const {
        static const QRegularExpression marker(
            QStringLiteral("^\\s*(?:\\d+[.)]|[-*+])\\s+(?:\\[[ xX]\\]\\s+)?"));
        static const QRegularExpression bold(QStringLiteral("^(?:\\*\\*|__).*?(?:\\*\\*|__)"),
                                             QRegularExpression::DotMatchesEverythingOption);
        static const QRegularExpression lead(QStringLiteral("^[\\s:.–—-]+"));
        QStringList lines;
        for (int line = paragraph.line; line <= paragraph.lastLine; ++line)
            lines << m_draft.lines.value(line - 1).trimmed();
        QString text = lines.join(u'\n');
        text.remove(marker);
        if (!keepsAll) text.remove(bold).remove(lead);
        return text.trimmed();
    }

    void takeFence(const Element& fence) {
        const FenceContent content = readFence(fence);
        if (!content.isRunnable) return;
        if (!m_isOpen) {
            open(fence.line);
            m_isImplicit = true;
            m_step.title = implicitTitle(content);
        }
        m_taken.push_back({fence.line, fence.lastLine});
        m_step.blocks += content.blocks;
        if (!content.prose.isEmpty()) m_fenceProse << content.prose.join(u'\n');
    }

    /// Runnable text outside any numbered item goes by what was said right before it.
    QString implicitTitle(const FenceContent& content) const {
        QString title = m_lastText.simplified();
        while (title.endsWith(u':') || title.endsWith(u'.'))
            title.chop(1);
        if (title.isEmpty() || title.size() > 100)
            title = content.blocks.isEmpty() ? QString() : content.blocks.first().caption;
        return title.isEmpty() ? m_section.title : title;
    }

    void open(int line) {
        finish(line - 1);
        m_isOpen = true;
        m_step = Step();
        m_step.line = line;
    }

    /// Ends the open step, or the prose before the first, at `lastLine`.
    void finish(int lastLine) {
        if (!m_isOpen) {
            const QString prose = proseOf(m_draft, m_proseStart, lastLine, {});
            if (!prose.isEmpty())
                m_section.prose +=
                    (m_section.prose.isEmpty() ? QString() : QStringLiteral("\n\n")) + prose;
        } else {
            QStringList prose{m_titleRest, proseOf(m_draft, m_step.line, lastLine, m_taken)};
            prose += m_fenceProse;
            prose.removeAll(QString());
            m_step.prose = prose.join(QStringLiteral("\n\n"));
            m_section.steps << m_step;
        }
        m_proseStart = lastLine + 1;
        m_isOpen = m_isImplicit = m_wantsTitle = m_isBullet = false;
        m_titleRest.clear();
        m_fenceProse.clear();
        m_taken.clear();
    }

    const Draft& m_draft;
    const Part& m_part;
    Section& m_section;
    Step m_step;
    bool m_isOpen = false;
    bool m_isImplicit = false;  ///< a fence made it, no item did
    bool m_isBullet = false;
    bool m_wantsTitle = false;
    bool m_hasOrdered = false;
    int m_depth = 0;
    int m_proseStart = 0;
    QString m_lastText, m_titleRest;
    QStringList m_fenceProse;
    QVector<QPair<int, int>> m_taken;
};

Section section(const Draft& draft, const Part& part, const QString& title, SectionKind kind,
                int line) {
    Section result;
    result.title = title;
    result.kind = kind;
    result.line = line;
    SectionBuilder(draft, part, result).build();
    return result;
}

}  // namespace

std::optional<SectionKind> sectionKind(const QString& heading) {
    static const QVector<QPair<SectionKind, QRegularExpression>> words = [] {
        const auto option = QRegularExpression::CaseInsensitiveOption;
        return QVector<QPair<SectionKind, QRegularExpression>>{
            {SectionKind::Symptoms,
             QRegularExpression(
                 QStringLiteral("^\\W*(symptoms?|meaning|impact|what (it|this) means)\\b"),
                 option)},
            {SectionKind::Immediate,
             QRegularExpression(
                 QStringLiteral("^\\W*(immediate|first (actions?|steps?|response)|triage|quick "
                                "(fix|checks?)|actions?\\W*$|steps\\W*$|procedure)"),
                 option)},
            {SectionKind::Investigation,
             QRegularExpression(
                 QStringLiteral(
                     "^\\W*(investigat\\w*|diagnos\\w*|debug\\w*|troubleshoot\\w*|analysis)"),
                 option)},
            {SectionKind::Resolution,
             QRegularExpression(QStringLiteral("^\\W*(resolution|resolve\\b|mitigat\\w*|"
                                               "remediation|fix(es)?\\b|recovery|rollback)"),
                                option)},
            {SectionKind::Prevention,
             QRegularExpression(QStringLiteral("^\\W*(prevent\\w*|follow[- ]?ups?)"), option)}};
    }();
    for (const auto& [kind, pattern] : words)
        if (pattern.match(heading.trimmed()).hasMatch()) return kind;
    return {};
}

QString proseOf(const Draft& draft, int first, int last, const QVector<QPair<int, int>>& taken) {
    static const QRegularExpression rule(QStringLiteral("^\\s*(?:-{3,}|\\*{3,}|_{3,})\\s*$"));
    QStringList lines;
    qsizetype next = 0;  // the ranges ascend, and there may be thousands
    for (int line = std::max(first, 1); line <= last && line <= draft.lines.size(); ++line) {
        while (next < taken.size() && taken[next].second < line)
            ++next;
        const bool isTaken = next < taken.size() && taken[next].first <= line;
        if (!isTaken) lines << draft.lines[line - 1];
    }
    const auto isEmpty = [](const QString& line) {
        return line.trimmed().isEmpty() || rule.match(line).hasMatch();
    };
    while (!lines.isEmpty() && isEmpty(lines.last()))
        lines.removeLast();
    while (!lines.isEmpty() && isEmpty(lines.first()))
        lines.removeFirst();
    qsizetype indent = 1000;
    for (const QString& line : lines) {
        qsizetype own = 0;
        while (own < line.size() && line[own].isSpace())
            ++own;
        if (own < line.size()) indent = std::min(indent, own);
    }
    QStringList result;
    for (const QString& line : lines)
        if (const QString text = line.mid(std::min(indent, line.size()));
            !text.trimmed().isEmpty() || (!result.isEmpty() && !result.last().isEmpty()))
            result << (text.trimmed().isEmpty() ? QString() : text);
    return result.join(u'\n');
}

void assembleSections(const Draft& draft, const Part& part, int sectionLevel, Runbook& runbook) {
    const auto isSection = [&](const Element& element) {
        return element.kind == Kind::Heading && element.level == sectionLevel && !element.isQuoted;
    };
    qsizetype i = part.from;
    Part current{i, i, part.firstLine, part.lastLine};
    QString title;
    std::optional<SectionKind> kind;
    int line = 0;
    const auto flush = [&](qsizetype to, int lastLine) {
        current.to = to;
        current.lastLine = lastLine;
        Section made = section(draft, current, title, kind.value_or(SectionKind::Other), line);
        if (line > 0 || !made.steps.isEmpty())
            runbook.sections << made;
        else
            runbook.prose = made.prose;
    };
    for (; i < part.to; ++i) {
        const Element& element = draft.elements[i];
        if (!isSection(element)) continue;
        flush(i, element.line - 1);
        title = element.text.trimmed();
        kind = sectionKind(title);
        line = element.line;
        current = {i + 1, i + 1, element.lastLine + 1, part.lastLine};
    }
    flush(part.to, part.lastLine);
}

}  // namespace tocsin::runbooks

#include <QFileInfo>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QStringDecoder>

#include "runbooks/assembly.h"
#include "runbooks/frontmatter.h"
#include "runbooks/lint.h"
#include "runbooks/repair.h"

namespace tocsin::runbooks {

namespace {

using Kind = Element::Kind;

std::optional<Finding> unreadable(const QByteArray& bytes, const QString& file) {
    const auto error = [&](const char* rule, const QString& message) {
        return Finding{file, 1, 1, QStringLiteral("error"), QString::fromLatin1(rule), message};
    };
    if (bytes.size() > documentSizeLimit)
        return error(
            "too-large",
            QStringLiteral("This document is larger than %1 MB and was not read. Split it.")
                .arg(documentSizeLimit / 1024 / 1024));
    if (bytes.startsWith("\xFF\xFE") || bytes.startsWith("\xFE\xFF"))
        return error("not-utf8",
                     QStringLiteral("This document is UTF-16 and was not read. Save it as UTF-8."));
    if (bytes.contains('\0'))
        return error("not-text",
                     QStringLiteral("This is not a text document; it was not read. Remove it from "
                                    "the runbooks, or give it another ending than .md."));
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder.decode(bytes);
    if (decoder.hasError() && !decoded.isNull())
        return error(
            "not-utf8",
            QStringLiteral("This document is not UTF-8 and was not read. Save it as UTF-8."));
    return {};
}

bool isTableOfContents(const QString& title) {
    static const QRegularExpression words(
        QStringLiteral("^\\W*(table of contents|contents|toc|index|overview)\\W*$"),
        QRegularExpression::CaseInsensitiveOption);
    return words.match(title).hasMatch();
}

/// What a heading without sections of its own holds, by its words.
std::optional<DocumentKind> annexKind(const QString& title) {
    const QString words = title.toLower();
    if (words.contains(QLatin1String("escalation"))) return DocumentKind::Escalation;
    if (words.contains(QLatin1String("contact"))) return DocumentKind::Contacts;
    if (words.contains(QLatin1String("process")) ||
        words.contains(QLatin1String("incident response")) ||
        words.contains(QLatin1String("response procedure")))
        return DocumentKind::Process;
    return {};
}

class DocumentParser {
public:
    DocumentParser(const QByteArray& bytes, const QString& file)
        : m_file(file), m_text(repaired(bytes)) {
        m_draft.elements = outline(m_text.utf8);
        m_draft.lines = QString::fromUtf8(m_text.utf8).split(u'\n');
    }

    ParsedDocument parse() {
        reportRepairs();
        m_front = readFrontMatter(m_text.frontMatter, m_file, m_result.findings);
        const int level = runbookLevel();
        if (level == 0)
            readPart(wholeDocument(), documentTitle(), 1, 0);
        else
            splitAt(level);
        toDocumentLines();
        return std::move(m_result);
    }

private:
    void report(int line, const char* severity, const char* rule, const QString& message) {
        m_result.findings << Finding{
            m_file, line, 1, QString::fromLatin1(severity), QString::fromLatin1(rule), message};
    }

    void reportRepairs() {
        for (const int line : m_text.unclosedFences)
            report(line, "error", "unclosed-fence",
                   QStringLiteral("Nothing closes the fence that begins here. Put ``` on a line of "
                                  "its own where the commands end."));
        if (m_text.frontMatterIsOpen)
            report(1, "error", "front-matter",
                   QStringLiteral(
                       "The front matter has no end. Put --- on a line of its own behind it."));
    }

    const QVector<Element>& elements() const { return m_draft.elements; }

    Part wholeDocument() const {
        return {0, elements().size(), 1, static_cast<int>(m_draft.lines.size())};
    }

    QString documentTitle() const {
        if (!m_front.title.isEmpty()) return m_front.title;
        for (const Element& element : elements())
            if (element.kind == Kind::Heading && !sectionKind(element.text))
                return element.text.trimmed();
        return QFileInfo(m_file).completeBaseName();
    }

    static bool isAlertLine(const Element& element) {
        static const QRegularExpression alert(QStringLiteral("^\\s*alert(?: ?name)?\\s*:"),
                                              QRegularExpression::CaseInsensitiveOption);
        return element.kind == Kind::Paragraph && alert.match(element.text).hasMatch();
    }

    /// The heading level at which runbooks begin; 0: the whole document is one. A document with
    /// front matter of its own is one, and so is one whose sections stand right below its title.
    int runbookLevel() const {
        int sections = 7, alerts = 0, heading = 0;
        for (const Element& element : elements()) {
            if (element.kind == Kind::Heading && element.line > 0) {
                heading = element.level;
                if (sectionKind(element.text)) sections = std::min(sections, element.level);
            } else if (isAlertLine(element) && alerts == 0) {
                alerts = heading;
            }
        }
        const int level = sections < 7 ? sections - 1 : alerts;
        if (level <= 0) return 0;
        const auto isStart = [&](const Element& element) {
            return element.kind == Kind::Heading && element.level == level;
        };
        const auto count = std::count_if(elements().begin(), elements().end(), isStart);
        const bool isOne = count <= 1 && (level == 1 || m_front.isPresent);
        return isOne || (m_front.isPresent && m_front.kind) ? 0 : level;
    }

    int sectionLevelIn(const Part& part, int above) const {
        int level = 7;
        int first = 7;
        for (qsizetype i = part.from; i < part.to; ++i)
            if (elements()[i].kind == Kind::Heading && elements()[i].level > above) {
                first = std::min(first, elements()[i].level);
                if (sectionKind(elements()[i].text)) level = std::min(level, elements()[i].level);
            }
        return level < 7 ? level : first;
    }

    void splitAt(int level) {
        qsizetype start = -1;
        for (qsizetype i = 0; i <= elements().size(); ++i) {
            const bool ends =
                i == elements().size() ||
                (elements()[i].kind == Kind::Heading && elements()[i].level <= level &&
                 !elements()[i].isQuoted && elements()[i].line > 0);
            if (!ends) continue;
            const int last = i == elements().size() ? static_cast<int>(m_draft.lines.size())
                                                    : elements()[i].line - 1;
            if (start >= 0 && elements()[start].level == level) readHeaded(start, i, last, level);
            start = i;
        }
    }

    void readHeaded(qsizetype heading, qsizetype to, int lastLine, int level) {
        const Element& element = elements()[heading];
        const QString title = element.text.trimmed();
        if (isTableOfContents(title)) return;
        m_anchor = uniqueAnchor(title);
        readPart({heading + 1, to, element.lastLine + 1, lastLine}, title, element.line, level);
    }

    QString uniqueAnchor(const QString& title) {
        const int seen = m_anchors[slug(title)]++;
        return seen == 0 ? slug(title) : QStringLiteral("%1-%2").arg(slug(title)).arg(seen);
    }

    void readPart(const Part& part, const QString& title, int line, int level) {
        Runbook runbook;
        runbook.title = title;
        runbook.file = m_file;
        runbook.line = line;
        runbook.anchor = level > 0 ? m_anchor : QString();
        runbook.name = level == 0 && !m_front.name.isEmpty() ? m_front.name : slug(title);
        const bool hasAlert = readAlertLine(part, runbook);
        // The title's own heading is not a section of a document that is one runbook.
        Part body = part;
        int above = level;
        if (level == 0) skipTitle(body, above, title);
        assembleSections(m_draft, body, sectionLevelIn(body, above), runbook);
        if (level == 0) {
            runbook.keys += m_front.keys;
            runbook.matchLabels = m_front.matchLabels;
            runbook.thresholds = m_front.thresholds;
        }
        runbook.keys.removeDuplicates();
        place(runbook, part, hasAlert, level);
    }

    void skipTitle(Part& body, int& above, const QString& title) const {
        for (qsizetype i = body.from; i < body.to; ++i) {
            const Element& element = elements()[i];
            if (element.kind != Kind::Heading || sectionKind(element.text)) return;
            if (element.text.trimmed() == title || element.level == 1) {
                above = element.level;
                body.from = i + 1;
                body.firstLine = element.lastLine + 1;
                return;
            }
        }
    }

    /// `**Alert:** \`key\` - condition`, before the first section. Its lines are not prose.
    bool readAlertLine(const Part& part, Runbook& runbook) {
        for (qsizetype i = part.from; i < part.to; ++i) {
            const Element& element = elements()[i];
            if (!isAlertLine(element)) continue;
            for (const Span& span : element.spans)
                if (span.href.isEmpty() && !span.text.contains(u' ')) runbook.keys << span.text;
            QString condition = element.text.section(u':', 1).trimmed();
            for (const QString& key : std::as_const(runbook.keys))
                condition.remove(key);
            static const QRegularExpression lead(QStringLiteral("^[\\s,:–—-]+"));
            runbook.condition = condition.remove(lead).simplified();
            for (int line = element.line; line <= element.lastLine; ++line)
                m_draft.lines[line - 1].clear();
            return true;
        }
        return false;
    }

    static bool hasSteps(const Runbook& runbook) {
        return std::any_of(runbook.sections.begin(), runbook.sections.end(),
                           [](const Section& section) { return !section.steps.isEmpty(); });
    }

    static bool hasSections(const Runbook& runbook) {
        return std::any_of(runbook.sections.begin(), runbook.sections.end(),
                           [](const auto& section) { return section.kind != SectionKind::Other; });
    }

    /// Decides what the part is, and files it.
    void place(Runbook& runbook, const Part& part, bool hasAlert, int level) {
        const bool answers = hasAlert || hasSections(runbook) || !runbook.keys.isEmpty();
        auto kind = level == 0 ? m_front.kind : std::nullopt;
        if (!kind && !answers) kind = annexKind(runbook.title);
        runbook.kind = kind.value_or(DocumentKind::Runbook);
        if (runbook.kind != DocumentKind::Runbook) {
            if (runbook.kind == DocumentKind::Escalation) readEscalation(m_draft, part, m_result);
            if (runbook.kind == DocumentKind::Contacts) readContacts(m_draft, part, m_result);
            m_result.documents << runbook;
            return;
        }
        if (!answers && !hasSteps(runbook)) {
            if (level == 0)
                report(
                    runbook.line, "warning", "no-steps",
                    QStringLiteral("\"%1\" has neither an alert key nor a step; it is not shown as "
                                   "a runbook.")
                        .arg(runbook.title));
            return;
        }
        if (runbook.keys.isEmpty() && runbook.matchLabels.isEmpty()) deriveKey(runbook);
        for (const Section& section : std::as_const(runbook.sections))
            for (const Step& step : section.steps)
                for (const Block& block : step.blocks)
                    m_lint += lint(block, m_file);
        m_result.runbooks << runbook;
    }

    /// "Video upload failures" answers video_upload_failures; a title that is one word already
    /// (KubePodCrashLooping) is the key itself.
    void deriveKey(Runbook& runbook) {
        QString key =
            runbook.title.contains(u' ') ? slug(runbook.title).replace(u'-', u'_') : runbook.title;
        static const QRegularExpression runs(QStringLiteral("_{2,}"));
        key.replace(runs, QStringLiteral("_"));
        runbook.keys << key;
        report(m_text.documentLine(runbook.line), "warning", "no-key",
               QStringLiteral(
                   "\"%1\" names no alert key; %2 was made from its title. Write **Alert:** "
                   "`%2` below the heading, or keys: [%2] in the front matter.")
                   .arg(runbook.title, key));
    }

    void toDocumentLines() {
        for (Finding& finding : m_lint)
            finding.line = m_text.documentLine(finding.line);
        m_result.findings += m_lint;
        for (auto* list : {&m_result.runbooks, &m_result.documents})
            for (Runbook& runbook : *list) {
                runbook.line = m_text.documentLine(runbook.line);
                for (Section& section : runbook.sections)
                    toDocumentLines(section);
            }
        for (EscalationLevel& level : m_result.levels)
            level.line = m_text.documentLine(level.line);
        for (Contact& contact : m_result.contacts)
            contact.line = m_text.documentLine(contact.line);
        std::stable_sort(m_result.findings.begin(), m_result.findings.end(),
                         [](const Finding& a, const Finding& b) { return a.line < b.line; });
    }

    void toDocumentLines(Section& section) const {
        section.line = m_text.documentLine(section.line);
        for (Step& step : section.steps) {
            step.line = m_text.documentLine(step.line);
            for (Block& block : step.blocks)
                block.line = m_text.documentLine(block.line);
        }
    }

    QString m_file;
    RepairedText m_text;
    Draft m_draft;
    FrontMatter m_front;
    QString m_anchor;
    QHash<QString, int> m_anchors;
    QVector<Finding> m_lint;
    ParsedDocument m_result;
};

}  // namespace

ParsedDocument parseDocument(const QByteArray& markdown, const QString& file) {
    ParsedDocument nothing;
    if (const auto problem = unreadable(markdown, file)) {
        nothing.findings << *problem;
        return nothing;
    }
    if (markdown.trimmed().isEmpty()) {
        nothing.findings << Finding{file,
                                    1,
                                    1,
                                    QStringLiteral("warning"),
                                    QStringLiteral("empty"),
                                    QStringLiteral("This document is empty.")};
        return nothing;
    }
    return DocumentParser(markdown, file).parse();
}

}  // namespace tocsin::runbooks

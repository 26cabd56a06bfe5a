#include "inspection/curl.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

class Words {
public:
    explicit Words(const QString& line) : m_line(line) {}

    Result<QStringList> read() {
        while (m_at < m_line.size()) {
            const QChar c = m_line[m_at];
            if (c == u'#' && !m_inWord) {
                skipComment();
            } else if (c.isSpace()) {
                endWord();
                ++m_at;
            } else if (auto read = readPart(c); !read) {
                return tl::unexpected<Error>(read.error());
            }
        }
        endWord();
        return m_words;
    }

private:
    Result<void> readPart(QChar c) {
        if (c == u'\\') return readEscape();
        if (c == u'\'') return readSingle();
        if (c == u'"') return readDouble();
        if (c == u'$' || c == u'`')
            return misplaced(
                u"“%1” would need a shell; bind its value first."_s.arg(m_line.mid(m_at, 12)));
        if (QStringView(u"|;<>&()").contains(c))
            return misplaced(
                u"“%1” joins this with another program or a file, which is not run here; keep the curl command alone."_s
                    .arg(c));
        take(c);
        ++m_at;
        return {};
    }

    Result<void> readEscape() {
        ++m_at;
        // A backslash before the end of the line joins two lines.
        if (m_line.mid(m_at, 2) == u"\r\n") {
            m_at += 2;
        } else if (m_at < m_line.size()) {
            if (m_line[m_at] != u'\n') take(m_line[m_at]);
            ++m_at;
        }
        return {};
    }

    Result<void> readSingle() {
        const qsizetype end = m_line.indexOf(u'\'', m_at + 1);
        if (end < 0) return misplaced(u"The quote opened here is not closed."_s);
        m_inWord = true;
        m_word += m_line.mid(m_at + 1, end - m_at - 1);
        m_at = end + 1;
        return {};
    }

    Result<void> readDouble() {
        const qsizetype start = m_at++;
        m_inWord = true;
        while (m_at < m_line.size() && m_line[m_at] != u'"') {
            const QChar c = m_line[m_at];
            if (c == u'$' || c == u'`')
                return misplaced(
                    u"“%1” would need a shell; bind its value first."_s.arg(m_line.mid(m_at, 12)));
            const QChar next = m_line.size() > m_at + 1 ? m_line[m_at + 1] : QChar();
            if (c == u'\\' && (next == u'"' || next == u'\\' || next == u'$' || next == u'`')) {
                m_word += next;
                m_at += 2;
            } else if (c == u'\\' && next == u'\n') {
                m_at += 2;
            } else {
                m_word += c;
                ++m_at;
            }
        }
        if (m_at >= m_line.size()) {
            m_at = start;
            return misplaced(u"The quote opened here is not closed."_s);
        }
        ++m_at;
        return {};
    }

    void skipComment() {
        const qsizetype end = m_line.indexOf(u'\n', m_at);
        m_at = end < 0 ? m_line.size() : end;
    }

    void take(QChar c) {
        m_inWord = true;
        m_word += c;
    }

    void endWord() {
        if (m_inWord) m_words << m_word;
        m_word.clear();
        m_inWord = false;
    }

    tl::unexpected<Error> misplaced(const QString& message) const {
        Error error{ErrorCode::Parse, message, {}};
        error.position = static_cast<int>(m_at);
        return tl::unexpected<Error>(error);
    }

    const QString& m_line;
    qsizetype m_at = 0;
    QStringList m_words;
    QString m_word;
    bool m_inWord = false;
};

}  // namespace

Result<QStringList> splitShellWords(const QString& line) {
    return Words(line).read();
}

}  // namespace tocsin::inspection

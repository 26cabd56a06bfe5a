#include "inspection/jsontext.h"

#include <algorithm>

namespace tocsin::inspection {
namespace {

// Deeper indentation would fill memory without being read.
constexpr qsizetype kDeepestIndent = 40;

/// Sets out one JSON value, character by character.
class Indenter {
public:
    Indenter(const QByteArray& body, int step) : m_body(body), m_step(step) {}

    std::optional<QString> run() {
        m_out.reserve(m_body.size() + m_body.size() / 2);
        for (m_at = 0; m_at < m_body.size(); ++m_at)
            if (!take(m_body[m_at])) return std::nullopt;
        if (m_inString || !m_open.isEmpty() || !m_wasOpened) return std::nullopt;
        return QString::fromUtf8(m_out);
    }

private:
    bool take(char c) {
        if (m_inString) return takeInString(c);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return true;
        if (m_wasOpened && m_open.isEmpty()) return false;  // something after the end
        if (c == '{' || c == '[') return open(c);
        if (c == '}' || c == ']') return close(c);
        if (m_open.isEmpty()) return false;
        m_out += c;
        if (c == '"') m_inString = true;
        if (c == ':') m_out += ' ';
        if (c == ',') breakLine();
        return true;
    }

    bool takeInString(char c) {
        m_out += c;
        if (m_escaped)
            m_escaped = false;
        else if (c == '\\')
            m_escaped = true;
        else if (c == '"')
            m_inString = false;
        return true;
    }

    bool open(char c) {
        m_wasOpened = true;
        m_open += c;
        m_out += c;
        if (!nextCloses()) breakLine();
        return true;
    }

    bool close(char c) {
        if (m_open.isEmpty() || m_open.back() != (c == '}' ? '{' : '[')) return false;
        m_open.chop(1);
        if (!m_out.endsWith('{') && !m_out.endsWith('[')) breakLine();
        m_out += c;
        return true;
    }

    bool nextCloses() const {
        for (qsizetype i = m_at + 1; i < m_body.size(); ++i) {
            const char c = m_body[i];
            if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return c == '}' || c == ']';
        }
        return false;
    }

    void breakLine() {
        m_out += '\n' + QByteArray(m_step * std::min(m_open.size(), kDeepestIndent), ' ');
    }

    const QByteArray& m_body;
    const int m_step;
    qsizetype m_at = 0;
    QByteArray m_out;
    QByteArray m_open;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_wasOpened = false;
};

}  // namespace

std::optional<QString> indentedJson(const QByteArray& text, int step) {
    return Indenter(text, step).run();
}

}  // namespace tocsin::inspection

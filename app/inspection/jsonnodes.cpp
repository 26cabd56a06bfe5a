#include "inspection/jsonnodes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

/// Reads the nodes of a text that is known to be JSON.
class NodeReader {
public:
    NodeReader(const QByteArray& text, int most) : m_text(text), m_most(most) {}

    QVector<JsonNode> run() {
        while (m_at < m_text.size())
            take(m_text[m_at]);
        return std::move(m_nodes);
    }

private:
    struct Open {
        bool isObject;
        qsizetype node;  // in m_nodes; -1 behind the last that is kept
        int parts = 0;
    };

    void take(char c) {
        if (c == '{' || c == '[') return open(c);
        if (c == '}' || c == ']') return close();
        const bool isGap = c == ',' || c == ':' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (isGap) {
            ++m_at;
            return;
        }
        const QByteArray token = c == '"' ? text() : scalar();
        const bool isName = c == '"' && !m_open.isEmpty() && m_open.last().isObject && !m_isNamed;
        if (isName) {
            m_name = unquoted(token);
            m_isNamed = true;
            return;
        }
        add(c == '"' ? unquoted(token) : QString::fromUtf8(token));
    }

    QByteArray text() {
        const qsizetype from = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        m_at = std::min(m_at + 1, m_text.size());
        return m_text.mid(from, m_at - from);
    }

    QByteArray scalar() {
        static const QByteArray ends = ",:]} \t\n\r";
        const qsizetype from = m_at;
        while (m_at < m_text.size() && !ends.contains(m_text[m_at]))
            ++m_at;
        return m_text.mid(from, m_at - from);
    }

    static QString unquoted(const QByteArray& token) {
        return QJsonDocument::fromJson('[' + token + ']').array().at(0).toString();
    }

    qsizetype add(const QString& value) {
        QString name = std::exchange(m_name, {});
        m_isNamed = false;
        if (!m_open.isEmpty()) {
            Open& parent = m_open.last();
            if (!parent.isObject) name = u"[%1]"_s.arg(parent.parts);
            ++parent.parts;
        }
        if (m_nodes.size() >= m_most) return -1;
        m_nodes.append({static_cast<int>(m_open.size()), name, value});
        return m_nodes.size() - 1;
    }

    void open(char c) {
        ++m_at;
        const bool isWhole = m_open.isEmpty();
        const qsizetype node = add({});
        if (isWhole && node >= 0) m_nodes[node].name = c == '{' ? u"{}"_s : u"[]"_s;
        m_open.append({c == '{', node});
    }

    void close() {
        ++m_at;
        if (m_open.isEmpty()) return;
        const Open ended = m_open.takeLast();
        if (ended.node >= 0)
            m_nodes[ended.node].value = (ended.isObject ? u"{%1}"_s : u"[%1]"_s).arg(ended.parts);
    }

    const QByteArray& m_text;
    const int m_most;
    qsizetype m_at = 0;
    QVector<JsonNode> m_nodes;
    QVector<Open> m_open;
    QString m_name;
    bool m_isNamed = false;
};

}  // namespace

std::optional<QVector<JsonNode>> jsonNodes(const QByteArray& text, int most) {
    if (QJsonDocument::fromJson(text).isNull()) return std::nullopt;
    return NodeReader(text, most).run();
}

}  // namespace tocsin::inspection

#include "inspection/replytable.h"

#include <QByteArrayList>
#include <QDateTime>
#include <QHash>
#include <QRegularExpression>
#include <algorithm>
#include <functional>

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kMostColumns = 200;

bool isNumber(ReplyView::Kind kind) {
    return kind == ReplyKind::Integer || kind == ReplyKind::Double;
}

bool isPairs(ReplyView reply) {
    return reply.isAggregate() && !reply.children().empty() && reply.children().size() % 2 == 0;
}

template <typename Matches>
bool all(ReplyView reply, Matches matches) {
    return std::all_of(reply.children().begin(), reply.children().end(), matches);
}

/// An id and a list of fields and values, as the entries of a stream are.
bool isEntry(ReplyView reply) {
    const ReplyChildren parts = reply.children();
    return parts.size() == 2 && !parts[0].isAggregate() && parts[0].bytes().contains('-') &&
           isPairs(parts[1]);
}

/// Collects rows whose fields turn up one by one.
class Rows {
public:
    void begin() { m_rows.emplace_back(); }
    void put(const QByteArray& field, ReplyView value) {
        if (const auto at = columnOf(field, isNumber(value.kind())); at >= 0)
            m_rows.back().insert(at, textOf(value));
    }
    void put(const QByteArray& field, const QByteArray& value) {
        if (const auto at = columnOf(field, false); at >= 0) m_rows.back().insert(at, value);
    }

    std::shared_ptr<const ResultSet> take() {
        auto set = std::make_shared<ResultSet>(m_columns);
        const auto count = static_cast<std::size_t>(m_columns.size());
        std::vector<const char*> values(count);
        std::vector<int> lengths(count);
        for (const auto& row : m_rows) {
            std::fill(lengths.begin(), lengths.end(), -1);
            for (auto cell = row.cbegin(); cell != row.cend(); ++cell) {
                if (cell->isNull()) continue;
                values[static_cast<std::size_t>(cell.key())] = cell->constData();
                lengths[static_cast<std::size_t>(cell.key())] = static_cast<int>(cell->size());
            }
            set->appendRow(values.data(), lengths.data());
        }
        return set;
    }

private:
    static QByteArray textOf(ReplyView value) {
        if (value.kind() == ReplyKind::Null) return {};
        if (value.isAggregate()) return toText(value).toUtf8();
        const QByteArray text = value.text();
        return text.isNull() ? QByteArray("") : text;
    }
    qsizetype columnOf(const QByteArray& field, bool isNumeric) {
        const auto known = m_byName.constFind(field);
        if (known != m_byName.cend()) return *known;
        if (m_columns.size() >= kMostColumns) return -1;
        m_columns << Column{QString::fromUtf8(field), {}, isNumeric};
        return *m_byName.insert(field, m_columns.size() - 1);
    }

    QVector<Column> m_columns;
    QHash<QByteArray, qsizetype> m_byName;
    std::vector<QHash<qsizetype, QByteArray>> m_rows;
};

void putPairs(Rows& rows, ReplyView pairs) {
    const ReplyChildren parts = pairs.children();
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2)
        rows.put(parts[i].text(), parts[i + 1]);
}

/// Lines as CLIENT LIST and INFO have them; false when they are others.
bool putLines(Rows& rows, const QByteArray& text) {
    bool any = false;
    for (const QByteArray& raw : text.split('\n')) {
        const QByteArray line = raw.trimmed();
        if (line.isEmpty() || line.startsWith('#')) continue;
        const QByteArrayList words = line.split(' ');
        const qsizetype colon = line.indexOf(':');
        const bool isWords =
            words.size() > 2 && std::all_of(words.begin(), words.end(),
                                            [](const QByteArray& w) { return w.contains('='); });
        if (!isWords && colon < 1) return false;
        rows.begin();
        any = true;
        if (!isWords) {
            rows.put("field", line.left(colon));
            rows.put("value", line.mid(colon + 1));
            continue;
        }
        for (const QByteArray& word : words)
            rows.put(word.left(word.indexOf('=')), word.mid(word.indexOf('=') + 1));
    }
    return any;
}

/// "1795380281.199953 [0 127.0.0.1:45658] "HGET" "key"", as MONITOR writes them.
const QRegularExpression& sampleLine() {
    static const QRegularExpression line(u"^(\\d+\\.\\d+) \\[(\\d+) ([^\\]]+)\\] (.*)$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    return line;
}

void putSample(Rows& rows, ReplyView reply) {
    for (const ReplyView each : reply.children()) {
        const auto line = sampleLine().match(QString::fromUtf8(each.text()));
        const double at = line.captured(1).toDouble();
        rows.begin();
        rows.put("at (UTC)", QDateTime::fromMSecsSinceEpoch(qRound64(at * 1000), Qt::UTC)
                                 .toString(u"HH:mm:ss.zzz"_s)
                                 .toUtf8());
        rows.put("client", line.captured(3).toUtf8());
        rows.put("command", line.captured(4).toUtf8());
        rows.put("db", line.captured(2).toUtf8());
    }
}

void putList(Rows& rows, ReplyView reply) {
    if (isSample(reply)) return putSample(rows, reply);
    const ReplyChildren children = reply.children();
    const bool isMaps = all(reply, [](ReplyView each) {
        return each.kind() == ReplyKind::Map && !each.children().empty();
    });
    const bool isEntries = all(reply, isEntry);
    const std::size_t width = children.front().children().size();
    const bool isTable = width > 1 && all(reply, [width](ReplyView each) {
                             return each.isAggregate() && each.children().size() == width;
                         });
    for (std::size_t i = 0; i < children.size(); ++i) {
        rows.begin();
        const ReplyView each = children[i];
        if (isMaps) {
            putPairs(rows, each);
        } else if (isEntries) {
            rows.put("id", each.children()[0]);
            putPairs(rows, each.children()[1]);
        } else if (isTable) {
            for (std::size_t k = 0; k < width; ++k)
                rows.put(QByteArray::number(static_cast<qulonglong>(k) + 1), each.children()[k]);
        } else {
            rows.put("#",
                     Reply(ReplyKind::Integer, QByteArray::number(static_cast<qulonglong>(i) + 1)));
            rows.put("value", each);
        }
    }
}

}  // namespace

bool isSample(ReplyView reply) {
    return reply.isAggregate() && !reply.children().empty() && all(reply, [](ReplyView each) {
               return each.kind() == ReplyKind::SimpleString &&
                      sampleLine().match(QString::fromUtf8(each.text())).hasMatch();
           });
}

std::shared_ptr<const ResultSet> tableOf(ReplyView reply) {
    Rows rows;
    if (!reply.isAggregate()) return putLines(rows, reply.text()) ? rows.take() : nullptr;
    if (reply.children().empty()) return nullptr;
    if (reply.kind() != ReplyKind::Map) {
        putList(rows, reply);
        return rows.take();
    }
    const ReplyChildren parts = reply.children();
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
        rows.begin();
        rows.put("field", parts[i]);
        rows.put("value", parts[i + 1]);
    }
    return rows.take();
}

}  // namespace tocsin::inspection

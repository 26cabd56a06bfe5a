#pragma once
#include <QHash>
#include <functional>
#include <future>
#include <memory>

#include "plugins/engines/postgres/digest.h"
#include "plugins/engines/postgres/wire.h"
#include "sdk/queryengine.h"
#include "sdk/resultset.h"

namespace tocsin::postgres {

/// What came back for one statement.
struct Streamed {
    std::shared_ptr<const ResultSet> rows;  ///< never null
    qsizetype count = 0;                    ///< of all rows, wherever they went
    qint64 bytes = 0;                       ///< likewise
    std::chrono::microseconds firstRow{0};
    std::chrono::microseconds total{0};
    QByteArray sha256;
    QString tag;  ///< "SELECT 97", "DELETE 3"
    bool truncated = false;
};

using RowsArrived = std::function<void(std::shared_ptr<const ResultSet>)>;

/// Reads the rows of one statement, as they come, into a ResultSet. Session thread.
class Stream {
public:
    struct Options {
        qint64 byteCap = 0;
        /// Past the cap: true cancels the statement; false reads on without keeping, because a
        /// cancel would undo a change.
        bool stopAtCap = true;
        QVector<Column> columns;  ///< as described before; empty: from the result itself
        RowSink sink = {};        ///< takes the rows; then there is no cap
    };

    Stream(Wire& wire, const Target& target, Options options, RowsArrived rowsArrived);

    /// Sends `text` and reads all of it. Errors of the server with position in `text`.
    Result<Streamed> run(const QString& text);

private:
    void take(const PGresult* result);
    void startSet(const PGresult* result);
    void takeRow(const PGresult* result, int row);
    void tellRows(bool evenIfRecent);
    void handOver(bool evenIfRecent);
    void waitForSink();
    void weighLimit();
    Error errorFor(const PGresult* result, const QString& text) const;

    Wire& m_wire;
    const Target& m_target;
    Options m_options;
    RowsArrived m_rowsArrived;
    std::shared_ptr<ResultSet> m_set;
    Streamed m_streamed;
    Digest m_digest;
    std::vector<const char*> m_values;
    std::vector<int> m_lengths;
    Moment m_started;
    Moment m_told;
    std::future<bool> m_handed;  ///< the sink's answer to the last set
    bool m_isFull = false;       ///< the sink takes no more
    bool m_isReading = true;     ///< a cancel would meet this statement, not the next
    qsizetype m_toldRows = 0;
};

}  // namespace tocsin::postgres

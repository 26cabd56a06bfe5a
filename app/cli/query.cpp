// tocsin query CONNECTION STATEMENT: one guarded question.
#include "cli/changetrace.h"
#include "cli/commandline.h"
#include "cli/inventory.h"
#include "cli/output.h"
#include "cli/redisview.h"
#include "cli/stopsignals.h"
#include "inspection/connection.h"
#include "inspection/format.h"
#include "inspection/redistext.h"
#include "sdk/async.h"
#include "workspace/values.h"

namespace tocsin::cli {
namespace {

// Of this process, for its one statement: what is pinned is asked before it.
constexpr std::chrono::minutes kUnlockSpan{5};

struct Question {
    QString connection, reason, typedName;
    QStringList words;  ///< of the statement
    QString statement;
    QString incident;  ///< whose timeline tells of a change; empty: all that are open
    ViewWish view;     ///< instead of a statement
    bool unlock = false;
    inspection::Format format = inspection::Format::Table;
};

/// One word is the statement. Several are a command of Redis as redis-cli takes it, each an
/// argument whatever is in it; or SQL, in which the shell's borders mean nothing.
QString statementOf(QStringList words, const QString& kind) {
    if (kind != QLatin1String("redis") || words.size() < 2) return words.join(QLatin1Char(' '));
    for (QString& word : words) {
        const bool isPlain = std::none_of(word.cbegin(), word.cend(), [](QChar c) {
            return c.isSpace() || c == u'"' || c == u'\'' || c == u'\\';
        });
        if (word.isEmpty() || !isPlain) word = inspection::redisWord(word.toUtf8());
    }
    return words.join(QLatin1Char(' '));
}

/// Of a script, whose replies are in one list.
qsizetype failedCommands(const QueryResult& result, const QString& statement) {
    if (!result.reply || inspection::scriptLines(statement).size() < 2) return 0;
    const ReplyChildren replies = result.reply->children();
    return std::count_if(replies.begin(), replies.end(),
                         [](ReplyView reply) { return reply.isError(); });
}

/// Resolves the password, opens the connection, asks, prints, ends.
class Conversation : public QObject {
public:
    Conversation(const CommandLine& line, Question question, Clock& clock, Done done)
        : m_inventory(line.workspaceFolder(), clock),
          m_dataFolder(line.dataFolder()),
          m_question(std::move(question)),
          m_done(std::move(done)) {}

    void begin() {
        const workspace::Entry* entry =
            findEntry(m_inventory.workspace().connections, m_question.connection);
        if (!entry) {
            refuseConnection();
            return;
        }
        using inspection::Format;
        m_question.statement = statementOf(m_question.words, entry->settings.kind);
        if (entry->settings.kind == QLatin1String("redis") && m_question.format != Format::Table &&
            m_question.format != Format::Json) {
            complain(
                QStringLiteral("A reply of Redis has no rows: its --format is table or json."));
            return end(WrongUsage);
        }
        if (!m_question.view.name.isEmpty() && entry->settings.kind != QLatin1String("redis"))
            return giveUp({ErrorCode::Refused,
                           QStringLiteral("“%1” is no Redis: --view %2 shows what is in one.")
                               .arg(m_question.connection, m_question.view.name),
                           {}});
        connect(&m_signals, &StopSignals::received, this, &Conversation::stop);
        whenDone(m_inventory.secrets().resolveAll(*entry), this,
                 [this](const Result<Settings>& settings) {
                     if (settings)
                         ask(*settings);
                     else
                         giveUp(settings.error());
                 });
    }

private:
    bool json() const { return m_question.format == inspection::Format::Json; }

    /// Only here are the workspace's mistakes told: one of them may be why there is none.
    void refuseConnection() {
        m_inventory.reportMistakes(false);
        QStringList names;
        for (const workspace::Entry& entry : m_inventory.workspace().connections)
            names << entry.settings.name;
        giveUp({ErrorCode::NotFound,
                QStringLiteral("There is no connection “%1” in %2.%3")
                    .arg(m_question.connection, m_inventory.workspace().folder,
                         names.isEmpty() ? QString()
                                         : QStringLiteral(" There are: %1.")
                                               .arg(names.join(QStringLiteral(", ")))),
                {}});
    }

    void ask(const Settings& settings) {
        auto engine = m_inventory.registry().createEngine(settings, m_inventory.clock());
        if (!engine) {
            giveUp(engine.error());
            return;
        }
        m_connection = std::make_unique<inspection::Connection>(
            inspection::connectionInfo(settings), *std::move(engine), Error{}, m_inventory.clock());
        if (!m_question.view.name.isEmpty()) return showView();
        m_question.unlock ? unlock() : send();
    }

    /// The reason is in the timeline before anything is changed.
    void unlock() {
        m_trace = std::make_unique<ChangeTrace>(m_inventory, m_dataFolder, m_question.incident);
        m_trace->open([this](const Result<void>& opened) {
            if (!opened) return giveUp(opened.error());
            m_trace->begin(*m_connection, m_question.reason, [this] {
                const auto unlocked = m_connection->unlock(m_question.reason, kUnlockSpan);
                unlocked ? send() : giveUp(unlocked.error());
            });
        });
    }

    void send() {
        m_stream = std::make_unique<inspection::RowStream>(m_question.format, printBytes);
        whenDone(m_connection->run(m_question.statement, m_question.typedName, sink()), this,
                 [this](const Result<QueryResult>& result) { answer(result); });
    }

    /// Rows leave as they come and are not kept, so there is no limit. A table's columns are as
    /// wide as what is in them and half a JSON object is none: these wait for their end.
    RowSink sink() {
        using inspection::Format;
        if (m_question.format == Format::Table || m_question.format == Format::Json) return {};
        return [stream = m_stream.get()](const std::shared_ptr<const ResultSet>& rows) {
            return stream->add(rows);
        };
    }

    void showView() {
        m_view = std::make_unique<RedisView>(*m_connection, m_inventory.clock(), json(),
                                             [this](const std::optional<Error>& problem) {
                                                 problem ? giveUp(*problem) : end(Success);
                                             });
        m_view->show(m_question.view);
    }

    void answer(const Result<QueryResult>& result) {
        const int status = result ? tell(*result) : sayWhyNot(result.error());
        if (!m_trace) return end(status);
        // Once the signal that it ended has gone to who looks at what is pinned.
        QMetaObject::invokeMethod(
            this,
            [this, result, status] {
                m_trace->end(m_question.statement, result, [this, status] { end(status); });
            },
            Qt::QueuedConnection);
    }

    int tell(const QueryResult& result) {
        using inspection::Format;
        // A table of rows ends with them.
        const bool isTold = m_question.format == Format::Table && result.rows;
        if (!isTold)
            for (const QString& notice : result.notices)
                complain(notice);
        if (m_question.format == Format::Table && !isTold)
            for (const QString& line : inspection::asides(result))
                complain(line);
        const bool written = m_stream->finish(result);
        // A change was made whole, whatever is kept of what it returned: no script may repeat it.
        const bool isCut = result.truncated && result.receipt.verdict.effect == Effect::ReadOnly;
        if (isCut) sayWhereTheRestIs(result);
        const auto failed = failedCommands(result, m_question.statement);
        if (failed > 0) complain(QStringLiteral("%1 of the commands failed.").arg(failed));
        return written && !isCut && failed == 0 ? Success : Failure;
    }

    void sayWhereTheRestIs(const QueryResult& result) {
        if (result.rows)
            return complain(
                QStringLiteral("The rows above are not all: --format csv, tsv, markdown or "
                               "insert has no limit."));
        if (result.nextPage.isEmpty()) return;  // the notices say why it ended
        QString quoted = result.nextPage;
        quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
        complain(QStringLiteral("The reply above is not all. Read on with: tocsin query %1 -- '%2'")
                     .arg(m_question.connection, quoted));
    }

    /// The server is told to stop as well: it would go on with what nobody waits for.
    void stop(const QString& signal) {
        if (std::exchange(m_isStopping, true) || !m_connection) {
            complain(QStringLiteral("%1: ended.").arg(signal));
            return end(Failure);
        }
        complain(QStringLiteral("%1: asks the server to stop the statement.").arg(signal));
        m_connection->cancel();
    }

    void giveUp(const Error& error) { end(sayWhyNot(error)); }

    int sayWhyNot(const Error& error) {
        complain(error, json());
        if (error.position) pointAt(*error.position);
        return Failure;
    }

    /// Shows the line of the statement that the server meant, with a mark under the place.
    void pointAt(int position) {
        const QString& text = m_question.statement;
        if (position < 0 || position > text.size()) return;
        const qsizetype start =
            position == 0 ? 0 : text.lastIndexOf(QLatin1Char('\n'), position - 1) + 1;
        const QString line = text.mid(start).section(QLatin1Char('\n'), 0, 0);
        complain(QStringLiteral("  ") + line);
        complain(QStringLiteral("  ") + QString(position - start, QLatin1Char(' ')) +
                 QLatin1Char('^'));
    }

    void end(int status) {
        if (std::exchange(m_hasEnded, true)) return;
        deleteLater();
        m_done(status);
    }

    Inventory m_inventory;
    QString m_dataFolder;
    Question m_question;
    Done m_done;
    StopSignals m_signals;
    bool m_isStopping = false, m_hasEnded = false;
    std::unique_ptr<inspection::Connection> m_connection;
    std::unique_ptr<inspection::RowStream> m_stream;
    std::unique_ptr<RedisView> m_view;
    std::unique_ptr<ChangeTrace> m_trace;  // goes before the connection it watches
};

/// "-- why" at the start of a statement is SQL's comment, and no option.
bool isComment(const QString& word) {
    return word.startsWith(QLatin1String("--")) && word.size() > 2 && word[2].isSpace();
}

/// With a space before them, comments are words to the parser of options.
QStringList commentsKept(QStringList args) {
    for (QString& arg : args)
        if (isComment(arg)) arg.prepend(QLatin1Char(' '));
    return args;
}

/// An empty name without --view; the error is a sentence.
tl::expected<ViewWish, QString> viewWish(const CommandLine& line, const QStringList& words) {
    ViewWish wish{line.value("view"), words.value(1), line.value("type").toUtf8(), {}};
    const bool isKeys = wish.name == u"keys";
    for (const char* option : {"type", "expires", "min-size"})
        if (line.isSet(option) && !isKeys)
            return tl::unexpected(
                QStringLiteral("--%1 belongs to --view keys.").arg(QLatin1String(option)));
    if (!line.isSet("view")) return ViewWish();
    const bool isJobs = wish.name == u"jobs";
    if (isJobs && words.size() != 2)
        return tl::unexpected(
            QStringLiteral("--view jobs needs a connection and a queue's name, "
                           "as --view queues prints it."));
    if (!RedisView::names().contains(wish.name) || words.isEmpty() ||
        words.size() > (isKeys || isJobs || wish.name == u"sizes" ? 2 : 1))
        return tl::unexpected(
            QStringLiteral("--view is one of %1, after a connection and without a statement.")
                .arg(RedisView::names().join(QStringLiteral(", "))));
    using Expiry = inspection::KeyFilter::Expiry;
    if (line.value("expires") == u"never") {
        wish.filter.expiry = Expiry::Never;
    } else if (line.isSet("expires")) {
        const auto within = workspace::durationFromText(line.value("expires"));
        if (!within)
            return tl::unexpected(
                QStringLiteral("With --view keys, --expires is never, or a time such as "
                               "30s, 10m, 2h."));
        wish.filter.expiry = Expiry::Within;
        wish.filter.within = *within;
    }
    bool isNumber = true;
    if (line.isSet("min-size"))
        wish.filter.leastBytes = line.value("min-size").toLongLong(&isNumber);
    if (!isNumber || wish.filter.leastBytes < 0)
        return tl::unexpected(QStringLiteral("With --view keys, --min-size is a number of bytes."));
    return wish;
}

}  // namespace

void runQuery(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("query");
    line.addValue(QStringLiteral("format"),
                  QStringLiteral("table, csv, json, markdown, tsv or insert."),
                  QStringLiteral("FORMAT"));
    line.addFlag(QStringLiteral("unlock"),
                 QStringLiteral("Allow this one statement to change something."));
    line.addValue(QStringLiteral("reason"), QStringLiteral("Why; kept with the result."),
                  QStringLiteral("TEXT"));
    line.addValue(QStringLiteral("incident"),
                  QStringLiteral("With --unlock: the open incident whose timeline tells of it; "
                                 "else every open one."),
                  QStringLiteral("ID"));
    line.addValue(
        QStringLiteral("name"),
        QStringLiteral("With --unlock: the connection's name once more, for what cannot be "
                       "taken back (FLUSHALL)."),
        QStringLiteral("CONNECTION"));
    line.addValue(QStringLiteral("view"),
                  QStringLiteral("For a Redis, in a statement's place: queues, jobs (then the "
                                 "queue), server, keys or sizes (then a pattern), slowlog, "
                                 "clients, latency, settings, channels or doctors."),
                  QStringLiteral("VIEW"));
    line.addValue(QStringLiteral("type"), QStringLiteral("With --view keys: string, hash, list …"),
                  QStringLiteral("TYPE"));
    line.addValue(QStringLiteral("expires"),
                  QStringLiteral("With --view keys: never, or sooner than a time such as 10m."),
                  QStringLiteral("WHEN"));
    line.addValue(QStringLiteral("min-size"),
                  QStringLiteral("With --view keys: at least so many bytes of memory."),
                  QStringLiteral("BYTES"));
    if (!line.read(commentsKept(args), done)) return;

    QStringList words = line.words();
    for (QString& word : words)
        if (isComment(word.mid(1))) word.remove(0, 1);
    const auto view = viewWish(line, words);
    if (!view) {
        line.refuse(view.error(), done);
        return;
    }
    if (words.size() < 2 && view->name.isEmpty()) {
        line.refuse(QStringLiteral("A query needs a connection and a statement."), done);
        return;
    }
    Question question;
    question.connection = words.takeFirst();
    question.words = words;
    question.view = *view;
    question.unlock = line.isSet("unlock");
    question.reason = line.value("reason").trimmed();
    question.typedName = line.value("name");
    question.incident = line.value("incident").toUpper();
    if (question.unlock && question.reason.isEmpty()) {
        line.refuse(QStringLiteral("--unlock needs --reason TEXT."), done);
        return;
    }
    if (line.json() && line.isSet("format") && line.value("format") != QLatin1String("json")) {
        line.refuse(QStringLiteral("--json prints one JSON document and --format %1 another text: "
                                   "give one of them.")
                        .arg(line.value("format")),
                    done);
        return;
    }
    const QString format = line.isSet("format") ? line.value("format")
                           : line.json()        ? QStringLiteral("json")
                                                : QStringLiteral("table");
    const auto read = inspection::formatFromText(format);
    if (!read) {
        line.refuse(read.error().message, done);
        return;
    }
    question.format = *read;
    (new Conversation(line, question, clock, done))->begin();
}

}  // namespace tocsin::cli

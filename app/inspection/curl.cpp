#include "inspection/curl.h"

#include <QHash>
#include <QSet>
#include <QUrlQuery>
#include <cmath>

#include "sdk/secret.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

/// What an option does. Long and short names share one.
enum class Option {
    Method,
    Header,
    User,
    DataPlain,
    DataRaw,
    DataBinary,
    DataEncoded,
    Json,
    Get,
    Head,
    Time,
    Url,
    Agent,
    Referer,
    Cookie,
    Bearer,
    Follow,
    Drop,
    DropValue,
};

const QHash<QString, Option>& options() {
    static const QHash<QString, Option> table{
        {u"-X"_s, Option::Method},
        {u"--request"_s, Option::Method},
        {u"-H"_s, Option::Header},
        {u"--header"_s, Option::Header},
        {u"-u"_s, Option::User},
        {u"--user"_s, Option::User},
        {u"-d"_s, Option::DataPlain},
        {u"--data"_s, Option::DataPlain},
        {u"--data-ascii"_s, Option::DataPlain},
        {u"--data-raw"_s, Option::DataRaw},
        {u"--data-binary"_s, Option::DataBinary},
        {u"--data-urlencode"_s, Option::DataEncoded},
        {u"--json"_s, Option::Json},
        {u"-G"_s, Option::Get},
        {u"--get"_s, Option::Get},
        {u"-I"_s, Option::Head},
        {u"--head"_s, Option::Head},
        {u"-m"_s, Option::Time},
        {u"--max-time"_s, Option::Time},
        {u"--url"_s, Option::Url},
        {u"-A"_s, Option::Agent},
        {u"--user-agent"_s, Option::Agent},
        {u"-e"_s, Option::Referer},
        {u"--referer"_s, Option::Referer},
        {u"-b"_s, Option::Cookie},
        {u"--cookie"_s, Option::Cookie},
        {u"--oauth2-bearer"_s, Option::Bearer},
        {u"-L"_s, Option::Follow},
        {u"--location"_s, Option::Follow},
        {u"-k"_s, Option::Drop},
        {u"--insecure"_s, Option::Drop},
        {u"-f"_s, Option::Drop},
        {u"--fail"_s, Option::Drop},
        {u"--fail-with-body"_s, Option::Drop},
        {u"-s"_s, Option::Drop},
        {u"--silent"_s, Option::Drop},
        {u"-S"_s, Option::Drop},
        {u"--show-error"_s, Option::Drop},
        {u"-v"_s, Option::Drop},
        {u"--verbose"_s, Option::Drop},
        {u"-i"_s, Option::Drop},
        {u"--include"_s, Option::Drop},
        {u"-g"_s, Option::Drop},
        {u"--globoff"_s, Option::Drop},
        {u"-N"_s, Option::Drop},
        {u"--no-buffer"_s, Option::Drop},
        {u"-#"_s, Option::Drop},
        {u"--progress-bar"_s, Option::Drop},
        {u"--compressed"_s, Option::Drop},
        {u"-4"_s, Option::Drop},
        {u"-6"_s, Option::Drop},
        {u"-O"_s, Option::Drop},
        {u"--remote-name"_s, Option::Drop},
        {u"--http1.1"_s, Option::Drop},
        {u"--http2"_s, Option::Drop},
        {u"-q"_s, Option::Drop},
        {u"--no-progress-meter"_s, Option::Drop},
        {u"--retry-all-errors"_s, Option::Drop},
        {u"--retry-connrefused"_s, Option::Drop},
        {u"-o"_s, Option::DropValue},
        {u"--output"_s, Option::DropValue},
        {u"-w"_s, Option::DropValue},
        {u"--write-out"_s, Option::DropValue},
        {u"--connect-timeout"_s, Option::DropValue},
        {u"--retry"_s, Option::DropValue},
        {u"--retry-delay"_s, Option::DropValue},
        {u"--retry-max-time"_s, Option::DropValue},
        {u"-D"_s, Option::DropValue},
        {u"--dump-header"_s, Option::DropValue},
        {u"--stderr"_s, Option::DropValue},
        {u"--max-redirs"_s, Option::DropValue},
    };
    return table;
}

bool takesValue(Option option) {
    return option != Option::Get && option != Option::Head && option != Option::Follow &&
           option != Option::Drop;
}

/// A request as it is put together, option by option.
class Reader {
public:
    Result<HttpRequest> read(QStringList words) {
        if (words.isEmpty() || (words.first() != u"curl" && !words.first().endsWith(u"/curl")))
            return fail(ErrorCode::Parse,
                        u"This is not a curl command; it must begin with curl."_s);
        words.removeFirst();
        m_request.followRedirects = false;  // as curl without -L
        m_words = std::move(words);
        while (!m_words.isEmpty())
            if (auto taken = takeWord(m_words.takeFirst()); !taken)
                return tl::unexpected<Error>(taken.error());
        return assemble();
    }

private:
    Result<void> takeWord(const QString& word) {
        if (!word.startsWith(u'-') || word == u"-") return setUrl(word);
        if (word.startsWith(u"--")) return takeLong(word);
        // Short options can share one dash, and the last of them its value: -sSXPOST
        for (qsizetype i = 1; i < word.size(); ++i) {
            const auto option = find(u'-' + word.mid(i, 1));
            if (!option) return tl::unexpected<Error>(option.error());
            if (!takesValue(*option)) {
                if (auto applied = apply(*option, {}); !applied) return applied;
                continue;
            }
            const QString rest = word.mid(i + 1);
            return rest.isEmpty() ? applyNext(*option, word) : apply(*option, rest);
        }
        return {};
    }

    Result<void> takeLong(const QString& word) {
        const auto option = find(word);
        if (!option) return tl::unexpected<Error>(option.error());
        return takesValue(*option) ? applyNext(*option, word) : apply(*option, {});
    }

    static Result<Option> find(const QString& name) {
        const auto found = options().find(name);
        if (found != options().end()) return *found;
        return fail(
            ErrorCode::Parse,
            u"curl's option “%1” is not understood here; leave it out, or copy the command into a terminal."_s
                .arg(name));
    }

    Result<void> applyNext(Option option, const QString& name) {
        if (m_words.isEmpty())
            return fail(ErrorCode::Parse, u"curl's option “%1” needs a value."_s.arg(name));
        return apply(option, m_words.takeFirst());
    }

    Result<void> apply(Option option, const QString& value) {
        switch (option) {
            case Option::Method:
                m_method = value.toUpper().toLatin1();
                break;
            case Option::Header:
                return addHeader(value);
            case Option::User:
                setSecretHeader("Basic " + value.toUtf8().toBase64(), value.section(u':', 1));
                break;
            case Option::Bearer:
                setSecretHeader("Bearer " + value.toUtf8(), value);
                break;
            case Option::Agent:
                setHeader("User-Agent", value.toUtf8());
                break;
            case Option::Referer:
                setHeader("Referer", value.toUtf8());
                break;
            case Option::Cookie:
                return setCookie(value);
            case Option::DataPlain:
            case Option::DataBinary:
                return addData(value);
            case Option::DataRaw:
                appendData(value.toUtf8());
                break;
            case Option::DataEncoded:
                return addEncoded(value);
            case Option::Json:
                m_isJson = true;
                return addData(value);
            case Option::Get:
                m_isGet = true;
                break;
            case Option::Head:
                m_isHead = true;
                break;
            case Option::Follow:
                m_request.followRedirects = true;
                break;
            case Option::Time:
                return setTime(value);
            case Option::Url:
                return setUrl(value);
            case Option::Drop:
            case Option::DropValue:
                break;
        }
        return {};
    }

    Result<void> setUrl(const QString& text) {
        if (!m_request.url.isEmpty())
            return fail(
                ErrorCode::Parse,
                u"Two addresses stand in one command, “%1” is the second; run them one by one."_s
                    .arg(redact(text)));
        const QUrl url(text.contains(u"://"_s) ? text : u"http://"_s + text);
        if (!url.isValid() || url.host().isEmpty() ||
            (url.scheme() != u"http" && url.scheme() != u"https"))
            return fail(ErrorCode::Parse,
                        u"“%1” is not an http or https address."_s.arg(redact(text)));
        m_request.url = url;
        return {};
    }

    Result<void> addHeader(const QString& text) {
        if (text.startsWith(u'@')) return file(text);
        const qsizetype colon = text.indexOf(u':');
        if (colon < 1)
            return fail(ErrorCode::Parse,
                        u"“%1” is not a header; write “Name: value”."_s.arg(redact(text)));
        const QByteArray name = text.first(colon).trimmed().toLatin1();
        const QByteArray value = text.mid(colon + 1).trimmed().toUtf8();
        if (name.contains('\n') || name.contains('\r') || value.contains('\n') ||
            value.contains('\r'))
            return fail(ErrorCode::Parse, u"A header must not hold a line break."_s);
        if (!value.isEmpty()) setHeader(name, value);
        return {};
    }

    Result<void> setCookie(const QString& value) {
        if (!value.contains(u'=')) return file(value);
        setHeader("Cookie", value.toUtf8());
        return {};
    }

    Result<void> setTime(const QString& value) {
        bool ok = false;
        const double seconds = value.toDouble(&ok);
        if (!ok || !(seconds > 0) || seconds > 600)
            return fail(
                ErrorCode::Parse,
                u"--max-time must be a number of seconds from 0 to 600, not “%1”."_s.arg(value));
        m_request.timeout =
            std::chrono::milliseconds(static_cast<qint64>(std::ceil(seconds * 1000)));
        return {};
    }

    Result<void> addData(const QString& value) {
        if (value.startsWith(u'@')) return file(value);
        appendData(value.toUtf8());
        return {};
    }

    Result<void> addEncoded(const QString& value) {
        const qsizetype equals = value.indexOf(u'=');
        const qsizetype at = value.indexOf(u'@');
        if (at >= 0 && (equals < 0 || at < equals)) return file(value);
        const QByteArray name = equals > 0 ? value.first(equals).toUtf8() + '=' : QByteArray();
        appendData(name + QUrl::toPercentEncoding(value.mid(equals + 1)));
        return {};
    }

    static tl::unexpected<Error> file(const QString& value) {
        return fail(
            ErrorCode::Parse,
            u"“%1” would be read from a file, which is not done here; write the text itself."_s.arg(
                value));
    }

    void appendData(const QByteArray& data) {
        if (m_hasData && !m_isJson) m_request.body += '&';
        m_request.body += data;
        m_hasData = true;
    }

    void setHeader(const QByteArray& name, const QByteArray& value) {
        m_request.headers.removeIf([&name](const auto& header) {
            return header.first.compare(name, Qt::CaseInsensitive) == 0;
        });
        m_request.headers.append({name, value});
    }

    void setSecretHeader(const QByteArray& value, const QString& secret) {
        const Secret known(secret);  // from here on redact() masks it
        setHeader("Authorization", value);
    }

    void setDefaultHeader(const QByteArray& name, const QByteArray& value) {
        for (const auto& header : std::as_const(m_request.headers))
            if (header.first.compare(name, Qt::CaseInsensitive) == 0) return;
        m_request.headers.append({name, value});
    }

    Result<HttpRequest> assemble() {
        if (m_request.url.isEmpty())
            return fail(ErrorCode::Parse, u"This curl command names no address."_s);
        if (m_isGet && m_hasData) {
            const QString query = m_request.url.query(QUrl::FullyEncoded);
            const QString data = QString::fromUtf8(std::exchange(m_request.body, {}));
            m_request.url.setQuery(query.isEmpty() ? data : query + u'&' + data,
                                   QUrl::TolerantMode);
            m_hasData = false;
        }
        moveCredentials();
        if (m_isJson) setDefaultHeader("Content-Type", "application/json");
        if (m_isJson) setDefaultHeader("Accept", "application/json");
        if (m_hasData) setDefaultHeader("Content-Type", "application/x-www-form-urlencoded");
        m_request.method = !m_method.isEmpty() ? m_method
                           : m_isHead          ? "HEAD"
                           : m_hasData         ? "POST"
                                               : "GET";
        return m_request;
    }

    /// user:password@ of the address goes into a header, so that the address can be shown.
    void moveCredentials() {
        if (m_request.url.userInfo().isEmpty()) return;
        const QByteArray user = m_request.url.userName(QUrl::FullyDecoded).toUtf8();
        const QByteArray password = m_request.url.password(QUrl::FullyDecoded).toUtf8();
        setDefaultHeader("Authorization", "Basic " + (user + ':' + password).toBase64());
        m_request.url.setUserInfo({});
    }

    QStringList m_words;
    HttpRequest m_request;
    QByteArray m_method;
    bool m_hasData = false;
    bool m_isGet = false;
    bool m_isHead = false;
    bool m_isJson = false;
};

}  // namespace

Result<HttpRequest> parseCurl(const QString& line) {
    const auto words = splitShellWords(line);
    if (!words) return tl::unexpected<Error>(words.error());
    return Reader().read(*words);
}

}  // namespace tocsin::inspection

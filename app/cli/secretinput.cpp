#include "cli/secretinput.h"

#include <termios.h>
#include <unistd.h>

#include "cli/output.h"

namespace tocsin::cli {
namespace {

constexpr qsizetype kLongest = 64 * 1024;

/// Turns echo, line editing and signals off while it lives. Signals too: Ctrl-C must not leave a
/// terminal behind that shows nothing.
class QuietTerminal {
public:
    QuietTerminal() {
        ::tcgetattr(STDIN_FILENO, &m_before);
        termios quiet = m_before;
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~QuietTerminal() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before); }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;

private:
    termios m_before{};
};

/// Removes the last character, which may have several bytes.
void removeLast(QByteArray& text) {
    while (!text.isEmpty() && (uchar(text.back()) & 0xC0) == 0x80)
        text.chop(1);
    text.chop(1);
}

std::optional<QByteArray> typedLine() {
    constexpr char kInterrupt = 3, kEnd = 4, kBackspace = 8, kDelete = 127;
    const QuietTerminal quiet;
    QByteArray line;
    char c = 0;
    while (line.size() < kLongest && ::read(STDIN_FILENO, &c, 1) == 1) {
        if (c == kInterrupt) return std::nullopt;
        if (c == '\n' || c == '\r' || c == kEnd) break;
        if (c == kBackspace || c == kDelete)
            removeLast(line);
        else
            line.append(c);
    }
    return line;
}

QByteArray everything() {
    QByteArray text;
    char buffer[4096];
    ssize_t size = 0;
    while (text.size() < kLongest && (size = ::read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        text.append(buffer, size);
    if (text.endsWith('\n')) text.chop(1);
    if (text.endsWith('\r')) text.chop(1);
    return text;
}

}  // namespace

Result<Secret> readSecret(const QString& name) {
    std::optional<QByteArray> text;
    if (::isatty(STDIN_FILENO) != 0) {
        complain(QStringLiteral("The secret for “%1” (it is not shown), then Enter:").arg(name));
        text = typedLine();
        if (!text)
            return fail(ErrorCode::Cancelled, QStringLiteral("Cancelled; nothing was stored."));
    } else {
        text = everything();
    }
    if (text->isEmpty())
        return fail(ErrorCode::Parse, QStringLiteral("No secret came in; nothing was stored."));
    return Secret(QString::fromUtf8(*text));
}

}  // namespace tocsin::cli

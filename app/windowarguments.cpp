#include "windowarguments.h"

#include <QCommandLineParser>

#include "cli/cli.h"
#include "drill/scenario.h"

namespace tocsin {

using namespace Qt::Literals::StringLiterals;

namespace {

QCommandLineParser& described(QCommandLineParser& parser) {
    parser.addOptions(
        {{u"workspace"_s, u"Folder with tocsin.yaml."_s, u"DIR"_s},
         {u"data"_s, u"Incidents and ledger."_s, u"DIR"_s},
         {u"theme"_s, u"dark, light or desktop."_s, u"MODE"_s, u"desktop"_s},
         {u"picture"_s, u"Render one frame into a PNG and end."_s, u"FILE"_s},
         {u"size"_s, u"Of the window, WIDTHxHEIGHT."_s, u"SIZE"_s, u"1600x1000"_s},
         {u"speed"_s, u"A drill's clock runs so many times faster."_s, u"N"_s, u"1"_s}});
    return parser;
}

/// What is neither an option nor an option's value.
QStringList wordsOf(const QStringList& args) {
    QCommandLineParser parser;
    described(parser).parse(QStringList{u"tocsin"_s} + args);
    return parser.positionalArguments();
}

Result<QSize> sizeFromText(const QString& text) {
    const QStringList parts = text.split(u'x');
    const QSize size(parts.value(0).toInt(), parts.value(1).toInt());
    if (parts.size() != 2 || size.width() < 320 || size.height() < 240 || size.width() > 8192 ||
        size.height() > 8192)
        return fail(
            ErrorCode::Config,
            u"--size is “%1”, but wants WIDTHxHEIGHT in pixels, such as 1600x1000."_s.arg(text));
    return size;
}

Result<theme::Mode> themeFromText(const QString& text) {
    if (text == u"dark") return theme::Mode::Dark;
    if (text == u"light") return theme::Mode::Light;
    if (text == u"desktop") return theme::Mode::Desktop;
    return fail(ErrorCode::Config,
                u"--theme is “%1”, but wants dark, light or desktop."_s.arg(text));
}

}  // namespace

bool wantsWindow(const QStringList& args) {
    if (args.contains(u"--help"_s) || args.contains(u"-h"_s) || args.contains(u"--headless"_s) ||
        args.contains(u"--rehearse"_s))
        return false;
    const QStringList words = wordsOf(args);
    if (words.value(0) == u"drill") return words.size() > 1 && words[1] != u"list";
    return !cli::isCommand(args);
}

Result<WindowArguments> windowArguments(const QStringList& args) {
    QCommandLineParser parser;
    if (!described(parser).parse(QStringList{u"tocsin"_s} + args))
        return fail(ErrorCode::Config, parser.errorText());

    WindowArguments out;
    out.workspaceFolder = cli::workspaceFolder(args);
    out.dataFolder = cli::dataFolder(args);
    out.picture = parser.value(u"picture"_s);
    const QStringList words = parser.positionalArguments();
    if (words.value(0) == u"drill") out.drill = words.value(1);
    if (!out.drill.isEmpty() && !drill::Scenario::names().contains(out.drill))
        return fail(ErrorCode::Config, u"There is no drill “%1”; there are %2."_s.arg(
                                           out.drill, drill::Scenario::names().join(u", ")));
    out.speed = parser.value(u"speed"_s).toDouble();
    if (!(out.speed >= 1 && out.speed <= 1000))
        return fail(ErrorCode::Config, u"--speed wants a number from 1 to 1000."_s);
    const auto size = sizeFromText(parser.value(u"size"_s));
    if (!size) return tl::unexpected<Error>(size.error());
    out.size = *size;
    const auto mode = themeFromText(parser.value(u"theme"_s));
    if (!mode) return tl::unexpected<Error>(mode.error());
    out.theme = *mode;
    return out;
}

}  // namespace tocsin

#include "cli/runbookchecks.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

#include "runbooks/run.h"

namespace tocsin::cli {
namespace {

using runbooks::Block;
using runbooks::Finding;
using runbooks::Runbook;
using runbooks::Section;
using runbooks::Step;

constexpr qint64 kLargestDocument = runbooks::documentSizeLimit;

/// A gap in a bundled runbook is nothing the team can mend in a file of its own.
QString severityIn(const Runbook& runbook) {
    return runbook.file.startsWith(QLatin1Char(':')) ? QStringLiteral("note")
                                                     : QStringLiteral("warning");
}

template <typename Visit>
void eachBlock(const Runbook& runbook, Visit visit) {
    for (const Section& section : runbook.sections)
        for (const Step& step : section.steps)
            for (const Block& block : step.blocks)
                visit(block);
}

/// The anchors of all headings of a Markdown file.
QSet<QString> anchorsOf(const QString& path) {
    static const QRegularExpression heading(QStringLiteral("^#{1,6}\\s+(.*?)\\s*#*\\s*$"));
    QSet<QString> anchors;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return anchors;
    for (const QByteArray& line : file.read(kLargestDocument).split('\n'))
        if (const auto match = heading.match(QString::fromUtf8(line)); match.hasMatch())
            anchors.insert(runbooks::slug(match.captured(1)));
    return anchors;
}

/// Follows the links of documents; remembers the anchors of the files it read.
class LinkFollower {
public:
    void follow(const Runbook& runbook, const QString& prose, int line) {
        static const QRegularExpression link(QStringLiteral("\\]\\(<?([^)\\s>]+)"));
        static const QRegularExpression scheme(QStringLiteral("^[A-Za-z][A-Za-z0-9+.-]*:"));
        for (auto it = link.globalMatch(prose); it.hasNext();) {
            const QString target = it.next().captured(1);
            // A link with a hole in it leads nowhere yet.
            if (scheme.match(target).hasMatch() || target.startsWith(QLatin1String("//")) ||
                target.contains(QLatin1Char('{')) || target.contains(QLatin1Char('$')))
                continue;
            check(runbook, target, line);
        }
    }

    QVector<Finding> findings;

private:
    void check(const Runbook& runbook, const QString& target, int line) {
        const QString path = target.section(QLatin1Char('#'), 0, 0);
        const QString anchor = target.section(QLatin1Char('#'), 1);
        const QString file = path.isEmpty()
                                 ? runbook.file
                                 : QDir::cleanPath(QFileInfo(runbook.file).dir().filePath(path));
        if (!QFileInfo::exists(file)) {
            report(runbook, line,
                   QStringLiteral("The link to %1 is dead: there is no such file beside this one.")
                       .arg(target));
            return;
        }
        if (anchor.isEmpty() || !file.endsWith(QLatin1String(".md"))) return;
        if (!m_anchors.contains(file)) m_anchors.insert(file, anchorsOf(file));
        if (!m_anchors[file].contains(anchor.toLower()))
            report(runbook, line,
                   QStringLiteral("The link to %1 is dead: no heading there is called that.")
                       .arg(target));
    }

    void report(const Runbook& runbook, int line, const QString& message) {
        const Finding finding{
            runbook.file, line, 1, QStringLiteral("warning"), QStringLiteral("dead-link"), message};
        if (!findings.contains(finding)) findings.append(finding);
    }

    QMap<QString, QSet<QString>> m_anchors;
};

QString unboundAdvice(const QString& name) {
    static const QRegularExpression secretly(QStringLiteral("SECRET|TOKEN|PASSWORD|KEY"));
    if (secretly.match(name.toUpper()).hasMatch())
        return QStringLiteral(
                   "$%1 looks like a secret, and secrets are not bound. Whoever runs the step "
                   "needs it "
                   "in the environment of the shell.")
            .arg(name);
    return QStringLiteral(
               "Nothing gives $%1 a value, so it must be typed under stress. Add it to “variables” "
               "in "
               "tocsin.yaml, or let an alert label carry it.")
        .arg(name);
}

bool isKnown(const QString& placeholder, const QMap<QString, QString>& variables) {
    const QStringList names = variables.keys();
    return std::any_of(names.begin(), names.end(), [&placeholder](const QString& name) {
        return runbooks::sameName(placeholder, name);
    });
}

}  // namespace

QVector<Finding> linkFindings(const QVector<Runbook>& runbooks) {
    LinkFollower follower;
    for (const Runbook& runbook : runbooks) {
        follower.follow(runbook, runbook.prose, runbook.line);
        for (const Section& section : runbook.sections) {
            follower.follow(runbook, section.prose, section.line);
            for (const Step& step : section.steps)
                follower.follow(runbook, step.prose, step.line);
        }
    }
    return follower.findings;
}

QVector<Finding> placeholderFindings(const QVector<Runbook>& runbooks,
                                     const QMap<QString, QString>& variables) {
    QVector<Finding> findings;
    for (const Runbook& runbook : runbooks) {
        QSet<QString> told;
        eachBlock(runbook, [&](const Block& block) {
            for (const runbooks::Placeholder& hole : block.placeholders) {
                const bool variable = block.text.mid(hole.offset, 1) == QLatin1String("$");
                if (!variable || told.contains(hole.name) || isKnown(hole.name, variables))
                    continue;
                told.insert(hole.name);
                findings.append({runbook.file, block.line, 1, severityIn(runbook),
                                 QStringLiteral("unbound-placeholder"), unboundAdvice(hole.name)});
            }
        });
    }
    return findings;
}

QVector<Finding> connectionFindings(const QVector<Runbook>& runbooks,
                                    const QVector<workspace::Entry>& connections) {
    QSet<QString> kinds;
    for (const workspace::Entry& entry : connections)
        kinds.insert(entry.settings.kind);
    QVector<Finding> findings;
    for (const Runbook& runbook : runbooks) {
        QSet<QString> told;
        eachBlock(runbook, [&](const Block& block) {
            const QString kind = toString(block.kind);
            const bool needsServer = block.kind == runbooks::BlockKind::Postgres ||
                                     block.kind == runbooks::BlockKind::Redis;
            if (!needsServer || kinds.contains(kind) || told.contains(kind)) return;
            told.insert(kind);
            findings.append(
                {runbook.file, block.line, 1, severityIn(runbook), QStringLiteral("no-connection"),
                 QStringLiteral("This step needs a %1 connection and the workspace has none. "
                                "Add one under “connections” in tocsin.yaml.")
                     .arg(kind)});
        });
    }
    return findings;
}

}  // namespace tocsin::cli

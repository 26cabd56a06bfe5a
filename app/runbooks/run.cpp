#include "runbooks/run.h"

#include <QRegularExpression>

#include "runbooks/quoting.h"

namespace tocsin::runbooks {

namespace {

const QString defaultOrigin = QStringLiteral("default");

/// The name less what authors add around it, so that PID_HERE, <pid> and [your-pid] are one.
QString core(const QString& name) {
    static const QRegularExpression marks(QStringLiteral("[^a-z0-9]+"));
    // userId and user_id are one name too.
    static const QRegularExpression hump(QStringLiteral("([a-z0-9])([A-Z])"));
    QString spread = name;
    spread.replace(hump, QStringLiteral("\\1_\\2"));
    QStringList words = spread.toLower().split(marks, Qt::SkipEmptyParts);
    if (words.size() > 1 &&
        (words.first() == QLatin1String("your") || words.first() == QLatin1String("the")))
        words.removeFirst();
    if (words.size() > 1 && words.last() == QLatin1String("here")) words.removeLast();
    return words.join(QString());
}

}  // namespace

bool sameName(const QString& placeholder, const QString& name) {
    const QString wanted = core(placeholder);
    return !wanted.isEmpty() && wanted == core(name);
}

Run::Run(Runbook runbook, QObject* parent) : QObject(parent), m_runbook(std::move(runbook)) {
    for (const Section& section : std::as_const(m_runbook.sections))
        for (const Step& step : section.steps)
            for (const Block& block : step.blocks)
                for (const Placeholder& hole : block.placeholders)
                    if (!hole.fallback.isEmpty())
                        m_bindings.insert(hole.name, {hole.fallback, defaultOrigin});
}

StepProgress Run::progress(int section, int step) const {
    return m_progress.value({section, step});
}

void Run::setProgress(int section, int step, const StepProgress& progress) {
    m_progress.insert({section, step}, progress);
    emit progressChanged(section, step);
}

void Run::bind(const QString& placeholder, const Binding& binding) {
    if (m_bindings.value(placeholder) == binding && m_bindings.contains(placeholder)) return;
    m_bindings.insert(placeholder, binding);
    emit bindingsChanged();
}

void Run::unbind(const QString& placeholder) {
    if (m_bindings.remove(placeholder) > 0) emit bindingsChanged();
}

void Run::bindLabels(const Alert& alert) {
    bindNamed(alert.labels, QStringLiteral("label"));
}

void Run::bindVariables(const QMap<QString, QString>& variables) {
    bindNamed(variables, QStringLiteral("variable"));
}

void Run::bindNamed(const QMap<QString, QString>& values, const QString& originWord) {
    bool changed = false;
    for (const QString& name : holes())
        for (auto value = values.begin(); value != values.end(); ++value) {
            const bool isFree =
                !m_bindings.contains(name) || m_bindings.value(name).origin == defaultOrigin;
            if (!isFree || !sameName(name, value.key())) continue;
            m_bindings.insert(name, {value.value(), originWord + u' ' + value.key()});
            changed = true;
        }
    if (changed) emit bindingsChanged();
}

QStringList Run::holes() const {
    QStringList names;
    for (const Section& section : m_runbook.sections)
        for (const Step& step : section.steps)
            for (const Block& block : step.blocks)
                for (const Placeholder& hole : block.placeholders)
                    if (!names.contains(hole.name)) names << hole.name;
    return names;
}

QStringList Run::unbound(const Block& block) const {
    QStringList names;
    for (const Placeholder& hole : block.placeholders)
        if (!m_bindings.contains(hole.name) && !names.contains(hole.name)) names << hole.name;
    return names;
}

QString Run::text(const Block& block) const {
    QMap<QString, QString> values;
    for (auto binding = m_bindings.begin(); binding != m_bindings.end(); ++binding)
        values.insert(binding.key(), binding.value().value);
    return filledText(block, values);
}

}  // namespace tocsin::runbooks

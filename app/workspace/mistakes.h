#pragma once
#include "workspace/workspace.h"
#include "workspace/yamltree.h"

namespace tocsin::workspace {

/// A value as messages show it: redacted, on one short line.
QString shownValue(const QString& value);

/// Collects mistakes while a file is read.
class Mistakes {
public:
    explicit Mistakes(QString file) : m_file(std::move(file)) {}

    /// `value` is shown as written, after redaction and cut to one short line.
    void error(const YamlNode& at, const char* rule, const QString& value, const QString& message);
    void warning(const YamlNode& at, const char* rule, const QString& value,
                 const QString& message);
    void note(const YamlNode& at, const char* rule, const QString& value, const QString& message);
    void add(const QVector<Mistake>& mistakes) { m_mistakes += mistakes; }

    qsizetype count() const { return m_mistakes.size(); }
    /// The message of the first error since there were `count` that is more than a word too many.
    QString decisiveSince(qsizetype count) const;

    /// Sorted by place.
    QVector<Mistake> take();

private:
    void add(const YamlNode& at, const char* severity, const char* rule, const QString& value,
             const QString& message);

    QString m_file;
    QVector<Mistake> m_mistakes;
};

}  // namespace tocsin::workspace

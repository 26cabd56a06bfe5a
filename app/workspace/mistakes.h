#pragma once
#include "workspace/workspace.h"
#include "workspace/yamltree.h"

namespace tocsin::workspace {

/// Collects mistakes while a file is read.
class Mistakes {
public:
    explicit Mistakes(QString file) : m_file(std::move(file)) {}

    /// `value` is shown as written, after redaction and cut to one short line.
    void error(const YamlNode& at, const char* rule, const QString& value, const QString& message);
    void warning(const YamlNode& at, const char* rule, const QString& value,
                 const QString& message);
    void add(const QVector<Mistake>& mistakes) { m_mistakes += mistakes; }

    /// Sorted by place.
    QVector<Mistake> take();

private:
    void add(const YamlNode& at, const char* severity, const char* rule, const QString& value,
             const QString& message);

    QString m_file;
    QVector<Mistake> m_mistakes;
};

}  // namespace tocsin::workspace

#pragma once
#include <QJsonDocument>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTemporaryDir>

namespace tocsin::test {

/// What one run of the real binary gave.
struct Outcome {
    int status = -1;
    QByteArray out;
    QString err;

    QJsonDocument json() const { return QJsonDocument::fromJson(out); }
    QString text() const { return QString::fromUtf8(out); }
};

/// Runs $TOCSIN_BINARY on a workspace in a temporary folder. The event loop runs meanwhile, so that
/// servers in this process can answer.
class Tool {
public:
    Tool();

    void write(const QString& name, const QByteArray& content) const;
    void setWorkspace(const QByteArray& yaml) const { write(QStringLiteral("tocsin.yaml"), yaml); }
    QString path(const QString& name) const { return m_folder.filePath(name); }

    Outcome run(const QStringList& args, const QByteArray& input = {}) const;

    QProcessEnvironment environment;

private:
    QTemporaryDir m_folder;
};

}  // namespace tocsin::test

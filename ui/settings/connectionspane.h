#pragma once
#include <QPointer>
#include <QWidget>
#include <optional>

#include "console/console.h"
#include "ui/settings/connectionsparts.h"
#include "ui/theme/theme.h"
#include "workspace/entrycheck.h"

namespace tocsin::ui {

class EntryForm;

/// Makes or changes one connection of the workspace: a form instead of a line in tocsin.yaml, which
/// it shows and writes. It can be tried before it is kept. GUI thread.
class ConnectionsPane : public QWidget {
    Q_OBJECT
public:
    /// `theme` and `console` outlive it.
    ConnectionsPane(theme::Theme& theme, console::Console& console, QWidget* parent = nullptr);

    /// An empty form; `kind` is a plugin's type, "postgres".
    void create(const QString& kind);
    /// The connection of that name as the file has it.
    void change(const QString& name);

signals:
    /// It is in tocsin.yaml and can be used.
    void saved(const QString& name, const QString& kind);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void wire();
    void fill(const QString& kind, const QMap<QString, QString>& texts);
    void check();
    void checked(const workspace::CheckedEntry& result);
    bool isUsable();
    void test();
    void endTest();
    void showElapsed();
    void tellIdentity(const Result<ServerIdentity>& identity);
    void save();
    void saveEnded(const Result<QString>& name);
    void setSaving(bool saving);
    void dropForm();
    void close();
    void say(const QString& sentence, const QString& role);
    QString willBeWritten() const;
    QMap<QString, Secret> typedByEntry() const;

    theme::Theme& m_theme;
    console::Console& m_console;
    QString m_name;  // of the one that is changed; empty: a new one
    QPointer<EntryForm> m_form;
    workspace::CheckedEntry m_checked;
    int m_lastCheck = 0;  // answers to older ones are dropped
    int m_trial = 0;      // likewise
    bool m_isChecking = false;
    std::optional<QDateTime> m_triedAt;
    bool m_isSaving = false;
    enum class Wanted { Nothing, Test, Save } m_wanted = Wanted::Nothing;  // when it is checked
    ConnectionsParts m_parts;
};

}  // namespace tocsin::ui

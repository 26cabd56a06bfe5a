#pragma once
#include <QAbstractButton>
#include <QTest>
#include <QWidget>
#include <memory>

#include "console/console.h"
#include "drill/drill.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

namespace tocsin::test {

/// A drill with the real console and the real window on it, driven as a person would: by what is
/// on the screen, found by its object name. Every step waits for what must appear and says in a
/// sentence what did not.
class Stage : public QObject {
    Q_OBJECT
public:
    explicit Stage(theme::Mode mode);
    ~Stage() override;

    /// Each returns the reason why not, or an empty text.
    QString startDrill(const QString& scenario);
    QString openConsole();
    void closeConsole();
    QString stopDrill();

    QString waitForAlert(const QString& key);
    QString waitUntilClear(const QString& key);
    QString selectAlert(const QString& key);
    QString runBlock(int section, int step, int block);
    /// Clicks the pid of the session that is idle in a transaction; its pid in `pid`.
    QString pickBlocker(QString* pid);
    QString declare(const QString& priority);
    QString endBlocker();
    QString resolve(const QString& whatFixedIt);
    QString exportPostMortem(const QString& path);

    drill::Drill& drill() { return m_drill; }
    console::Console& console() { return *m_console; }
    ui::MainWindow& window() { return *m_window; }
    theme::Theme& theme() { return m_theme; }
    const QString& workspaceFolder() const { return m_workspace; }
    const QString& dataFolder() const { return m_data; }

    /// A visible widget of that name, or null.
    template <typename T = QWidget>
    T* find(const QString& name) const {
        for (T* each : m_window->findChildren<T*>(name))
            if (each->isVisible()) return each;
        return nullptr;
    }
    QString click(const QString& button);
    QString type(const QString& field, const QString& text);

private:
    theme::Theme m_theme;
    SystemClock m_clock;
    drill::Drill m_drill;
    QString m_workspace, m_data;
    std::shared_ptr<console::Console> m_console;
    std::unique_ptr<ui::MainWindow> m_window;
};

}  // namespace tocsin::test

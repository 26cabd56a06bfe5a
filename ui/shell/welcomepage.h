#pragma once
#include <QWidget>

class QBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tocsin::ui {

/// What a new user sees: open a workspace, make one by answering three questions, or start a drill.
class WelcomePage : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(QWidget* parent = nullptr);

signals:
    /// A folder that holds tocsin.yaml.
    void workspaceChosen(const QString& folder);
    void drillRequested(const QString& scenario);
    /// Go on with the bundled runbooks only.
    void skipped();

private:
    QWidget* buildOpen();
    QWidget* buildMake();
    QWidget* buildDrill();
    QLineEdit* field(QBoxLayout* into, const QString& name, const QString& question,
                     const QString& proposal);
    void openWorkspace();
    void makeWorkspace();

    QLineEdit *m_name, *m_folder, *m_alertmanager;
    QLabel* m_error;
    QPushButton* m_make;
};

}  // namespace tocsin::ui

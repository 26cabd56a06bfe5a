#pragma once
#include <QFrame>
#include <QMap>
#include <QVector>

class QGridLayout;
class QLineEdit;
class QPushButton;

namespace tocsin::ui {

/// Asks, in the pane itself, for what fills the holes of a statement: `[PID_HERE]`, `<pid>`,
/// `{{ pid }}`, `$PID`, the same as in a runbook, and filled in with the same quoting. GUI thread.
class SqlHoles : public QFrame {
    Q_OBJECT
public:
    explicit SqlHoles(QWidget* parent = nullptr);

    /// The names of the holes in `sql`, each once, in order.
    static QStringList holesIn(const QString& sql);
    /// `known` are values by name, as the runbook bound them.
    void ask(const QString& sql, const QMap<QString, QString>& known);

signals:
    void filled(const QString& sql);
    void dismissed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void weigh();
    void accept();

    QString m_sql;
    QVector<QPair<QString, QLineEdit*>> m_values;
    QGridLayout* m_grid;
    QPushButton* m_run;
};

}  // namespace tocsin::ui

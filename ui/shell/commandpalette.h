#pragma once
#include <QFrame>
#include <QPointer>

#include "ui/shell/palettemodel.h"
#include "ui/theme/theme.h"

class QLineEdit;
class QListView;

namespace tocsin::ui {

/// Ctrl+K: type a few letters of an alert, a runbook, a step, a connection or a command, Enter.
/// Lies over the window without hiding it all; Esc or a click elsewhere closes it.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    explicit CommandPalette(theme::Theme& theme, QWidget* window);

    void open(QVector<PaletteItem> items);

signals:
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    void choose(int row);
    void move(int by);
    void leave();

    PaletteModel* m_model;
    QLineEdit* m_field;
    QListView* m_list;
    QPointer<QWidget> m_before;  // had the keyboard
};

}  // namespace tocsin::ui

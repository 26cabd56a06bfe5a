#pragma once
#include <QFrame>

#include "console/console.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace tocsin::ui {

/// What is wrong in the workspace, as one calm line: the rest works. Opened, it lists each mistake
/// with file, line and column, and asks for a missing secret right there. Dismissable.
class ProblemsStrip : public QFrame {
    Q_OBJECT
public:
    explicit ProblemsStrip(console::Console& console, QWidget* parent = nullptr);

    /// Another thing that a person should know, such as a store that was set aside.
    void addNote(const QString& sentence);
    /// The workspace or what was made of it is another one now.
    void renew();

signals:
    /// A secret was stored: what needs it works after the workspace is opened again.
    void reopenRequested();

private:
    void fill();
    void refreshCaption();
    void addLine(const QString& place, const QString& sentence, const QString& role);
    void addSecretForm(const QString& entryName);
    /// The keychain entries that the named part of the workspace refers to.
    QStringList keychainNames(const console::Problem& problem) const;
    void store(const QString& entryName, QWidget* form);

    console::Console& m_console;
    QLabel* m_caption;
    QPushButton* m_show;
    QScrollArea* m_area;
    QVBoxLayout* m_lines;
    QStringList m_asked;
    QStringList m_notes;
    int m_mistakes = 0, m_parts = 0;
};

}  // namespace tocsin::ui

#pragma once
#include <QHash>
#include <QWidget>

#include "ui/settings/fieldinput.h"
#include "workspace/entrycheck.h"
#include "workspace/plugininfo.h"

class QGridLayout;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace tocsin::ui {

/// The fields of one entry under their headings, as its plugin describes them. The first heading
/// is open, and those in which something is filled in. GUI thread.
class EntryForm : public QWidget {
    Q_OBJECT
public:
    /// `texts` is the entry as the file has it; empty for a new one. Objects are called
    /// `prefix`_FIELD.
    EntryForm(theme::Theme& theme, const workspace::PluginInfo& plugin, const QString& prefix,
              const QMap<QString, QString>& texts, QWidget* parent = nullptr);

    /// Every field in the plugin's order, name and kind first: what the file says, what it is to
    /// say.
    QVector<workspace::KeyChange> values() const;
    /// Those that differ.
    QVector<workspace::KeyChange> changes() const;
    /// By field: what was typed for the keyring.
    QMap<QString, Secret> typed() const;
    QString text(const QString& field) const;
    void setText(const QString& field, const QString& text);
    /// An address is often pasted with its password: moves that to where it is typed for the
    /// keyring. Happens by itself when a field is left.
    void movePassword();
    /// Marks the fields that are to blame and unmarks the others.
    void mark(const QVector<workspace::EntryProblem>& problems);
    void focusField(const QString& field);

signals:
    void changed();
    /// The keyboard went into another field; what that field is for.
    void helpChanged(const QString& help);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Group {
        QGridLayout* grid = nullptr;
        QToolButton* heading = nullptr;  // null: it is always open
    };
    struct Row {
        Field field;
        FieldInput* input = nullptr;
        QToolButton* heading = nullptr;  // of its group
    };
    void addRow(const Field& field);
    Group groupNamed(const QString& name);
    void follow();
    const Row* row(const QString& field) const;

    theme::Theme& m_theme;
    QString m_kind, m_prefix;
    QMap<QString, QString> m_texts;
    QVector<Row> m_rows;
    QHash<QString, Group> m_groups;
    QVBoxLayout* m_column;
    QScrollArea* m_area;
};

}  // namespace tocsin::ui

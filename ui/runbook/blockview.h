#pragma once
#include <QFrame>
#include <optional>

#include "runbooks/run.h"
#include "sdk/queryengine.h"
#include "ui/theme/theme.h"

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tocsin::ui {

/// Where a block would run: the connection's name, and whether it is production.
struct BlockPlace {
    QString name;  ///< empty: the workspace has no connection of this kind
    bool isProduction = true;
    QString missing = {};  ///< what the block names, where no connection is that
};

/// Where a block stands in the runbook, each from 0; makes the object names unique.
struct BlockIndex {
    int section = 0, step = 0, block = 0;
    QString suffix() const { return QStringLiteral("_%1_%2_%3").arg(section).arg(step).arg(block); }
};

/// One runnable piece of a step: its caption, the code with its holes, a field for each hole that
/// no block above has (`fieldsElsewhere`), and the buttons that fit its kind. The row of buttons
/// keeps its height whatever the verdict says.
class BlockView : public QFrame {
    Q_OBJECT
public:
    BlockView(theme::Theme& theme, runbooks::Run& run, const runbooks::Block& block,
              const BlockIndex& index, const BlockPlace& place, const QStringList& fieldsElsewhere,
              QWidget* parent = nullptr);

    const runbooks::Block& block() const { return m_block; }
    /// Whether Run, Look or Request may be pressed now.
    bool canRun() const;
    /// Whether running it would change something, as far as is known.
    bool changes() const;
    /// What the keyboard's "run" does: run, rehearse, or go to the hole that is still empty.
    void activate();
    /// The field of a hole; null when this block has none of that name.
    QLineEdit* field(const QString& name) const;
    QString focusedHole() const;

    void setPlace(const BlockPlace& place);
    void setVerdict(const tocsin::Verdict& verdict);
    /// The text that the guard is asked about: holes without a value stand for 1.
    QString textToJudge() const;

public slots:
    void refresh();

signals:
    void runRequested(const QString& text);
    void editRequested(const QString& text);
    void textChanged();
    /// A hole whose field another block of the card has.
    void fieldWanted(const QString& hole);

private:
    void addCaption();
    void addCode();
    void addFields(QHBoxLayout* row, const QStringList& fieldsElsewhere);
    void focusField(const QString& hole);
    void addButtons(QHBoxLayout* row);
    QPushButton* button(const QString& name, const QString& text, const QString& hint);
    void showNote();
    void copy();
    void follow(const QString& link);
    bool isStatusPage() const;
    bool sendsData() const;

    theme::Theme& m_theme;
    runbooks::Run& m_run;
    const runbooks::Block m_block;
    const BlockIndex m_index;
    BlockPlace m_place;
    std::optional<tocsin::Verdict> m_verdict;
    QString m_lastText;
    QLabel* m_code = nullptr;
    QLabel* m_note = nullptr;
    QPushButton* m_runButton = nullptr;
    QPushButton* m_editButton = nullptr;
    QMap<QString, QLineEdit*> m_fields;
};

}  // namespace tocsin::ui

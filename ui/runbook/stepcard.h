#pragma once
#include <QVector>
#include <functional>

#include "ui/runbook/blockview.h"
#include "ui/theme/card.h"

class QCheckBox;
class QVBoxLayout;

namespace tocsin::ui {

/// Where a block would run.
using BlockPlaces = std::function<BlockPlace(const runbooks::Block&)>;

/// One step: a line with its box, title and what it came to; opened, its text and blocks. The body
/// is made when the card is opened for the first time.
class StepCard : public theme::Card {
    Q_OBJECT
public:
    StepCard(theme::Theme& theme, runbooks::Run& run, int section, int step,
             QWidget* parent = nullptr);

    int section() const { return m_section; }
    int step() const { return m_index; }
    bool isOpen() const { return m_isOpen; }
    void setOpen(bool open);
    void setPlaces(const BlockPlaces& places);
    /// Shows the step's progress as the run has it.
    void refresh();

    const QVector<BlockView*>& blocks() const { return m_blocks; }
    /// Runs the block the keyboard is in, else the first that was not run yet.
    void activate();
    void toggleDone();

signals:
    void opened();
    void ticked(bool done);
    void runRequested(int block, const QString& text);
    void editRequested(int block, const QString& text);
    void verdictWanted(int block, const QString& text);
    void moveRequested(int by);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    const runbooks::Step& stepOf() const;
    void addHeader();
    void addBody();
    void addBlock(int index);
    QString targetText() const;
    BlockPlace placeOf(const runbooks::Block& block) const;

    theme::Theme& m_theme;
    runbooks::Run& m_run;
    const int m_section, m_index;
    BlockPlaces m_places;
    QVector<BlockView*> m_blocks;
    QSet<int> m_wasRun;
    bool m_isOpen = false;
    QVBoxLayout* m_layout = nullptr;
    QWidget* m_body = nullptr;
    QCheckBox* m_check = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_outcome = nullptr;
};

}  // namespace tocsin::ui

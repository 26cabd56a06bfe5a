#pragma once
#include <QWidget>
#include <functional>
#include <memory>

#include "runbooks/run.h"
#include "sdk/queryengine.h"
#include "ui/theme/theme.h"

class QVBoxLayout;

namespace tocsin::theme {
class SectionLabel;
}

namespace tocsin::ui {

struct BlockPlace;
class StepCard;

/// One walk through one runbook, from its title to its last section: a card a step, of which one
/// is open. Another walk is another page. Numbers as in RunbookPane. GUI thread.
class RunbookPage : public QWidget {
    Q_OBJECT
public:
    /// Where a block would run.
    using Places = std::function<BlockPlace(const runbooks::Block&)>;

    RunbookPage(theme::Theme& theme, std::shared_ptr<runbooks::Run> run, const Places& places,
                QWidget* parent = nullptr);
    ~RunbookPage() override;

    /// Opens the first step; asks for verdicts, so connect verdictWanted() before.
    void openFirst();
    void setPlaces(const Places& places);
    void setVerdict(int section, int step, int block, const Verdict& verdict);
    /// Null when there is no such step.
    StepCard* card(int section, int step) const;
    /// The card the keyboard is in, else the open one; null when there is neither.
    StepCard* currentCard() const;
    /// Where a value from a column of that name belongs: the focused hole, else the one named
    /// like it, else the first without a value in the current card; empty when there is none.
    QString holeFor(const QString& column) const;
    /// Shows the step's progress as the run has it, and what it makes of its section's count.
    void refresh(int section, int step);

signals:
    void runRequested(const tocsin::runbooks::Block& block, const QString& text, int section,
                      int step);
    void editRequested(const tocsin::runbooks::Block& block, const QString& text, int section,
                       int step);
    void verdictWanted(const tocsin::runbooks::Block& block, const QString& text, int section,
                       int step, int blockIndex);
    void ticked(int section, int step, bool done);
    /// The keyboard asks for the card before or after the one it is in.
    void stepWanted(int section, int step);

private:
    struct Heading {
        int section = 0;
        theme::SectionLabel* label = nullptr;
    };

    void addTitle();
    void addSection(int index);
    void addFolded(const runbooks::Section& section, int index);
    void addCard(int section, int step);
    void connectCard(StepCard* made);
    void updateHeadings();
    void move(const StepCard* from, int by);
    void openOnly(const StepCard* opened);

    theme::Theme& m_theme;
    std::shared_ptr<runbooks::Run> m_run;  // the cards refer to it
    QVBoxLayout* m_layout = nullptr;
    QVector<StepCard*> m_cards;
    QVector<Heading> m_headings;
};

}  // namespace tocsin::ui

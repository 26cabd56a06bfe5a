#pragma once
#include <QWidget>

#include "incidents/capturer.h"
#include "ui/incident/currentincident.h"
#include "ui/theme/theme.h"

class QImage;
class QLabel;
class QLineEdit;
class QListView;
class QMimeData;
class QPushButton;
class QVBoxLayout;

namespace tocsin::ui {

class EvidenceView;
class InlineForm;
class PinsPanel;
class TimelineFilterBar;
class TimelineModel;

/// What happened and who did it, newest first; a note is one key (N) and one line away, a file or a
/// picture is kept by dropping it here. Enter on a line shows the evidence that was kept with it,
/// C sets it right.
class TimelinePane : public QWidget {
    Q_OBJECT
public:
    TimelinePane(theme::Theme& theme, CurrentIncident& current, incidents::Journal& journal,
                 const QString& person, QWidget* parent = nullptr);

    TimelineModel& model() { return *m_model; }
    void focusNote();
    void focusSearch();
    /// Lets statements be pinned; without it there is no such button. Not owned, outlives this.
    void setCapturer(incidents::Capturer& capturer);
    void pin(const incidents::Event& event);
    void togglePins();

signals:
    /// There is more to see than a line.
    void evidenceOpened();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildHeader();
    void buildList(theme::Theme& theme);
    void buildEvidence(theme::Theme& theme);
    void connectSources();
    void reload();
    void read();
    void fetch(const QVector<qint64>& seqs);
    void refreshCaption();
    void complain(const QString& sentence);
    void writeNote();
    void openEvidence(const QModelIndex& index);
    void showEvidence(const incidents::Event& event);
    void askCorrection(qint64 seq, const QString& text);
    void writeCorrection();
    void keep(const QMimeData& dropped);
    void record(const Result<incidents::KeptFile>& kept);
    void saveCopy(const incidents::KeptFile& file);

    CurrentIncident& m_current;
    incidents::Journal& m_journal;
    QString m_person;
    incidents::Capturer* m_capturer = nullptr;
    PinsPanel* m_pinsPanel = nullptr;
    TimelineModel* m_model;
    QVBoxLayout* m_column;
    QLabel* m_caption;
    TimelineFilterBar* m_filters;
    QLineEdit* m_note;
    QPushButton* m_pins;
    QListView* m_list;
    EvidenceView* m_evidence;
    InlineForm* m_correction;
    QLineEdit* m_right;
    qint64 m_correcting = 0;
    QLabel* m_error;
    bool m_reading = false, m_readAgain = false;
};

}  // namespace tocsin::ui

#pragma once
#include <QFrame>

#include "incidents/evidencefiles.h"
#include "incidents/incident.h"
#include "ui/theme/theme.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;
class QTableView;

namespace tocsin::ui {

class EvidenceTable;

/// One event with all that was kept of it: when in UTC and here, who, what, the statement, the
/// result or the picture as it is, the receipt; of a pinned answer also what changed since the one
/// before. "As kept" shows the record itself.
class EvidenceView : public QFrame {
    Q_OBJECT
public:
    explicit EvidenceView(theme::Theme& theme, QWidget* parent = nullptr);

    /// `before` is the earlier answer to the same pinned statement, where there is one.
    void show(const incidents::Event& event, const std::optional<incidents::Event>& before = {});
    using QFrame::show;
    /// The content of the file that the shown event keeps.
    void showFile(const Result<QByteArray>& content);
    qint64 seq() const { return m_event.seq; }

signals:
    void closed();
    void correctionRequested(qint64 seq, const QString& text);
    void pinRequested(const tocsin::incidents::Event& event);
    void copyRequested(const tocsin::incidents::KeptFile& file);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildHeader();
    QWidget* buildBody();
    void showStatement();
    void showResult();
    void showReceipt();
    void fitPicture();
    void fitStatement();
    void fitGrid();
    void compare();

    theme::Theme& m_theme;
    incidents::Event m_event;
    std::optional<incidents::Event> m_before;
    QPixmap m_picture;
    EvidenceTable* m_table;
    QScrollArea* m_scroll = nullptr;
    QTableView* m_grid;
    QLabel *m_when, *m_what, *m_difference, *m_receipt, *m_image;
    QPlainTextEdit *m_statement, *m_text;
    QPushButton *m_raw, *m_whole, *m_pin, *m_copy;
};

}  // namespace tocsin::ui

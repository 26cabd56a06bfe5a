#pragma once
#include <QWidget>
#include <functional>

#include "incidents/postmortem.h"
#include "ui/incident/currentincident.h"

class QLabel;
class QPushButton;
class QTextBrowser;

namespace tocsin::ui {

/// Renders the post-mortem of an incident for a screen: HTML, and its drawing as a PNG.
using PostMortemPreview =
    std::function<QFuture<Result<incidents::Exported>>(const QString& incident)>;

/// The post-mortem of the incident in front as it stands, as it will look on paper. Reads while it
/// is seen, and again when the incident changes. GUI thread.
class PostMortemPane : public QWidget {
    Q_OBJECT
public:
    PostMortemPane(CurrentIncident& current, PostMortemPreview preview, QWidget* parent = nullptr);

signals:
    void exportRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void read();
    void showSheet(const incidents::Exported& sheet);

    CurrentIncident& m_current;
    PostMortemPreview m_preview;
    QLabel* m_caption;
    QPushButton* m_export;
    QTextBrowser* m_text;
    QString m_shown;  // of which incident
    bool m_reading = false, m_again = false;
};

}  // namespace tocsin::ui

#pragma once
#include <QPointer>
#include <QWidget>

#include "inspection/queues.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTreeWidget;

namespace tocsin::inspection {
class Connection;
}

namespace tocsin::ui {

/// One queue: the three signs in words, its jobs by state, its failures by reason. A job's data
/// stays on the server until somebody asks to see it. GUI thread.
class QueueDetails : public QWidget {
    Q_OBJECT
public:
    explicit QueueDetails(theme::Theme& theme, QWidget* parent = nullptr);

    void setQueue(inspection::Connection* connection, const inspection::Queue& queue);
    void clear();
    /// The signs are of the last look that was answered, not of now.
    void setStale(bool stale);

signals:
    void valuePicked(const QString& value, const QString& origin);

private:
    void build();
    void showSigns();
    void loadJobs();
    void askForJobs();
    void say(const QString& what);
    void readJobs(const QByteArrayList& ids);
    void fill(const QVector<inspection::QueueJob>& jobs);
    void fillGroups(const QVector<inspection::QueueJob>& failed);
    void showData();
    QByteArray chosenJob() const;

    theme::Theme& m_theme;
    QPointer<inspection::Connection> m_connection;
    inspection::Queue m_queue;
    QLabel* m_signs;
    QComboBox* m_state;
    QPushButton* m_data;
    QLabel* m_said;
    QTreeWidget* m_jobs;
    QPlainTextEdit* m_text;
    QDateTime m_listedAt;  ///< when the jobs that are listed were so
    quint64 m_round = 0;
    bool m_isStale = false;
};

}  // namespace tocsin::ui

#pragma once
#include <QWidget>

#include "ui/incident/postrendering.h"

class QLabel;
class QPushButton;
class QTextBrowser;

namespace tocsin::ui {

/// Characters Discord takes as the text of one post; what is longer leaves as several.
inline constexpr qsizetype kPostLimit = 2000;

/// What a message will look like over there: each post it is cut into, mentions as names, cards,
/// files, how much of the limit it takes; or the bare bodies.
class PostPreview : public QWidget {
    Q_OBJECT
public:
    /// `name` begins the object names of its parts.
    explicit PostPreview(theme::Theme& theme, const QString& name, QWidget* parent = nullptr);

    /// Ids of roles and people → names.
    void setNames(const QMap<QString, QString>& names);
    /// One body per post, in order.
    void show(const QVector<QByteArray>& bodies, const QDateTime& now);
    /// Instead of a preview.
    void showProblem(const QString& sentence);

private:
    void render();

    theme::Theme& m_theme;
    QMap<QString, QString> m_names;
    QVector<QByteArray> m_bodies;
    QDateTime m_now;
    QLabel* m_caption;
    QPushButton* m_raw;
    QTextBrowser* m_text;
};

}  // namespace tocsin::ui

#pragma once
#include <QTabWidget>
#include <vector>

#include "ui/theme/theme.h"

class QToolButton;

namespace tocsin::ui {

/// The panes on the right, as tabs that can be torn off into windows of their own and come back
/// when those are closed. Panes are known by their objectName.
class PaneTabs : public QTabWidget {
    Q_OBJECT
public:
    explicit PaneTabs(QWidget* parent = nullptr);
    ~PaneTabs() override;

    void addPane(QWidget* pane, const QString& title);
    QWidget* pane(int place) const { return m_panes[size_t(place)].widget; }
    int paneCount() const { return int(m_panes.size()); }
    QString titleOf(int place) const { return m_panes[size_t(place)].title; }
    /// Brings a pane to the eye, wherever it is.
    void reveal(QWidget* pane);
    /// Takes a pane's tab away until it is revealed again.
    void conceal(QWidget* pane);
    /// A number after the title ("Status 1"); empty takes it away.
    void setCount(QWidget* pane, const QString& count);

    void detach(QWidget* pane);
    void attach(QWidget* pane);
    bool isDetached(QWidget* pane) const;
    QStringList detachedPanes() const;
    void detachNamed(const QStringList& names);

signals:
    void arrangementChanged();

private:
    struct Pane {
        QWidget* widget;
        QString title;
        QString count;
        QWidget* window = nullptr;  // while torn off
    };
    Pane* find(const QWidget* pane);
    const Pane* find(const QWidget* pane) const;
    QString caption(const Pane& pane) const;

    std::vector<Pane> m_panes;
    QToolButton* m_detach;
};

}  // namespace tocsin::ui

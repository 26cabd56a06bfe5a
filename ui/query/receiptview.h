#pragma once
#include <QScrollArea>
#include <optional>

#include "sdk/queryengine.h"
#include "ui/theme/theme.h"

class QFormLayout;
class QPushButton;

namespace tocsin::ui {

/// What a query was allowed to do, and did: who, where, each guard the server confirmed, the
/// verdict, rows, bytes, times and the sum over every cell. Engines of every kind. GUI thread.
class ReceiptView : public QScrollArea {
    Q_OBJECT
public:
    explicit ReceiptView(theme::Theme& theme, QWidget* parent = nullptr);

    void show(const Receipt& receipt);
    using QScrollArea::show;
    /// Says why there is no receipt of the last run, which is not that of the run before.
    void showNone(const QString& why);
    /// As the timeline keeps it.
    QString json() const;

private:
    void add(const QString& label, const QString& text,
             const QString& role = QStringLiteral("mono"));
    void fill(const Receipt& receipt);

    theme::Theme& m_theme;
    QWidget* m_page;
    QFormLayout* m_form;
    QPushButton* m_copy;
    std::optional<Receipt> m_receipt;
};

}  // namespace tocsin::ui

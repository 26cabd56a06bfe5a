#pragma once
#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>

#include "ui/theme/badge.h"
#include "ui/theme/labels.h"

namespace tocsin::ui {

/// The widgets around the form of a connection and where they stand; what they do is in
/// connectionspane.cpp. They belong to the pane.
struct ConnectionsParts {
    theme::EnvironmentBadge* badge = nullptr;
    QLabel* title = nullptr;
    QComboBox* kinds = nullptr;
    QVBoxLayout* place = nullptr;  ///< of the form
    QLabel* help = nullptr;
    theme::ElidedLabel* preview = nullptr;
    QLabel* message = nullptr;
    QPushButton *test = nullptr, *save = nullptr, *close = nullptr;

    void build(QWidget* pane);

private:
    QWidget* buildHeader();
    QWidget* buildFoot();
};

}  // namespace tocsin::ui

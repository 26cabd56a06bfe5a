// The app layer's headers plus the widgets nearly every pane needs.
#pragma once
#include "pch_app.h"

#include <QAbstractItemModel>
#include <QApplication>
#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QWidget>

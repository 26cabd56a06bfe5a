#pragma once
#include <QVector>

class QWidget;

namespace tocsin::ui {

/// F6: moves the keyboard into the next of `regions` that is visible and can take it; backwards
/// with `by` -1. The regions are in reading order.
void focusNextRegion(const QVector<QWidget*>& regions, int by = 1);
/// Gives the keyboard to the first widget inside that takes it by Tab. → whether there was one.
bool focusInto(QWidget* region);

}  // namespace tocsin::ui

// What nearly every test needs: both layers' headers and Qt's own test library.
#pragma once
#include "pch_ui.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

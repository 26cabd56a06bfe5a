#pragma once
#include <QString>

#include "inspection/keyreading.h"
#include "inspection/keysieve.h"

namespace tocsin::ui {

/// "12 345"; "?" for what the server did not tell.
QString countText(qint64 count);
/// "1.4 kB", as everywhere in the panes.
QString memoryText(qint64 bytes);
/// "never", "in 4 m": a key's PTTL.
QString expiryText(qint64 milliseconds);
/// "hash · listpack · 12 fields · 320 bytes in memory · never expires".
QString factsText(const inspection::KeyFacts& facts);

/// " · 1 200 asked for their expiry, 30 for their size · longest turn 0.4 ms"; nothing where no
/// filter asks.
QString sieveText(const inspection::KeyFilter& filter, const inspection::SieveCost& cost);

}  // namespace tocsin::ui

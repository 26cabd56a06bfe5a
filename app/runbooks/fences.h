#pragma once
#include "runbooks/outline.h"
#include "runbooks/runbook.h"

namespace tocsin::runbooks {

/// What a fence holds. When it is not runnable, both lists are empty and the fence stays prose.
struct FenceContent {
    QVector<Block> blocks;
    QStringList prose;  ///< comment lines that caption nothing, as Markdown; "" between groups
    bool isRunnable = false;
};

/// Reads a fence after its language. Pure.
FenceContent readFence(const Element& fence);

/// Runnable inline code and links of a paragraph.
QVector<Block> blocksOfParagraph(const Element& paragraph);

}  // namespace tocsin::runbooks

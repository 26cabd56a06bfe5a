#include "workspace/postmortemtext.h"

using namespace Qt::StringLiterals;

namespace tocsin::workspace {

QStringList postMortemWords() {
    return {u"incident"_s,
            u"title"_s,
            u"severity"_s,
            u"commander"_s,
            u"channel"_s,
            u"declared"_s,
            u"acknowledged"_s,
            u"resolved"_s,
            u"time_to_acknowledge"_s,
            u"time_to_resolve"_s,
            u"fix"_s,
            u"runbook"_s,
            u"keys"_s,
            u"workspace"_s};
}

QStringList postMortemParts() {
    return {u"summary"_s, u"figures"_s,  u"impact"_s, u"team"_s,   u"drawing"_s, u"timeline"_s,
            u"runs"_s,    u"messages"_s, u"tasks"_s,  u"points"_s, u"lessons"_s};
}

QString standardPostMortem() {
    return uR"(# {{incident}} · {{severity}} · {{title}}

## Summary

{{summary}}
{{figures}}
{{team}}

## Impact

{{impact}}

## Timeline

{{drawing}}
{{timeline}}

## What was run

{{runs}}

## Who was told when

{{messages}}

## Open tasks

{{tasks}}

## Open points

{{points}}

## Five whys

1. Why did users notice?
2. Why did that happen?
3. Why was that possible?
4. Why was it not caught earlier?
5. Why did nothing prevent it?

## Runbook improvements noticed

{{lessons}}

## What we change

| Change | Owner | By |
| --- | --- | --- |
| | | |
)"_s;
}

}  // namespace tocsin::workspace

#include "cli/runbookjson.h"

namespace tocsin::cli {
namespace {

QJsonObject blockJson(const runbooks::Block& block) {
    QJsonArray placeholders;
    for (const runbooks::Placeholder& placeholder : block.placeholders)
        if (!placeholders.contains(placeholder.name)) placeholders.append(placeholder.name);
    return {{QStringLiteral("kind"), toString(block.kind)},
            {QStringLiteral("text"), block.text},
            {QStringLiteral("line"), block.line},
            {QStringLiteral("placeholders"), placeholders},
            {QStringLiteral("source"), block.source},
            {QStringLiteral("target"), block.target},
            {QStringLiteral("caption"), block.caption}};
}

QJsonObject stepJson(const runbooks::Step& step) {
    QJsonArray blocks;
    for (const runbooks::Block& block : step.blocks)
        blocks.append(blockJson(block));
    return {{QStringLiteral("number"), step.number},
            {QStringLiteral("title"), step.title},
            {QStringLiteral("prose"), step.prose},
            {QStringLiteral("line"), step.line},
            {QStringLiteral("blocks"), blocks}};
}

QJsonObject sectionJson(const runbooks::Section& section) {
    QJsonArray steps;
    for (const runbooks::Step& step : section.steps)
        steps.append(stepJson(step));
    return {{QStringLiteral("kind"), toString(section.kind)},
            {QStringLiteral("title"), section.title},
            {QStringLiteral("prose"), section.prose},
            {QStringLiteral("line"), section.line},
            {QStringLiteral("steps"), steps}};
}

}  // namespace

QJsonArray listJson(const QVector<runbooks::Runbook>& runbooks) {
    QJsonArray list;
    for (const runbooks::Runbook& runbook : runbooks)
        list.append(QJsonObject{{QStringLiteral("name"), runbook.name},
                                {QStringLiteral("title"), runbook.title},
                                {QStringLiteral("keys"), QJsonArray::fromStringList(runbook.keys)},
                                {QStringLiteral("file"), runbook.file},
                                {QStringLiteral("line"), runbook.line}});
    return list;
}

QJsonObject runbookJson(const runbooks::Runbook& runbook) {
    QJsonArray sections;
    for (const runbooks::Section& section : runbook.sections)
        sections.append(sectionJson(section));
    return {{QStringLiteral("name"), runbook.name},
            {QStringLiteral("title"), runbook.title},
            {QStringLiteral("keys"), QJsonArray::fromStringList(runbook.keys)},
            {QStringLiteral("file"), runbook.file},
            {QStringLiteral("line"), runbook.line},
            {QStringLiteral("prose"), runbook.prose},
            {QStringLiteral("sections"), sections}};
}

}  // namespace tocsin::cli

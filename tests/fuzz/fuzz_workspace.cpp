// Feeds any bytes to the reader of tocsin.yaml and to what changes one entry of it. Nothing may
// crash, and no secret may come back.
#include "workspace/entryedit.h"
#include "workspace/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace tocsin;
    static const QVector<workspace::PluginInfo> plugins{
        {QStringLiteral("source"),
         QStringLiteral("metrics"),
         {},
         {},
         {{QStringLiteral("url"), {}, {}, FieldKind::Url, true, {}, {}},
          {QStringLiteral("every"), {}, {}, FieldKind::Duration, false, {}, {}},
          {QStringLiteral("labels"), {}, {}, FieldKind::TextMap, false, {}, {}},
          {QStringLiteral("list"), {}, {}, FieldKind::TextList, false, {}, {}}},
         {}},
        {QStringLiteral("engine"),
         QStringLiteral("redis"),
         {},
         {},
         {{QStringLiteral("url"), {}, {}, FieldKind::Url, true, {}, {}},
          {QStringLiteral("rows"), {}, {}, FieldKind::Number, false, {}, {}},
          {QStringLiteral("tls"), {}, {}, FieldKind::Boolean, false, {}, {}},
          {QStringLiteral("password"), {}, {}, FieldKind::Secret, false, {}, {}}},
         {}},
        {QStringLiteral("notifier"),
         QStringLiteral("discord"),
         {},
         {},
         {{QStringLiteral("webhook"), {}, {}, FieldKind::Secret, true, {}, {}},
          {QStringLiteral("mentions"), {}, {}, FieldKind::TextMap, false, {}, {}}},
         {}},
    };
    const QByteArray text(reinterpret_cast<const char*>(data), qsizetype(size));
    const workspace::Workspace read =
        workspace::parseWorkspace(text, QStringLiteral("/nonexistent"), plugins);
    for (const workspace::Mistake& mistake : read.mistakes)
        if (mistake.message.isEmpty() || mistake.rule.isEmpty()) __builtin_trap();
    for (const workspace::EntryEdit& edit :
         {workspace::EntryEdit{QStringLiteral("connections"),
                               {},
                               {{QStringLiteral("name"), {}, QStringLiteral("x")}}},
          workspace::EntryEdit{QStringLiteral("connections"),
                               QStringLiteral("cache"),
                               {{QStringLiteral("rows"), {}, QStringLiteral("a: b")}}}})
        (void)workspace::edited(text, edit);
    return 0;
}

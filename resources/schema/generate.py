#!/usr/bin/env python3
"""Writes tocsin.schema.json from the plugin.json files. Run it after changing one of them."""
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
PLUGINS = sorted((HERE.parent.parent / "plugins").glob("*/*/plugin.json"))

SWITCH = {"enum": [True, False, "yes", "no", "on", "off"]}
KINDS = {
    "text": {"type": ["string", "number", "boolean"]},
    "url": {"type": "string"},
    "secret": {"$ref": "#/$defs/secret"},
    "duration": {"$ref": "#/$defs/duration"},
    "number": {"type": "number"},
    "boolean": {"$ref": "#/$defs/switch"},
    "text-map": {"$ref": "#/$defs/textMap"},
    "text-list": {"$ref": "#/$defs/textList"},
}
ENVIRONMENT = {
    "environment": {
        "type": "string",
        "default": "production",
        "description": "production (also prod and live) is guarded hardest; what is not named is production.",
    }
}


def closed(properties, **more):
    return {"type": "object", "additionalProperties": False, "properties": properties, **more}


def described(text, schema):
    return {"description": text, **schema}


def field(settings):
    schema = {"enum": settings["choices"]} if settings["kind"] == "choice" else dict(KINDS[settings["kind"]])
    if "schemes" in settings:
        schema["pattern"] = "^(" + "|".join(settings["schemes"]) + ")://"
    if "pattern" in settings:
        form = "^(" + settings["pattern"] + ")$"
        if settings["kind"] == "text-map":
            schema = {"type": "object", "additionalProperties": {"type": ["string", "number"], "pattern": form}}
        else:
            schema["pattern"] = form
    texts = [settings[key].rstrip(".") for key in ("label", "help") if settings.get(key)]
    if texts:
        schema["description"] = ". ".join(texts) + "."
    if "default" in settings:
        schema["default"] = settings["default"]
    return schema


def entry(plugin, common):
    properties = {
        "name": {"type": "string", "pattern": "^[^/]+$", "description": "What the console calls it."},
        "kind": {"const": plugin["type"]},
        **common,
    }
    for settings in plugin["fields"]:
        properties.setdefault(settings["name"], field(settings))
    required = ["name", "kind"] + [f["name"] for f in plugin["fields"] if f.get("required")]
    more = {}
    if plugin.get("alternatives"):
        more["oneOf"] = [{"required": group} for group in plugin["alternatives"]]
    return closed(
        properties, title=plugin["title"], description=plugin.get("description", ""), required=required, **more
    )


def section(category, text, common=None):
    plugins = [json.loads(path.read_text()) for path in PLUGINS]
    chosen = [plugin for plugin in plugins if plugin["category"] == category]
    items = {
        "type": "object",
        "properties": {"kind": {"enum": [plugin["type"] for plugin in chosen]}},
        "oneOf": [entry(plugin, common or {}) for plugin in chosen],
    }
    return described(text, {"type": "array", "items": items})


def rules():
    rule = closed(
        {
            "key": {"type": "string", "description": "The alert it raises; runbooks are named after it."},
            "metric": {"type": "string", "description": "The number it looks at; the key when absent."},
            "warning": {"$ref": "#/$defs/threshold"},
            "critical": {"$ref": "#/$defs/threshold"},
            "over": described("How long the condition must hold.", KINDS["duration"]),
        },
        required=["key"],
        anyOf=[{"required": ["warning"]}, {"required": ["critical"]}],
    )
    return described("Thresholds on the metrics sources.", {"type": "array", "items": rule})


def escalation():
    clock_time = {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$"}
    quiet = closed(
        {
            "from": described("Local time of day, such as 22:00.", clock_time),
            "to": described("Local time of day; before “from”: the next morning.", clock_time),
            "zone": {"type": "string", "description": "Time zone, such as Europe/Berlin or UTC."},
            "instead": {
                "description": "What happens when the level comes due then; a number is the level that is paged instead.",
                "oneOf": [{"enum": ["postpone", "skip"]}, {"type": "integer", "minimum": 1}],
            },
            "loud": described(
                "Severities that page at any hour; P1 without this key.",
                {"type": "array", "items": {"enum": ["P1", "P2", "P3", "P4"]}},
            ),
        },
        required=["from", "to", "zone"],
    )
    level = closed(
        {
            "name": {"type": "string"},
            "after": described("From the declaration.", KINDS["duration"]),
            "mention": {"type": "string", "description": "A name from the channel's mentions."},
            "channel": {"type": "string", "description": "Another channel for this level."},
            "repeat": described("Page again at this interval until somebody acknowledges.", KINDS["duration"]),
            "until": {
                "enum": ["acknowledged", "resolved"],
                "description": "What ends its waiting and its repeats; acknowledged without this key.",
            },
            "quiet": described("The hours in which this level rests.", quiet),
        },
        required=["after"],
    )
    start = closed({f"P{n}": {"type": "integer", "minimum": 1} for n in range(1, 5)})
    return closed(
        {
            "channel": {"type": "string", "description": "The name of one of the channels."},
            "levels": {"type": "array", "items": level},
            "start": described("At which level an incident of that severity begins.", start),
            "ack_timeout": described(
                "How long nobody may do anything after an acknowledgement before the ladder goes on.",
                KINDS["duration"],
            ),
        },
        description="Who is called, after how long.",
    )


def feed():
    settings = closed(
        {
            "channel": {"type": "string", "description": "The name of one of the channels."},
            "every": {**KINDS["duration"], "description": "At most one round of messages in this time.", "default": "10s"},
            "messages": {
                "type": "integer",
                "minimum": 1,
                "maximum": 50,
                "default": 10,
                "description": "Keys of one severity or worse that have a message of their own; the others share one.",
            },
            "silent_below": {
                "enum": ["critical", "warning", "info"],
                "default": "warning",
                "description": "What is less makes no sound.",
            },
        },
        required=["channel"],
    )
    return described("The channel that is told of all alerts.", {"oneOf": [{"type": "string"}, settings]})


def templates():
    texts = {
        "page": "Whoever is called.",
        "update": "What the commander writes; must hold {{text}}.",
        "card": "The incident's card: the first line is its title.",
        "feed": "One key of the alert feed: the first line is its title.",
    }
    return closed(
        {name: {"type": "string", "description": text} for name, text in texts.items()},
        description="Words of what is posted, with {{placeholders}}.",
    )


def incidents():
    rule = closed(
        {
            "key": {"type": "string", "description": "The alert's key; * stands for any text."},
            "labels": {"$ref": "#/$defs/textMap"},
            "severity": {"enum": ["critical", "warning", "info", "unknown"]},
            "propose": {"enum": ["P1", "P2", "P3", "P4"]},
        },
        required=["propose"],
    )
    rhythm = closed(
        {
            "first": described("After the declaration; 5m when absent.", KINDS["duration"]),
            "every": described("Between two updates; 20m when absent.", KINDS["duration"]),
            "later": described("Between two updates after two hours; 1h when absent.", KINDS["duration"]),
        }
    )
    return closed(
        {
            "severity": described(
                "Which severity is proposed; the first rule that fits an alert counts.", {"type": "array", "items": rule}
            ),
            "updates": described("When updates are owed.", closed({f"P{n}": rhythm for n in range(1, 5)})),
            "verify": described("How long the alerts must stay clear after a resolution; 15m.", KINDS["duration"]),
            "silence": described("How long acknowledging silences at the source; 2h, 0 never.", KINDS["duration"]),
            "attach": described("Later alerts of the same key attach themselves.", KINDS["boolean"]),
            "post_mortem": {"type": "string", "description": "A Markdown template for post-mortems, beside this file."},
        },
        description="How incidents are handled.",
    )


SCHEMA = closed(
    {
        "workspace": closed({"name": {"type": "string", "description": "The folder's name when absent."}}),
        "runbooks": described("Files and folders with Markdown, beside this file.", KINDS["text-list"]),
        "bundled": described("Whether the nine runbooks of the console are there too.", KINDS["boolean"]),
        "sources": section("source", "Where alerts come from."),
        "rules": rules(),
        "connections": section("engine", "Databases that may be asked, always guarded.", ENVIRONMENT),
        "probes": section("probe", "Status pages and endpoints to look at."),
        "channels": section("notifier", "Where to post."),
        "escalation": escalation(),
        "feed": feed(),
        "templates": templates(),
        "runbook_base": {
            "type": "string",
            "pattern": "^https?://",
            "description": "The web address of this folder, for links to its runbooks.",
        },
        "incidents": incidents(),
        "variables": described("Values for placeholders. Shown on the screen: no secrets.", KINDS["text-map"]),
    },
    **{
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tocsin workspace",
        "description": "tocsin.yaml: where alerts come from, what may be asked, who is called.",
        "$defs": {
            "duration": {
                "type": "string",
                "pattern": "^(0|[0-9]{1,10}(ms|s|m|h))$",
                "description": "500ms, 10s, 15m, 2h",
            },
            "threshold": {
                "type": "string",
                "pattern": r"^\s*(>=|<=|==|!=|>|<|=)\s*-?[0-9.]+\s*\S*\s*$",
                "description": "> 2%, >= 1.5s, < 10",
            },
            "secret": {
                "type": "string",
                "pattern": "^(keychain|env|file):.+$",
                "description": "Never the secret itself: keychain:NAME, env:NAME or file:PATH (mode 0600).",
            },
            "switch": SWITCH,
            "textMap": {"type": "object", "additionalProperties": KINDS["text"]},
            "textList": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]},
        },
    },
)

if __name__ == "__main__":
    text = json.dumps(SCHEMA, indent=2, ensure_ascii=False)
    (HERE / "tocsin.schema.json").write_text(text + "\n")

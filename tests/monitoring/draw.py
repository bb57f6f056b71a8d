"""Draws the dashboard from what a Prometheus answers, as Grafana would: roughly, to be looked at."""

import html
import json
import re
import urllib.parse
import urllib.request

CELL_WIDTH, CELL_HEIGHT = 66, 34  # pixels of the dashboard's grid
COLOURS = ["#7eb26d", "#eab839", "#6ed0e0", "#ef843c", "#e24d42", "#1f78c1", "#ba43a9", "#705da0", "#508642", "#cca300"]
NAMED = {"green": "#73bf69", "red": "#f2495c", "yellow": "#fade2a", "blue": "#5794f2", "purple": "#b877d9", "orange": "#ff9830"}
SCALES = {"s": [(86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")]}
SCALES["bytes"] = [(2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B")]


def ask(prometheus, expression, start, end, step):
    """Each series that `expression` has: its labels, and its values by time."""
    query = urllib.parse.urlencode({"query": expression, "start": start, "end": end, "step": step})
    with urllib.request.urlopen(f"{prometheus}/api/v1/query_range?{query}", timeout=30) as answer:
        found = json.load(answer)["data"]["result"]
    return [(series["metric"], [(at, float(value)) for at, value in series["values"]]) for series in found]


def page(dashboard, series):
    """The page with every panel, where `series` has for each of their titles and letters what was asked."""
    return (
        "<!DOCTYPE html><meta charset=utf-8><style>body{background:#111217;color:#ccccdc;font:12px sans-serif;margin:8px}"
        "div{position:absolute;box-sizing:border-box;overflow:hidden;padding:4px 8px}.p{background:#181b1f;border:1px solid #333}"
        "b{display:block}p{font-size:24px;margin:6px 0 0}small{font-size:11px}svg{display:block}</style>"
        + "".join(panel(one, series) for one in dashboard["panels"])
    )


def panel(one, series):
    place = one["gridPos"]
    width, height = place["w"] * CELL_WIDTH - 8, place["h"] * CELL_HEIGHT - 8
    lines = []
    for target in one.get("targets", []):
        for labels, values in series[one["title"], target["refId"]]:
            name = target["legendFormat"]
            for label in ("tenant", "result", "reason", "outcome", "method", "class", "route", "resumed", "instance", "version", "state", "agreed"):
                name = name.replace("{{" + label + "}}", labels.get(label, ""))
            lines.append((name, [point for point in values if point[1] == point[1]]))
    draw = {"row": lambda *_: "", "stat": stat, "timeseries": graph}[one["type"]]
    body = draw(one, lines, width - 18, height - 26)
    style = f"left:{place['x'] * CELL_WIDTH + 8}px;top:{place['y'] * CELL_HEIGHT + 8}px;width:{width}px;height:{height}px"
    return f"<div class={'r' if one['type'] == 'row' else 'p'} style='{style}'><b>{html.escape(one['title'])}</b>{body}</div>"


def stat(one, lines, _width, _height):
    defaults, mode = one["fieldConfig"]["defaults"], one["options"]["textMode"]
    shown = []
    for name, values in lines:
        field = dict(defaults)
        for override in one["fieldConfig"]["overrides"]:
            if override["matcher"]["options"] == name:
                field.update({part["id"]: part["value"] for part in override["properties"]})
        last = values[-1][1]
        texts = {key: value for mapping in field.get("mappings", []) for key, value in mapping["options"].items()}
        mapped = texts.get(f"{last:g}", {})
        steps = [step["color"] for step in field.get("thresholds", {"steps": []})["steps"] if last >= (step["value"] or 0)]
        colour = mapped.get("color", steps[-1] if steps else "green")
        text = name if mode == "name" else mapped.get("text", number(last, field["unit"]))
        beside = f" <small>{html.escape(name)}</small>" if mode == "value_and_name" else ""
        shown.append(f"<span style='color:{NAMED[colour]}'>{html.escape(text)}</span>{beside}")
    return f"<p>{' '.join(shown)}</p>"


def graph(one, lines, width, height):
    defaults = one["fieldConfig"]["defaults"]
    points = [point for _, values in lines for point in values]
    if not points:
        return "<p>no data</p>"
    under, is_stacked = {}, "stacking" in defaults["custom"]
    areas = []
    for name, values in lines:
        bottom = [(at, under.get(at, 0)) for at, _ in values]
        if is_stacked:
            values = [(at, value + under.get(at, 0)) for at, value in values]
            under |= dict(values)
        areas.append((name, values, bottom))
    top = max(value for _, values, _ in areas for _, value in values) or 1
    first, last = min(at for at, _ in points), max(at for at, _ in points)
    legend = 16 * (1 + sum(len(name) + 4 for name, _ in lines) * 6 // width)
    plot = height - legend - 4
    x = lambda at: 60 + (width - 62) * (at - first) / ((last - first) or 1)
    y = lambda value: plot - 4 - (plot - 12) * value / top
    parts = [f"<text x=0 y={y(v) + 4:.0f} fill=#999 font-size=11>{number(v, defaults['unit'])}</text>"
             f"<path d='M58 {y(v):.1f}H{width}' stroke=#333 />" for v in (0, top / 2, top)]
    names = ""
    for place, (name, values, bottom) in enumerate(areas):
        colour = colour_of(one, name) or COLOURS[place % len(COLOURS)]
        ends = values + bottom[::-1] if is_stacked else values
        path = "L".join(f"{x(at):.1f} {y(value):.1f}" for at, value in ends)
        look = f"fill='{colour}' opacity=.6" if is_stacked else f"fill=none stroke='{colour}' stroke-width=1.4"
        parts.append(f"<path d='M{path}' {look} />")
        names += f"<span style='color:{colour}'>&#9644; {html.escape(name)}</span> "
    return f"<svg width={width} height={plot}>{''.join(parts)}</svg><small>{names}</small>"


def colour_of(one, name):
    """The colour that the panel gives the series `name`, if it does."""
    for override in one["fieldConfig"]["overrides"]:
        if re.search(override["matcher"]["options"].strip("/"), name):
            return NAMED[override["properties"][0]["value"]["fixedColor"]]
    return None


def number(value, unit):
    if unit == "percentunit":
        return f"{value * 100:.3g}%"
    for scale, name in SCALES.get(unit, []):
        if abs(value) >= scale:
            return f"{value / scale:.3g} {name}"
    return f"{value:.3g}" + {"reqps": "/s", "ops": "/s", "percent": "%"}.get(unit, "")

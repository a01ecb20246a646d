"""The report as a page that needs nothing beside itself."""

from collections.abc import Mapping

import jinja2

from deploy.release.shadow.report import WORDS, Report, shown, verdict

TEMPLATE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shadow: {{ verdict }}</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --bad: #c0392b; --good: #1e8449;
  --dim: #6b7280; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a7a; --good: #6fd08c; --dim: #9ca3af; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem;
  padding: 0 1.2rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
.bad { color: var(--bad); } .good { color: var(--good); } .dim { color: var(--dim); }
.numbers { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.4rem 0; padding: 0; }
.numbers li { list-style: none; border: 1px solid var(--line); border-radius: .5rem;
  padding: .5rem .9rem; min-width: 6.5rem; }
.numbers b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .7rem .35rem 0; vertical-align: top;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--dim); font-size: .85rem; white-space: nowrap; }
td.n, th.n { text-align: right; white-space: nowrap; }
code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.samples code { background: var(--soft); border-radius: .25rem; padding: .05rem .3rem; }
</style>
<h1>Shadow: <span class="{{ 'bad' if r.differences else 'good' }}">{{ verdict }}</span></h1>
<p class="dim">Since {{ r.since }}, as of {{ r.at }}. A at {{ r.sides.get("A", "-") }},
B at {{ r.sides.get("B", "-") }}. Values are masked: digits are 9, letters x.</p>
<ul class="numbers">
{% for name, value in numbers %}<li><b>{{ "{:,}".format(value) }}</b>{{ name }}</li>
{% endfor %}</ul>

<h2>Differences</h2>
{% if not r.differences %}<p>None that counts.</p>{% else %}{{ table(r.differences) }}{% endif %}

{% if r.ignored %}<h2>Ignored by a rule</h2>{{ table(r.ignored) }}{% endif %}
{% for title, lines in lists if lines %}
<h2>{{ title }}</h2>
<ul>{% for each in lines %}<li><code>{{ each }}</code></li>{% endfor %}</ul>
{% endfor %}

<h2>Routes</h2>
<div class="wide"><table>
<tr><th>Route<th class="n">mirrored<th class="n">compared<th class="n">differ
<th>statuses A → B<th class="n">A ms, p50 / p95 / p99<th class="n">B ms, p50 / p95 / p99
<th>not compared</tr>
{% for line in r.routes %}<tr><td><code>{{ line.route }}</code>
<td class="n">{{ line.mirrored }}<td class="n">{{ line.compared }}
<td class="n{{ ' bad' if line.differing }}">{{ line.differing }}
<td>{% for pair, count in line.statuses.items() %}{{ pair.replace(" ", " → ") }}
<span class="dim">({{ count }})</span>{{ ", " if not loop.last }}{% endfor %}
{% for side in ("A", "B") %}<td class="n">{% for each in line.milliseconds[side] -%}
{{ shown(each) }}{{ " / " if not loop.last }}{% endfor %}{% endfor %}
<td>{% for why, count in line.passed.items() %}{{ why }} ({{ count }})
{{- ", " if not loop.last }}{% endfor %}</tr>
{% endfor %}</table></div>
<p class="dim">A is asked before and after B; its second answer is the one that B's time stands
beside, since both come after somebody else had asked the same. What took a write up to the wall is
shown as <i>wall</i>.</p>
</html>
"""
TABLE = """{% macro table(entries) %}<div class="wide"><table>
<tr><th>Route<th>Where<th>What<th>A → B<th class="n">met<th>last</tr>
{% for each in entries %}<tr><td><code>{{ each.route }}</code><td><code>{{ each.path }}</code>
<td>{{ words[each.kind] }}{% if each.rule %}<br><span class="dim">{{ each.rule }}</span>{% endif %}
{% if each.expired %}<br>
<span class="bad">its rule has expired: {{ each.expired }}</span>{% endif %}
<td class="samples">{% for a, b in each.samples %}<code>{{ a or "(nothing)" }}</code> →
<code>{{ b or "(nothing)" }}</code>{{ "<br>"|safe if not loop.last }}{% endfor %}
<td class="n">{{ each.count }} of {{ each.of }}<td class="dim">{{ each.last }}</tr>
{% endfor %}</table></div>{% endmacro %}"""


def rendered(report: Report) -> str:
    """The page."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.globals.update(words={str(k): v for k, v in WORDS.items()}, shown=shown)
    template = environment.from_string(TABLE + TEMPLATE)
    return template.render(
        r=report,
        verdict=verdict(report),
        numbers=[
            ("mirrored", report.mirrored),
            ("compared", report.compared),
            ("dropped", report.dropped),
            ("too large", report.too_large),
            ("of no contract", report.passed_over),
            ("noise cancelled", sum(sum(each.noise.values()) for each in report.routes)),
        ],
        lists=[
            ("Rules that have expired", report.expired_rules),
            ("Rules that nothing needs", report.unused_rules),
            ("New in B", [f"{name} ({count})" for name, count in report.new_in_b.items()]),
            (
                "New fields in B",
                [_counted(e.route, e.new_fields) for e in report.routes if e.new_fields],
            ),
            ("Never compared", report.uncovered),
            ("Noise cancelled", [_counted(e.route, e.noise) for e in report.routes if e.noise]),
        ],
    )


def _counted(route: str, counts: Mapping[str, int]) -> str:
    return f"{route}: " + ", ".join(f"{path} ({count})" for path, count in counts.items())

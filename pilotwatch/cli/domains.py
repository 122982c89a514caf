"""The pilot domains: what is there, and whether it is whole."""

from __future__ import annotations

import typer

from pilotwatch.cli.common import AsJson, refuse, show
from pilotwatch.domain import Text

app = typer.Typer()


@app.command("list")
def domains_list(as_json: AsJson = False) -> None:
    """Which domains are on, and which are off and why."""
    from pilotwatch import registry

    found = registry.load()
    show(
        {
            "domains": [
                {
                    "name": d.name,
                    "title": d.title.zh,
                    "title_en": d.title.en,
                    "datasets": [r.spec.dataset for r in d.records],
                    "indicators": [i.code for i in d.indicators],
                }
                for d in found.domains
            ],
            "broken": [{"name": b.name, "reason": b.reason.zh, "reason_en": b.reason.en} for b in found.broken],
        },
        as_json,
    )
    raise typer.Exit(1 if found.broken else 0)


@app.command("check")
def domains_check(name: str, as_json: AsJson = False) -> None:
    """Passes a domain through the conformance kit, or names what is missing."""
    from pilotwatch import conformance, registry

    found = registry.load()
    for broken in found.broken:
        if broken.name == name:
            refuse(broken.reason, as_json)
    domain = next((d for d in found.domains if d.name == name), None)
    if domain is None:
        names = [d.name for d in found.domains]
        refuse(
            Text(
                f"没有名为“{name}”的领域。现有：{'、'.join(names)}",
                f"No domain is called {name}. There are: {', '.join(names)}",
            ),
            as_json,
            rule="no_domain",
        )
    problems = conformance.check(domain, shared=found.shared)
    show({"domain": name, "problems": [{"where": p.where, "problem": p.message.zh} for p in problems]}, as_json)
    raise typer.Exit(1 if problems else 0)

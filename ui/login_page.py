"""The log-in page and the page for a new password: plain HTML forms, no script, no Streamlit.

On the left the city's outline and what this is; on the right the form. Styles are in `static/login.css`.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from string import Template
from urllib.parse import quote

import numpy as np
import shapely

from pilotwatch.domain import Language, Text
from pilotwatch.places import Places
from pilotwatch.store import ROLES, Person
from ui.texts import text

_PAGE = Template("""<!doctype html>
<html lang="$lang"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/login.css"></head>
<body><main>
<section class="what">$outline
<div class="brand"><img src="/assets/icon.svg" alt="" width="40" height="40"><div><h1>$product</h1><p>$tagline</p></div></div>
<p class="city">$city</p></section>
<section class="who"><nav>$switch</nav><div class="card">$body</div></section>
</main></body></html>""")

_LOGIN = Template("""<h2>$heading</h2>$said$provider$form$demo""")

_PROVIDER = Template(
    """<a class="primary provider" href="/login/oidc?next=$there">$through</a><p class="hint">$hint</p>"""
)

_FORM = Template("""$between<form method="post" action="/login" autocomplete="on">
<input type="hidden" name="form" value="$secret"><input type="hidden" name="next" value="$there">
<label>$username_label<input name="username" value="$username" autocomplete="username" autocapitalize="none" required autofocus></label>
<label>$password_label<input name="password" type="password" autocomplete="current-password" required></label>
<button class="$kind">$submit</button></form>
<p class="hint">$hint</p>""")

_DEMO = Template("""<form method="post" action="/login" class="demo">
<input type="hidden" name="form" value="$secret"><input type="hidden" name="next" value="$there">
<h3><span class="badge">$badge</span>$heading</h3><p class="hint">$hint</p><div class="accounts">$accounts</div></form>""")

_PASSWORD = Template("""<h2>$heading</h2>$said<p class="hint">$hint</p>
<form method="post" action="/password">
<input type="hidden" name="form" value="$secret"><input type="hidden" name="username" value="$username" autocomplete="username">
<label>$old<input name="old" type="password" autocomplete="current-password" required autofocus></label>
<label>$new<input name="new" type="password" autocomplete="new-password" minlength="10" required></label>
<label>$again<input name="again" type="password" autocomplete="new-password" minlength="10" required></label>
<button class="primary">$submit</button></form>$back""")


#: Whom a visitor most likely wants to be, first.
_ORDER = ("city_office", "district_leader", "pilot_team", "department_officer", "administrator", "auditor")


def login(
    places: Places, language: Language, secret: str, *, there: str = "/", demo: tuple[list[Person], str] | None = None,
    error: Text | None = None, note: Text | None = None, username: str = "", provider: str | None = None, local: bool = True,
) -> str:  # fmt: skip
    """`demo`: the accounts of a demo store and their password, listed for a single click; None in a real store.
    `provider`: what the identity provider is called, where there is one; `local`: whether passwords are asked for, too."""
    form = _FORM.substitute(
        _texts(language, username_label="login.username", password_label="login.password",  # noqa: S106
               submit="login.submit", hint="login.hint"),
        secret=secret, there=escape(there), username=escape(username), kind="second" if provider else "primary",
        between=f'<p class="between"><span>{escape(text("login.or")(language))}</span></p>' if provider else "",
    )  # fmt: skip
    other = f'<p class="hint"><a href="/login?local=1">{escape(text("login.emergency")(language))}</a></p>'
    body = _LOGIN.substitute(
        _texts(language, heading="login.heading"), said=_said(error, note, language), form=form if local else other,
        provider=_provider(provider, language, there) if provider else "",
        demo=_demo(places, demo, language, secret, there) if demo else "",
    )  # fmt: skip
    again = "" if there == "/" else f"&next={quote(there, safe='')}"
    return _page(places, language, body, f"/login?lang={{}}{again}")


def password(places: Places, language: Language, secret: str, person: Person, *, error: Text | None = None) -> str:
    """`person` changes the password; where someone else has set it, there is no way back without."""
    back = (
        "" if person.must_change else f'<p class="hint"><a href="/">{escape(text("password.back")(language))}</a></p>'
    )
    body = _PASSWORD.substitute(
        _texts(language, heading="password.heading", old="password.old", new="password.new", again="password.again",
               submit="password.submit", hint="password.must" if person.must_change else "password.hint"),
        secret=secret, username=escape(person.username), said=_said(error, None, language), back=back,
    )  # fmt: skip
    return _page(places, language, body, "/password?lang={}")


def _page(places: Places, language: Language, body: str, address: str) -> str:
    other: Language = "en" if language == "zh" else "zh"
    switch = (
        f'<a href="{escape(address.format(other))}" hreflang="{other}">{"English" if other == "en" else "中文"}</a>'
    )
    return _PAGE.substitute(
        _texts(language, title="product.title", product="product.name", tagline="product.tagline", city="product.city"),
        lang="zh-CN" if language == "zh" else "en", outline=_outline(places), switch=switch, body=body,
    )  # fmt: skip


def _provider(name: str, language: Language, there: str) -> str:
    through = text("login.through").format(name=name)(language)
    return _PROVIDER.substitute(
        _texts(language, hint="login.through_hint"), through=escape(through), there=quote(there, safe="")
    )


def _demo(places: Places, demo: tuple[list[Person], str], language: Language, secret: str, there: str) -> str:
    known = demo[1]
    people = sorted(demo[0], key=lambda p: _ORDER.index(p.role))
    buttons = "".join(
        f'<button name="demo" value="{escape(p.username)}"><b>{escape(p.name)}</b>'
        f"<span>{escape(ROLES[p.role](language))} · {escape(p.username)}</span></button>"
        for p in people
    )
    return _DEMO.substitute(
        _texts(language, badge="badge.demo", heading="login.demo"), secret=secret, there=escape(there),
        hint=escape(text("login.demo_hint").format(password=known)(language)), accounts=buttons,
    )  # fmt: skip


def _said(error: Text | None, note: Text | None, language: Language) -> str:
    if error:
        return f'<p class="error" role="alert">{escape(error(language))}</p>'
    return f'<p class="note" role="status">{escape(note(language))}</p>' if note else ""


def _texts(language: Language, **keys: str) -> dict[str, str]:
    return {name: escape(text(key)(language)) for name, key in keys.items()}


@lru_cache(maxsize=2)
def _outline(places: Places) -> str:
    """The divisions as an SVG, thin lines only: a picture, no map."""
    shapes = [shapely.simplify(p, 0.003) for p in places.boundaries.polygons.values()]
    west, south, east, north = shapely.total_bounds(shapes)
    wide = np.cos(np.radians((south + north) / 2))
    paths = []
    for shape in shapes:
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            xy = shapely.get_coordinates(ring)
            drawn = np.column_stack([(xy[:, 0] - west) * wide, north - xy[:, 1]]) * 400
            paths.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in drawn) + "Z")
    width, height = (east - west) * wide * 400, (north - south) * 400
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true"><path d="{"".join(paths)}"/></svg>'

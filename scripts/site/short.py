"""What stands at the short addresses: a page that leads on, or one that lets choose a language."""

from __future__ import annotations

from markupsafe import Markup

from scripts.content.addresses import Address
from scripts.content.project import Project
from scripts.site.addresses import page_folder, relative
from scripts.site.page_context import head_context
from scripts.site.templates import filled

_LEADS_ON = Markup(
    '<!doctype html><html lang="{tag}" dir="{direction}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
    '<meta http-equiv="refresh" content="0; url={link}"><link rel="icon" href="data:,">'
    '<link rel="canonical" href="{link}"><title>{title}</title><p><a href="{link}">{title}</a></p>'
)


def short_pages(project: Project, policy: str = "") -> dict[str, str]:
    """Return the page at each short address by its path in the site; assets are named plainly.

    Args:
        project: the content.
        policy: the security policy that pages with a script carry, "" for none.
    """
    return {
        f"{one.folder}index.html": (
            _leads_on(project, one) if one.code else _chooser(project, one, policy)
        )
        for one in project.short_addresses
    }


def _leads_on(project: Project, address: Address) -> str:
    language = project.language[address.code]
    shown = project.shown_language(language, address.path)
    return _LEADS_ON.format(
        tag=shown.tag,
        direction=shown.direction,
        link=relative(address.folder, page_folder(address.code, address.path)),
        title=project.shown_page(language, address.path).title,
    )


def _chooser(project: Project, address: Address, policy: str) -> str:
    choices = [
        (
            language,
            project.wordings[language.code].safe["ui"],
            project.shown_page(language, address.path).title,
            project.shown_language(language, address.path),
            relative(address.folder, page_folder(language.code, address.path)),
        )
        for language in project.languages
    ]
    return filled("topic.html", project=project, choices=choices, **head_context(policy))

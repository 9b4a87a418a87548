"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/."""

from collections.abc import Callable

import msgspec

from generator import urls
from generator.outputs.feeds.feed import (
    JSON,
    Feed,
    Item,
    advice,
    icon,
    moment,
    once,
)
from generator.site import Site


def writer(site: Site) -> Callable[[Feed], bytes]:
    """Return the function that writes JSON Feed; each item is made once."""
    made = once(lambda item: msgspec.Raw(msgspec.json.encode(_item(site, item))))

    def write(feed: Feed) -> bytes:
        masthead = site.masthead
        document: dict[str, object] = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": urls.absolute(masthead.base_url, feed.folder),
            "feed_url": urls.absolute(masthead.base_url, feed.folder + JSON),
            "description": feed.description,
            "user_comment": advice(site),
            "authors": [{"name": masthead.curator or masthead.title}],
            "language": masthead.papers_language or masthead.language,
        }
        if picture := icon(site):
            document["icon"] = picture
        document["items"] = [made(item) for item in feed.items]
        return msgspec.json.encode(document) + b"\n"

    return write


def _item(site: Site, item: Item) -> dict[str, object]:
    authors = [
        {"name": author.title, "url": author.url} if author.url else {"name": author.title} for author in item.people
    ]
    optional = {
        "external_url": next((urls.quoted(link.url) for link in item.links if link.title != "PDF"), ""),
        "summary": item.summary,
    }
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        **{key: value for key, value in optional.items() if value},
        "content_html": item.content,
        "date_published": moment(site.masthead, item.day).isoformat(),
        "date_modified": moment(site.masthead, item.updated).isoformat(),
        # Services that register papers refuse an item without an author.
        "authors": authors or [{"name": item.by or site.masthead.title}],
        "tags": [*item.subjects, *item.topics],
    } | ({"_broadsheet": dict(item.more)} if item.more else {})

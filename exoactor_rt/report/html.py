"""Small pieces of HTML: tables, pictures, panels."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

import cv2

from exoactor_rt.report.summary import Image, Picture

_JPEG_QUALITY = 82
_MAX_WIDTH_PX = 1200


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numeric_from: int = 1) -> str:
    """An HTML table; cells are escaped, columns from `numeric_from` on are set right-aligned."""

    def cells(tag: str, values: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=n' if column >= numeric_from else ''}>{escape(value)}</{tag}>"
            for column, value in enumerate(values)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{cells('th', headings)}</tr></thead><tbody>{body}</tbody></table>"


def section(title: str, *content: str) -> str:
    """A headed section; empty when it has no content."""
    body = "".join(content)
    return f"<section><h2>{escape(title)}</h2>{body}</section>" if body else ""


def paragraph(text: str) -> str:
    """An escaped paragraph."""
    return f"<p>{escape(text)}</p>"


def bullet_list(items: Iterable[str]) -> str:
    """An escaped list; empty without items."""
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{entries}</ul>" if entries else ""


def folded(title: str, content: str) -> str:
    """Content shown on a click."""
    return f"<details><summary>{escape(title)}</summary>{content}</details>" if content else ""


def plot_grid(plots: Iterable[str]) -> str:
    """Plots in two columns."""
    figures = "".join(f"<figure>{plot}</figure>" for plot in plots if plot)
    return f'<div class="plots">{figures}</div>' if figures else ""


def pictures(items: Iterable[Picture], style: str) -> str:
    """Pictures with captions, embedded as JPEG; `style` is "wide" or "tiles"."""
    figures = "".join(
        f'<figure><img alt="{escape(item.caption)}" src="{data_url(item.image)}">'
        f"<figcaption>{escape(item.caption)}</figcaption></figure>"
        for item in items
    )
    return f'<div class="{style}">{figures}</div>' if figures else ""


def data_url(image: Image) -> str:
    """A picture as a data URL, made smaller where it is wider than a page shows."""
    width = image.shape[1]
    if width > _MAX_WIDTH_PX:
        size = (_MAX_WIDTH_PX, round(image.shape[0] * _MAX_WIDTH_PX / width))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return "data:image/jpeg;base64," + base64.b64encode(encoded.tobytes()).decode("ascii")

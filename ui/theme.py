"""How the window looks: one calm theme for light and dark, fonts of the reader's own machine, no request for any of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base

STATIC = Path(__file__).parent / "static"
SANS = ["ui-sans-serif", "system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "DejaVu Sans", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace"]


def theme() -> Base:
    """Gradio's own variables, set to those of ``static/tokens.css`` so that both doors look the same."""
    from gradio.themes import Base

    look = Base(primary_hue="teal", neutral_hue="stone", font=SANS, font_mono=MONO, text_size="lg", radius_size="md")
    return look.set(
        body_background_fill="var(--paper)",
        body_background_fill_dark="var(--paper)",
        body_text_color="var(--ink)",
        body_text_color_dark="var(--ink)",
        body_text_color_subdued="var(--quiet)",
        body_text_color_subdued_dark="var(--quiet)",
        background_fill_primary="var(--paper)",
        background_fill_primary_dark="var(--paper)",
        background_fill_secondary="var(--raised)",
        background_fill_secondary_dark="var(--raised)",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_shadow_dark="none",
        border_color_primary="var(--line)",
        border_color_primary_dark="var(--line)",
        border_color_accent="var(--accent)",
        border_color_accent_dark="var(--accent)",
        color_accent="var(--accent)",
        color_accent_soft="var(--tint)",
        color_accent_soft_dark="var(--tint)",
        link_text_color="var(--accent)",
        link_text_color_dark="var(--accent)",
        link_text_color_hover="var(--accent)",
        link_text_color_hover_dark="var(--accent)",
        link_text_color_visited="var(--accent)",
        link_text_color_visited_dark="var(--accent)",
        input_background_fill="var(--raised)",
        input_background_fill_dark="var(--raised)",
        input_border_color="var(--line-strong)",
        input_border_color_dark="var(--line-strong)",
        input_border_color_focus="var(--accent)",
        input_border_color_focus_dark="var(--accent)",
        input_border_width="1px",
        button_primary_background_fill="var(--accent)",
        button_primary_background_fill_dark="var(--accent)",
        button_primary_background_fill_hover="var(--accent-strong)",
        button_primary_background_fill_hover_dark="var(--accent-strong)",
        button_primary_text_color="var(--on-accent)",
        button_primary_text_color_dark="var(--on-accent)",
    )


def read(name: str) -> str:
    """A file of ``static`` as text."""
    return (STATIC / name).read_text(encoding="utf-8")

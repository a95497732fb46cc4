"""LaTeX: the equations of one program as a document, from the docstrings of its constraint families."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import cleandoc
from typing import Any

from sivuvirta.plan.explain.equations import docstring_parts
from sivuvirta.plan.program.families import FAMILIES
from sivuvirta.plan.program.objective import UNITS, value_objective
from sivuvirta.plan.program.setting import Setting

_HEAD = r"""\documentclass[a4paper,11pt]{article}
\usepackage{amsmath,amssymb}
\usepackage[utf8]{inputenc}
\usepackage[margin=25mm]{geometry}
\begin{document}
"""
_SPECIAL = re.compile(r"[&%$#_{}]")
_CODE = re.compile(r"`+([^`]+)`+")


def latex(at: Setting) -> str:
    """The program as a LaTeX document: what it minimises, its columns, and each constraint family that has rows in it.

    Args:
        at: the program.

    Returns:
        A document that needs the package amsmath alone.
    """
    region, options = at.links.region, at.options
    title = f"The plan of {region.title or region.name}, {region.vintage}"
    rows, columns = at.lp.shape
    parts = [
        _HEAD,
        rf"\title{{{_text(title)}}}" + "\n" + r"\date{}" + "\n" + r"\maketitle",
        _text(f"{rows} rows, {columns} columns. Minimised first: {options.objective}, {UNITS[options.objective]} a year."),
        r"\section*{Objective}",
        _body(value_objective),
        r"\section*{Columns}",
        *_blocks(at),
        r"\section*{Constraint families}",
        *[_family(at, family) for family in FAMILIES if at.lp.family(family.__name__).count],
        r"\end{document}",
    ]
    return "\n\n".join(parts) + "\n"


def _blocks(at: Setting) -> list[str]:
    lines = [rf"\item \texttt{{{_text(block.name)}}}: {block.count}" for block in at.lp.blocks if block.count]
    return [r"\begin{itemize}", *lines, r"\end{itemize}"]


def _family(at: Setting, family: Callable[..., Any]) -> str:
    name = family.__name__
    count = at.lp.family(name).count
    head = rf"\subsection*{{\texttt{{{_text(name)}}} ({count} {'row' if count == 1 else 'rows'})}}"
    return f"{head}\n\n{_body(family)}"


def _body(made: Callable[..., Any]) -> str:
    """What a docstring says before its sections, its equations displayed."""
    paragraphs = []
    for paragraph in docstring_parts(cleandoc(made.__doc__ or ""))[""].split("\n\n"):
        if paragraph.startswith(".. math::"):
            equation = " ".join(line.strip() for line in paragraph.removeprefix(".. math::").splitlines())
            paragraphs.append(f"\\[\n{equation.strip()}\n\\]")
        else:
            paragraphs.append(_text(" ".join(paragraph.split())))
    return "\n\n".join(paragraphs)


def _text(words: str) -> str:
    """Plain words for LaTeX; names in backticks are set as code."""
    escaped = _SPECIAL.sub(lambda sign: "\\" + sign[0], words.replace("\\", "/"))
    escaped = escaped.replace("~", r"\textasciitilde{}").replace("^", r"\textasciicircum{}").replace("<", r"\(<\)").replace(">", r"\(>\)")
    return _CODE.sub(r"\\texttt{\1}", escaped)

"""Circles in queries: who sees a column of a row, asked of the database without reading more of a row than is needed."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func, IntegerField

_COMPILED = tuple[str, tuple[Any, ...]]


class Plain(Func):
    """Whether all columns of a row are seen by those who see the row: nothing else is said of any.

    It is told by the text of its circles, which is not taken apart: most rows are plain, and a query over all of them asks this first.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self) -> None:
        super().__init__(F("circles"))

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> _COMPILED:
        """As both databases take it."""
        circles, given = compiler.compile(self.source_expressions[0])
        return f"{circles} = '{{}}'", tuple(given)


class Unsought(Func):
    """A column of a row as it is, by which SQLite seeks no row.

    Where it may read an index for one part of a condition and another for the rest, it does, and looks most rows of a register up one by
    one, in the order of the index, where reading them all in their own order takes a fraction of the time.
    """

    def __init__(self, column: str, output_field: Any) -> None:
        super().__init__(F(column), output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> _COMPILED:
        """As PostgreSQL takes it."""
        column, given = compiler.compile(self.source_expressions[0])
        return column, tuple(given)

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> _COMPILED:
        """As SQLite takes it."""
        column, given = compiler.compile(self.source_expressions[0])
        return f"+{column}", tuple(given)


class CircleOf(Func):
    """The circle that sees a column of a row: what is said of the column, else the row's."""

    output_field = IntegerField()

    def __init__(self, column: str) -> None:
        super().__init__(F("circles"), F("circle"))
        self.column = column

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> _COMPILED:
        """As SQLite takes it."""
        (circles, given), (circle, more) = map(compiler.compile, self.source_expressions)
        return f"COALESCE(JSON_EXTRACT({circles}, %s), {circle})", (*given, f'$."{self.column}"', *more)

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> _COMPILED:
        """As PostgreSQL takes it."""
        (circles, given), (circle, more) = map(compiler.compile, self.source_expressions)
        return f"COALESCE(({circles} ->> %s)::int, {circle})", (*given, self.column, *more)

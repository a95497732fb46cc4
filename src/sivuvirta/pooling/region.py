"""Region: the plan of a region in which every output of a plant that mixes has one composition, whoever gets it."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pandas as pd

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, Plan, PlanOptions
from sivuvirta.domain.pooling import PooledPlan, PoolingOptions
from sivuvirta.errors import InfeasibleError, OptionError, SolverError
from sivuvirta.lp.entries import Floats, Ints, Term, gather
from sivuvirta.lp.gaps import gap_of
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.plan.open import Answer, OpenPlan
from sivuvirta.plan.program.setting import Setting
from sivuvirta.plan.solve import infeasible
from sivuvirta.pooling.bilinear import Bilinear, Products
from sivuvirta.pooling.compositions import compositions, disagreement, kept, limits, mixes
from sivuvirta.pooling.solve import bilinear

_WIDE = 1e8  # units a year: a bound above it says nothing, and is replaced by what the program allows
_AGREE = 1e-7  # of an output: compositions nearer than this are one


def pooled(at: Setting, closed: Ints, offset: float) -> Bilinear:
    r"""The program of a plan with one composition an output.

    With :math:`s_b` the share of an output that leaves over outlet b, and :math:`f_{ab}` what entered over a and leaves over b:

    .. math:: f_{ab} = s_b \, x_a, \qquad \sum_b s_b = 1

    Where no route lets input a go to b, :math:`s_b x_a = 0`: what the mix may not contain for b, the plant does not take, or b gets
    nothing. All other rows are those of the plan, so that its optimum without these products bounds this one.

    Args:
        at: the plan's program.
        closed: columns held at 0.
        offset: what to add to the objective where gaps are reckoned.
    """
    mixed, blocks = mixes(at), at.blocks
    program = at.lp.copy()
    if len(closed):
        program = program.rebounded(closed, np.zeros(len(closed)), np.zeros(len(closed)))
    arrays = program.arrays()
    program.minimise(arrays.cost)
    split = program.block("split", len(mixed.outlet), bounds=Bounds(upper=1.0))
    barred = np.flatnonzero(mixed.pair < 0)
    none = program.block("barred", len(barred), bounds=Bounds(upper=0.0))
    outputs, row = np.unique(mixed.output, return_inverse=True)
    program.rows("splits", gather(len(outputs), Term(row, split.columns, 1.0)), 1.0, 1.0)
    product = blocks.pair.columns[mixed.pair]
    product[barred] = none.columns
    flow = blocks.enter.columns[mixed.enter]
    program = _bounded(program, np.unique(flow))
    return Bilinear(program, Products(product, split.columns[mixed.split], flow), offset)


def _bounded(program: Program, columns: Ints) -> Program:
    """Gives columns without a bound the most that the program allows."""
    arrays = program.arrays()
    most = np.minimum(arrays.upper[columns], np.where(arrays.sizes[columns] < _WIDE, arrays.sizes[columns], np.inf))
    for n in np.flatnonzero(~(most < _WIDE)):
        model = Model(program)
        model.relax_integers()
        cost = np.zeros(program.shape[1])
        cost[columns[n]] = -1.0
        model.minimise(cost)
        most[n] = -model.solve(SolveOptions(threads=1)).bound
    return program.rebounded(columns, arrays.lower[columns], np.maximum(most, arrays.lower[columns]))


def solve(matches: Matches, reference: Ledger, options: PlanOptions | None = None, how: PoolingOptions | None = None) -> PooledPlan:
    """Finds the best network in which every output of a plant that mixes has one composition, whoever gets it.

    Where the plan's own answer has one composition already, it is the answer, with the plan's proof. Elsewhere the bilinear program is
    solved by the methods for pooling problems. It is never cheaper than the plan, which is a relaxation of it.

    Args:
        matches: routes with their verdicts.
        reference: today's ledger.
        options: objective and limits of the plan.
        how: method, gap and time of the pooling problem.

    Returns:
        The plan, beside that in batches, and the compositions. All limits were checked again on these.

    Raises:
        InfeasibleError: no plan meets all requirements.
        OptionError: several objectives in order are asked for, or routes through several plants.
        SolverError: nothing was found in the time allowed, or a limit is not kept.
    """
    options, how = options or PlanOptions(), how or PoolingOptions()
    if options.then:
        raise OptionError("Exact pooling has one objective; leave out `then`, or weigh the objectives.")
    started = perf_counter()
    opened = OpenPlan(matches, reference, options)
    if (opened.at.found.pairs.into >= 0).any():
        raise OptionError("Exact pooling takes routes through one plant; leave out `steps`.")
    building, closed = perf_counter() - started, opened.unproven().astype(np.int32)
    batches: list[Network] = []
    answers: list[Answer] = []
    start: Floats | None = None
    for evidence in ("proven", "potential"):
        opened.admit(evidence)
        relaxed = opened.best(start)
        if relaxed is None:
            raise InfeasibleError(infeasible(opened.at, closed))
        held = closed if evidence == "proven" else closed[:0]
        exact = _exact(opened, relaxed, held, how) if len(closed) or not answers else answers[0]
        if answers and answers[0].objective < exact.objective:
            exact = opened.better(exact, answers[0])
        batches.append(opened.network(relaxed, evidence, building))
        answers.append(exact)
        start = relaxed.x
    mixed = mixes(opened.at)
    wrong = [text for answer in answers for text in kept(opened.at, mixed, answer.x)]
    if wrong:
        raise SolverError(f"The pooled network of '{matches.links.region.name}' does not keep: {'; '.join(wrong)}.")
    names = ("proven", "potential")
    networks = [opened.network(answer, name, building) for answer, name in zip(answers, names, strict=True)]
    plans = [Plan(matches.links, matches, options, reference, *pair) for pair in (networks, batches)]
    tables = [
        pd.concat([made(opened.at, mixed, answer.x).assign(network=name) for answer, name in zip(answers, names, strict=True)])
        for made in (compositions, limits)
    ]
    return PooledPlan(plans[0], plans[1], *(table.reset_index(drop=True) for table in tables))


def _exact(opened: OpenPlan, relaxed: Answer, closed: Ints, how: PoolingOptions) -> Answer:
    """The pooled answer: the plan's own where it is one, else that of the bilinear program."""
    at, first = opened.at, opened.goals[0]
    if disagreement(at, mixes(at), relaxed.x) <= _AGREE:
        return relaxed
    program = pooled(at, closed, -first.today)
    found, method = bilinear(program, how)
    if found.status == "infeasible":
        raise InfeasibleError(["an output of a plant that mixes has one composition for all who get it", "all other requirements"])
    if found.w is None:
        raise SolverError(f"No pooled network was found in {how.time_limit:g} s; give it more time (`time_limit`).")
    x = found.w[: at.lp.shape[1]]
    objective = float(first.cost @ x)
    bound = min(max(found.bound, relaxed.bound), objective)
    gap = gap_of(objective, bound, -first.today)
    status = "optimal" if gap <= max(how.gap, opened.options.gap) else "feasible"
    return Answer(x, None, objective, bound, gap, status, method, relaxed.seconds + found.seconds)

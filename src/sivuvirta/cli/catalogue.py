"""All commands: the module of each, and the first sentence of its help, so that `sivuvirta --help` loads none; a test compares."""

from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "admin": ("platform.admin", "Look after the platform: accounts, regions, folders of deliveries, its settings, and what is over."),
    "alerts": ("find.alerts", "Tell what is new in REGION for the query that `sivuvirta search --save FILE` saved."),
    "alternatives": (
        "design.alternatives",
        "Find networks almost as good as the best of REGION: links and plants that are must-have, swappable or never.",
    ),
    "backup": ("platform.backup", "Write everything the platform keeps into FILE, while people go on working."),
    "benefits": (
        "measure.benefits",
        "Tell what each exchange of the best network of REGION brings: tonnes, CO2e, products, water, money, investment and posts.",
    ),
    "check": ("register.check", "List every problem in the data of REGION, with its place and repair."),
    "compare": ("design.compare", "Plan REGION under several scenarios, and tell what changes: figures, flows, plants side by side."),
    "convert": (
        "register.convert",
        "Save REGION at PATH: .xlsx is a workbook, .parquet a Parquet folder, a bare path a data package folder.",
    ),
    "economy": (
        "measure.economy",
        "Tell who pays whom in the best network of REGION, what is earned on what is invested, and what it does to jobs and value added.",
    ),
    "evaluate": ("find.evaluate", "Judge suggestions by the exchanges of FILES, each case left out in turn, beside simpler ways to guess."),
    "footprint": (
        "measure.footprint",
        "Carbon footprint per tonne of PRODUCT of a site in REGION: three allocations side by side, parts, other producers beside it.",
    ),
    "futures": (
        "design.futures",
        "Draw what is not known well in REGION many times: benefit with its range and tail, sure and unsure links, what is worth knowing.",
    ),
    "gaps": ("design.gaps", "Find technologies that are absent from REGION, each at its best site, by what they would unlock."),
    "indicators": (
        "measure.indicators",
        (
            "Indicators of circularity of REGION, beside those of OTHERS: ISO 59020, CTI, MCI, recycled content, "
            "hierarchy, critical materials."
        ),
    ),
    "ledger": (
        "measure.ledger",
        "Count the flows of REGION by site, organisation, sector, municipality or material; compare, add up, lead to the rows behind.",
    ),
    "lifecycle": (
        "measure.lifecycle",
        "Score the best network of REGION over the life cycle: what it changes against today, and what it displaces, by Brightway.",
    ),
    "match": ("find.match", "List who can use whose stream in REGION: verdict, gain with its range, distance, best first."),
    "metrics": (
        "measure.metrics",
        "Measure the flows of REGION as a network, today and planned: links, cycles, organisation, robustness, central nodes.",
    ),
    "new": ("register.new", "Write an empty workbook with guidance, units and drop-downs to FILE (.xlsx)."),
    "pareto": (
        "design.pareto",
        "Find what one objective costs in another in REGION: networks of which none is better at all, and what changes along them.",
    ),
    "pathway": (
        "design.pathway",
        "Plan REGION over years and seasons: what flows when, what is built when, what is stocked, within budgets and lead times.",
    ),
    "plan": ("design.plan", "Find the best network for REGION, on proven evidence and with what is potential added."),
    "pool": ("design.pool", "Find the best network of REGION, or flows of a published CASE, where what plants mix stays mixed."),
    "prefill": (
        "register.prefill",
        "List the side streams that an industry of a size usually has, with ranges, to be confirmed or corrected.",
    ),
    "ranges": (
        "measure.ranges",
        "Give every figure of the best network of REGION its mean and range: what cannot be claimed, and what to measure next.",
    ),
    "reconcile": (
        "register.reconcile",
        "Weigh what the sources of REGION say against each other and its balances: what moves, by how much, which figure is suspect.",
    ),
    "regions": ("register.regions", "List the bundled regions with their vintages and sizes."),
    "report": (
        "present.report",
        "Write the report of the best network for REGION: map, Sankey, tables, reasons, sources in one HTML file that works offline.",
    ),
    "restore": (
        "platform.restore",
        "Read the backup FILE into an empty platform: the database of DATABASE_URL and the folder of SIVUVIRTA_HOME.",
    ),
    "roads": (
        "measure.roads",
        "Tell the traffic of REGION: vehicles a day on each section of road, emissions, need of roads, water, heat and ground taken.",
    ),
    "run": ("present.run", "Check REGION, match, plan, assess, and write tables and the report."),
    "sankey": (
        "present.sankey",
        "Draw the flows of the best network of REGION, or of today: sources, plants, uses and outlets, by material, component or euros.",
    ),
    "screen": ("find.screening", "Screen all direct pairs in REGION near one another: counts by verdict, and the best pairs."),
    "search": ("find.search", "Find streams, needs, organisations, plants, practices, technologies, materials and rules in REGION."),
    "serve": ("platform.serve", "Serve the platform: the register of a region in a browser."),
    "shock": (
        "design.shock",
        "Take each node and used link out of the best network of REGION: loss, what stops, cheapest repair, what to store.",
    ),
    "stages": (
        "design.stages",
        "Find what to build now in REGION so that it is best for many draws together, with the flows of each draw free.",
    ),
    "structures": (
        "design.structures",
        "Find the best sets of plants to build in REGION, exactly and in order, each with its best network.",
    ),
    "suggest": ("find.suggest", "Suggest what the stream TEXT is, what it may become and who may take it."),
    "unknowns": (
        "design.unknowns",
        "Rank what is missing in REGION by what the best network gains: tests to order, decisions to ask for, and sets of both.",
    ),
    "why": ("design.why", "Say why the link from ORIGIN to DESTINATION is in the best network of REGION, or why it is not."),
    "worker": ("platform.worker", "Work out the studies that people ask for on the platform."),
}

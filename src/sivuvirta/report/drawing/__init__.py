"""Drawing: map, Sankey and the flows that both show, as data and as SVG."""

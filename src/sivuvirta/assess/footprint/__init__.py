"""Carbon footprint of a product of a site: what goes into it, who bears it, and how it stands beside other producers' figures."""

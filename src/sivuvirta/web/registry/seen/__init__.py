"""What a viewer is told of rows: names, amounts, bands, counts, histories, and the words for them."""

"""Plans: the best lawful network of a period, kept open to be asked again (`open`).

`program` holds its columns and constraint families, `explain` its words, `horizon` its years.
"""

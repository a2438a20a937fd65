"""A generated news site for the demo, the tests and the benchmarks."""

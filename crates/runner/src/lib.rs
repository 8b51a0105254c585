//! Plan, phases, workers, isolation and events: the parallel stage runner.

//! Find and normalise money, percentages and quantities.

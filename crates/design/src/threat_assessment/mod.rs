//! Threat assessment (M7). This room is empty: nothing is built here yet.

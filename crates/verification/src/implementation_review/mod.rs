//! Implementation review (M11). This room is empty: nothing is built here yet.

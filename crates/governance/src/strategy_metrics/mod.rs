//! Strategy and metrics (M4). This room is empty: nothing is built here yet.

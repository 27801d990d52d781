//! Secure architecture (M9). This room is empty: nothing is built here yet.

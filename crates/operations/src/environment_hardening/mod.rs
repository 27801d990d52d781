//! Environment hardening (M14). This room is empty: nothing is built here yet.

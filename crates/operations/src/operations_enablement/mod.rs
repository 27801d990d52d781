//! Operations enablement (M15). This room is empty: nothing is built here yet.

//! Issue management (M13). This room is empty: nothing is built here yet.

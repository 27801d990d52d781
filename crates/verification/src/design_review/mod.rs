//! Design review (M10). This room is empty: nothing is built here yet.

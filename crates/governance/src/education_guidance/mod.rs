//! Education and guidance (M6). This room is empty: nothing is built here yet.

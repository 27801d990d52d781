//! Security testing (M12). This room is empty: nothing is built here yet.

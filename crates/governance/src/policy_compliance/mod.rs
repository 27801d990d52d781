//! Policy and compliance (M5). This room is empty: nothing is built here yet.

//! Security requirements (M8). This room is empty: nothing is built here yet.

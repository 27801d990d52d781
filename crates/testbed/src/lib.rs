//! Test support: a database, people and a browserless client for slices.

//! Reads public SBOMs where they are at hand, and small ones of our own always.

mod corpus;
mod own;
mod never_panics;

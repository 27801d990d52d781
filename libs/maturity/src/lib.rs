//! Maturity models, answers and scores; toolbox workbooks read.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

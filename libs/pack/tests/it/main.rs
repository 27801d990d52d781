//! Tests of the pack reader.

mod compare;
mod content;
mod extend;
mod findings;
mod risk;
mod robust;
mod small;

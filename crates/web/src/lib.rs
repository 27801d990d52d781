//! Route table, page shell, forms, components and how errors become answers.

pub mod ui;

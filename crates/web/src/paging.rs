//! Pages of a list.

use crate::query::Query;
use crate::ui;

/// Which page of a list is asked for, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u64,
    /// Rows on a page.
    pub size: u64,
}

impl Page {
    /// The page that the address asks for, `size` rows long.
    #[must_use]
    pub fn of(query: &Query, size: u64) -> Self {
        Self { number: query.get("page").parse().unwrap_or(1).clamp(1, 1_000_000), size }
    }

    /// All rows in one page, for export.
    #[must_use]
    pub const fn all(most: u64) -> Self {
        Self { number: 1, size: most }
    }

    /// How many rows come before it.
    #[must_use]
    pub const fn offset(self) -> u64 {
        (self.number - 1) * self.size
    }

    /// The links to the other pages, for a list of `total` rows.
    #[must_use]
    pub fn links(self, query: &Query, total: u64) -> maud::Markup {
        let pages = total.div_ceil(self.size).max(1);
        ui::pagination(self.number, pages, |page| {
            if page == 1 { query.with("page", "") } else { query.with("page", &page.to_string()) }
        })
    }
}

//! Two-way tables: exposure of releases to vulnerabilities, and heat.

use maud::{Markup, html};

/// The status of one release to one vulnerability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    UnderInvestigation,
    Affected,
    NotAffected,
    Fixed,
    Unknown,
}

impl Exposure {
    fn parts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Exposure::UnderInvestigation => ("exp exp-open", "?", "Under investigation"),
            Exposure::Affected => ("exp exp-affected", "!", "Affected"),
            Exposure::NotAffected => ("exp exp-not", "–", "Not affected"),
            Exposure::Fixed => ("exp exp-fixed", "✓", "Fixed"),
            Exposure::Unknown => ("exp exp-unknown", "·", "Not assessed"),
        }
    }
}

/// An exposure as a badge with its word.
pub fn exposure(status: Exposure) -> Markup {
    let (class, sign, word) = status.parts();
    html! { span class="exposure" { span class=(class) aria-hidden="true" { (sign) } (word) } }
}

/// One release with its cells.
#[derive(Debug, Clone)]
pub struct ExposureRow {
    label: String,
    note: String,
    href: Option<String>,
    cells: Vec<(Exposure, Option<String>)>,
}

impl ExposureRow {
    /// A row named by its release.
    pub fn new(label: impl Into<String>) -> ExposureRow {
        ExposureRow { label: label.into(), note: String::new(), href: None, cells: Vec::new() }
    }

    /// A quiet line below the name: the support period.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> ExposureRow {
        self.note = note.into();
        self
    }

    /// Makes the name a link.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> ExposureRow {
        self.href = Some(href.into());
        self
    }

    /// Adds a cell, in the order of the columns, with the address where it is assessed.
    #[must_use]
    pub fn cell(mut self, status: Exposure, href: Option<String>) -> ExposureRow {
        self.cells.push((status, href));
        self
    }
}

/// Releases against vulnerabilities.
#[derive(Debug, Clone)]
pub struct ExposureMatrix {
    caption: String,
    columns: Vec<(String, Option<String>)>,
    rows: Vec<ExposureRow>,
}

impl ExposureMatrix {
    /// An empty matrix.
    pub fn new(caption: impl Into<String>) -> ExposureMatrix {
        ExposureMatrix { caption: caption.into(), columns: Vec::new(), rows: Vec::new() }
    }

    /// Adds a vulnerability.
    #[must_use]
    pub fn column(mut self, label: impl Into<String>, href: Option<String>) -> ExposureMatrix {
        self.columns.push((label.into(), href));
        self
    }

    /// Adds a release.
    #[must_use]
    pub fn row(mut self, row: ExposureRow) -> ExposureMatrix {
        self.rows.push(row);
        self
    }

    /// The finished matrix, with the meaning of its signs.
    pub fn markup(&self) -> Markup {
        html! {
            div class="matrix" {
                div class="table-scroll" tabindex="0" role="region" aria-label=(self.caption) {
                    table class="matrix-table" {
                        caption class="sr-only" { (self.caption) }
                        thead {
                            tr {
                                th scope="col" { "Release" }
                                @for (label, href) in &self.columns {
                                    th scope="col" {
                                        @match href { Some(href) => a href=(href) { (label) }, None => (label) }
                                    }
                                }
                            }
                        }
                        tbody { @for row in &self.rows { (matrix_row(row, &self.columns)) } }
                    }
                }
                div class="legend" {
                    @for status in [Exposure::Affected, Exposure::UnderInvestigation, Exposure::Fixed, Exposure::NotAffected, Exposure::Unknown] {
                        (exposure(status))
                    }
                }
            }
        }
    }
}

fn matrix_row(row: &ExposureRow, columns: &[(String, Option<String>)]) -> Markup {
    html! {
        tr {
            th scope="row" {
                @match &row.href { Some(href) => a href=(href) { (row.label) }, None => (row.label) }
                @if !row.note.is_empty() { span class="muted small" { (row.note) } }
            }
            @for ((status, href), (column, _)) in row.cells.iter().zip(columns) {
                @let (class, sign, word) = status.parts();
                @let label = format!("{}, {column}: {word}", row.label);
                td {
                    @match href {
                        Some(href) => a class=(class) href=(href) title=(word) aria-label=(label) { (sign) },
                        None => span class=(class) role="img" title=(word) aria-label=(label) { (sign) },
                    }
                }
            }
        }
    }
}

renders!(ExposureMatrix);

/// A table of counts coloured by size; each row is its name and one count a column.
pub fn heat_table(caption: &str, columns: &[&str], rows: &[(String, Vec<u64>)]) -> Markup {
    let most = rows.iter().flat_map(|(_, counts)| counts.iter().copied()).max().unwrap_or(0);
    html! {
        div class="table-scroll" tabindex="0" role="region" aria-label=(caption) {
            table class="heat" {
                caption { (caption) }
                thead { tr { th scope="col" { span class="sr-only" { "Row" } } @for column in columns { th scope="col" { (column) } } } }
                tbody {
                    @for (label, counts) in rows {
                        tr {
                            th scope="row" { (label) }
                            @for number in counts { td class={"heat-" (heat_level(*number, most))} { (number) } }
                        }
                    }
                }
            }
        }
    }
}

/// Nought stays nought; everything else falls into five equal steps of the largest.
fn heat_level(number: u64, most: u64) -> u64 {
    if number == 0 || most == 0 {
        return 0;
    }
    number.saturating_mul(5).div_ceil(most).clamp(1, 5)
}

#[cfg(test)]
mod tests {
    use super::heat_level;

    #[test]
    fn heat_rises_from_nothing_to_the_largest() {
        assert_eq!([0, 1, 2, 5, 9, 10].map(|number| heat_level(number, 10)), [0, 1, 1, 3, 5, 5]);
        assert_eq!(heat_level(0, 0), 0);
    }
}

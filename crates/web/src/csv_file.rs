//! Lists as CSV files.

use axum::response::{IntoResponse, Response};
use http::header;

/// A CSV file to download, safe to open in a spreadsheet.
pub struct CsvFile {
    name: String,
    rows: Vec<Vec<String>>,
}

impl CsvFile {
    /// A file with this name and these column titles.
    #[must_use]
    pub fn new<const N: usize>(name: &str, titles: [&str; N]) -> Self {
        Self { name: name.to_owned(), rows: vec![titles.iter().map(|title| (*title).to_owned()).collect()] }
    }

    /// The same with titles that are not known by number.
    #[must_use]
    pub fn with_titles(name: &str, titles: Vec<String>) -> Self {
        Self { name: name.to_owned(), rows: vec![titles] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

/// A spreadsheet would run a cell that starts like a formula, so such a cell gets an apostrophe.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

impl IntoResponse for CsvFile {
    fn into_response(self) -> Response {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in &self.rows {
            if writer.write_record(row.iter().map(|cell| harmless(cell))).is_err() {
                return http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        }
        let body = writer.into_inner().unwrap_or_default();
        let name = format!("attachment; filename=\"{}\"", self.name.replace('"', ""));
        ([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], body)
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_are_disarmed_and_numbers_stay() {
        assert_eq!(harmless("=cmd()"), "'=cmd()");
        assert_eq!(harmless("-1.5"), "-1.5");
        assert_eq!(harmless("plain"), "plain");
    }
}

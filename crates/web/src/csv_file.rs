//! Lists as CSV files.

use std::future::Future;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use kernel::{Error, Result};

use crate::download::Download;

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

    /// Sends the rows so far at once, and after them what `next` gives for a state, until it gives nothing: a list of a
    /// million rows starts as soon as a short one and is never in memory as a whole.
    ///
    /// A failure on the way breaks the answer off, so that nobody takes half a file for all of it.
    ///
    /// # Errors
    /// When the rows so far cannot be written.
    pub fn followed_by<S, F, N>(self, state: S, mut next: N) -> Result<Response>
    where
        S: Send + 'static,
        F: Future<Output = Result<Option<(Vec<Vec<String>>, S)>>> + Send + 'static,
        N: FnMut(S) -> F + Send + 'static,
    {
        let first = Bytes::from(text(&self.rows)?);
        let rest = stream::try_unfold(state, move |state| {
            let more = next(state);
            async move {
                let Some((rows, state)) = more.await? else { return Ok::<_, Error>(None) };
                Ok(Some((Bytes::from(text(&rows)?), state)))
            }
        });
        let all = stream::once(async move { Ok::<_, Error>(first) }).chain(rest);
        Ok(download(&self.name, Body::from_stream(all)))
    }
}

fn download(name: &str, content: impl Into<Body>) -> Response {
    Download::new(name, content).of_type("text/csv; charset=utf-8").into_response()
}

fn text(rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
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
        match text(&self.rows) {
            Ok(body) => download(&self.name, body),
            Err(_) => http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
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

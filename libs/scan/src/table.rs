//! Tables (CSV and its kin) for readers: rows with cells by column name.

use std::io::BufRead;

use csv::StringRecord;

use crate::Error;

/// Rows under a header line.
pub(crate) struct Table<'a> {
    reader: csv::Reader<Box<dyn BufRead + 'a>>,
    columns: Vec<String>,
}

/// One row.
pub(crate) struct Row<'t> {
    columns: &'t [String],
    cells: StringRecord,
}

impl<'a> Table<'a> {
    /// Reads the header line; the delimiter is the one of `,` `;` tab `|` that parts it most.
    pub(crate) fn new(mut source: Box<dyn BufRead + 'a>) -> Result<Self, Error> {
        let start = source.fill_buf()?;
        let line = start.split(|byte| *byte == b'\n').find(|line| !line.is_empty()).unwrap_or_default();
        let delimiter = delimiter(line);
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(source);
        let mut header = StringRecord::new();
        reader.read_record(&mut header)?;
        let columns = header.iter().map(column).collect();
        Ok(Self { reader, columns })
    }

    /// The next row that has any text; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Error> {
        let mut cells = StringRecord::new();
        while self.reader.read_record(&mut cells)? {
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(Row { columns: &self.columns, cells }));
            }
        }
        Ok(None)
    }
}

/// The delimiter of a header line.
pub(crate) fn delimiter(line: &[u8]) -> u8 {
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// A column name as it is compared: trimmed, lower case, without byte-order mark.
pub(crate) fn column(name: &str) -> String {
    name.trim_start_matches('\u{feff}').trim().to_lowercase()
}

impl Row<'_> {
    /// Whether the table has this column.
    pub(crate) fn has(&self, name: &str) -> bool {
        let name = column(name);
        self.columns.contains(&name)
    }

    /// The cell under this column, trimmed; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        let name = column(name);
        let index = self.columns.iter().position(|column| *column == name);
        index.and_then(|index| self.cells.get(index)).unwrap_or_default().trim()
    }

    /// The cell under this column, or nothing where it is empty.
    pub(crate) fn opt(&self, name: &str) -> Option<String> {
        crate::text::some(self.get(name))
    }

    /// The first of these columns that has text.
    pub(crate) fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.opt(name))
    }

    /// The number under this column.
    pub(crate) fn num(&self, name: &str) -> Option<f64> {
        crate::text::number(self.get(name))
    }
}

//! The cells of a workbook, read sparsely and within bounds.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use limits::Limits;

use crate::error::Error;

/// Rows and columns beyond these are not read: toolboxes have 450 rows and 40 columns.
const ROWS: u32 = 5_000;
const COLUMNS: u32 = 100;
/// Most cells of one sheet.
const CELLS: usize = 200_000;
/// Most files in the archive.
const ENTRIES: usize = 2_000;
/// Most bytes that a workbook of this kind expands to.
const EXPANDED: u64 = 256 << 20;

/// What a cell shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Number(f64),
}

/// A cell: its literal or cached value, and its formula.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) value: Option<Value>,
    pub(crate) formula: Option<String>,
}

/// A sheet; rows and columns counted from 1 and `A` as people see them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    cells: BTreeMap<(u32, u32), Cell>,
}

/// The column number of a letter.
fn column(letter: char) -> u32 {
    u32::from(letter).saturating_sub(u32::from('A'))
}

impl Sheet {
    pub(crate) fn cell(&self, letter: char, row: u32) -> Option<&Cell> {
        self.cells.get(&(row, column(letter)))
    }

    /// The text of a cell without the blanks around it; none when it is empty or a number.
    pub(crate) fn text(&self, letter: char, row: u32) -> Option<&str> {
        match self.cell(letter, row)?.value.as_ref()? {
            Value::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            Value::Text(_) | Value::Number(_) => None,
        }
    }

    /// The text of a cell as it is.
    pub(crate) fn raw(&self, letter: char, row: u32) -> Option<&str> {
        match self.cell(letter, row)?.value.as_ref()? {
            Value::Text(text) => Some(text.as_str()),
            Value::Number(_) => None,
        }
    }

    pub(crate) fn number(&self, letter: char, row: u32) -> Option<f64> {
        match self.cell(letter, row)?.value.as_ref()? {
            Value::Number(number) => Some(*number),
            // Some programs write a formula's result as text.
            Value::Text(text) => text.trim().parse().ok(),
        }
    }

    pub(crate) fn formula(&self, letter: char, row: u32) -> Option<&str> {
        self.cell(letter, row)?.formula.as_deref()
    }

    pub(crate) fn last_row(&self) -> u32 {
        self.cells.last_key_value().map_or(0, |((row, _), _)| *row)
    }

    /// The name of a cell for people, such as `Interview!E18`.
    pub(crate) fn place(&self, letter: char, row: u32) -> String {
        format!("{}!{letter}{row}", self.name)
    }
}

/// An open workbook.
pub(crate) struct Book<'a> {
    xlsx: Xlsx<Cursor<&'a [u8]>>,
}

impl<'a> Book<'a> {
    /// Opens a workbook after unpacking every file of its archive once, within bounds, to nowhere: declared lengths
    /// can lie, and the spreadsheet reader trusts them.
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        limits.check_bytes(u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        let bound = Limits { expanded: limits.expanded.min(EXPANDED), ..*limits };
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| Error::new("this is no .xlsx workbook: it is not a ZIP archive, or it is damaged"))?;
        if archive.len() > ENTRIES {
            return Err(Error::new(format!("the workbook has more than {ENTRIES} parts")));
        }
        let mut total: u64 = 0;
        for index in 0..archive.len() {
            let entry =
                archive.by_index(index).map_err(|error| Error::new(format!("the workbook is damaged: {error}")))?;
            let rest = bound.expanded.saturating_sub(total).saturating_add(1);
            let count = std::io::copy(&mut entry.take(rest), &mut std::io::sink())
                .map_err(|error| Error::new(format!("the workbook is damaged: {error}")))?;
            total = total.saturating_add(count);
            bound.check_expanded(total)?;
        }
        let xlsx = Xlsx::new(Cursor::new(bytes))
            .map_err(|error| Error::new(format!("this is no .xlsx workbook, or it is damaged: {error}")))?;
        Ok(Self { xlsx })
    }

    /// Whether there is a sheet of this name; upper and lower case are the same.
    fn name(&self, wanted: &str) -> Option<String> {
        self.xlsx.sheet_names().into_iter().find(|name| name.trim().eq_ignore_ascii_case(wanted))
    }

    /// Reads one sheet; none when there is none of this name.
    pub(crate) fn sheet(&mut self, wanted: &str) -> Result<Option<Sheet>, Error> {
        let Some(name) = self.name(wanted) else { return Ok(None) };
        let damaged = |error: calamine::XlsxError| Error::new(format!("the sheet {name} cannot be read: {error}"));
        let mut sheet = Sheet { name: wanted.to_owned(), cells: BTreeMap::new() };
        let mut reader = self.xlsx.worksheet_cells_reader(&name).map_err(damaged)?;
        while let Some(record) = reader.next_cell_with_formula().map_err(damaged)? {
            let (row, column) = record.pos;
            if row >= ROWS || column >= COLUMNS {
                continue;
            }
            let value = match record.value {
                DataRef::String(text) => Some(Value::Text(text)),
                DataRef::SharedString(text) => Some(Value::Text(text.to_owned())),
                DataRef::Float(number) => Some(Value::Number(number)),
                #[expect(clippy::cast_precision_loss, reason = "cells hold small whole numbers")]
                DataRef::Int(number) => Some(Value::Number(number as f64)),
                DataRef::Bool(_)
                | DataRef::DateTime(_)
                | DataRef::DateTimeIso(_)
                | DataRef::DurationIso(_)
                | DataRef::Error(_)
                | DataRef::Empty => None,
                #[expect(unreachable_patterns, reason = "the type may gain variants")]
                _ => None,
            };
            if value.is_some() || record.formula.is_some() {
                sheet.cells.insert((row.saturating_add(1), column), Cell { value, formula: record.formula });
            }
            if sheet.cells.len() > CELLS {
                return Err(Error::new(format!("the sheet {name} has more than {CELLS} cells")));
            }
        }
        Ok(Some(sheet))
    }
}

//! Workbooks (Office Open XML, ECMA-376 part 1) as tables: each sheet becomes text with a header line.

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek};

use limits::Limits;
use zip::ZipArchive;

use crate::Error;
use crate::xml::{Node, Xml};

/// Columns of a sheet that are kept; a cell far to the right must not blow every row up.
const COLUMNS: usize = 512;

/// Whether an archive is a workbook.
pub(crate) fn is_workbook<R: Read + Seek>(archive: &ZipArchive<R>) -> bool {
    archive.index_for_name("xl/workbook.xml").is_some()
}

/// The sheets in their order as comma-separated text, without empty rows.
///
/// # Errors
/// [`Error::Malformed`] when a part is missing or broken; [`Error::Limit`] when the workbook expands too far.
pub(crate) fn tables<R: Read + Seek>(archive: &mut ZipArchive<R>, limits: &Limits) -> Result<Vec<Vec<u8>>, Error> {
    let mut parts = Parts { archive, limits, expanded: 0 };
    let workbook = tree(&parts.read("xl/workbook.xml")?, limits)?;
    let relations = tree(&parts.read("xl/_rels/workbook.xml.rels")?, limits)?;
    let targets: HashMap<&str, &str> =
        relations.list("Relationship").map(|relation| (relation.attr("Id"), relation.attr("Target"))).collect();
    let shared = match parts.read("xl/sharedStrings.xml") {
        Ok(bytes) => strings(&bytes, limits)?,
        Err(Error::Malformed(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut tables = Vec::new();
    for sheet in workbook.list("sheets/sheet") {
        let relation = sheet.attributes.iter().find(|(name, _)| name.ends_with(":id"));
        let Some(target) = relation.and_then(|(_, id)| targets.get(id.as_str())) else { continue };
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        let bytes = parts.read(&path)?;
        let table = rows(&bytes, &shared, limits)?;
        parts.spend(table.len())?;
        tables.push(table);
    }
    Ok(tables)
}

struct Parts<'a, R: Read + Seek> {
    archive: &'a mut ZipArchive<R>,
    limits: &'a Limits,
    expanded: u64,
}

impl<R: Read + Seek> Parts<'_, R> {
    fn read(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let room = self.limits.expanded.saturating_sub(self.expanded).saturating_add(1);
        let part = self
            .archive
            .by_name(name)
            .map_err(|error| Error::malformed(format!("the workbook has no {name}: {error}")))?;
        part.take(room).read_to_end(&mut bytes)?;
        self.spend(bytes.len())?;
        Ok(bytes)
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Error> {
        self.expanded = self.expanded.saturating_add(bytes as u64);
        Ok(self.limits.check_expanded(self.expanded)?)
    }
}

fn tree(bytes: &[u8], limits: &Limits) -> Result<Node, Error> {
    Xml::new(Box::new(Cursor::new(bytes)), *limits).tree()
}

/// The text of a string item: its runs one after the other, without the phonetic ones.
fn text(item: &Node) -> String {
    let own = item.children.iter().filter(|node| node.name == "t").map(|node| node.text.as_str());
    let runs = item
        .children
        .iter()
        .filter(|node| node.name == "r")
        .filter_map(|run| run.child("t"))
        .map(|node| node.text.as_str());
    own.chain(runs).collect()
}

fn strings(bytes: &[u8], limits: &Limits) -> Result<Vec<String>, Error> {
    let mut xml = Xml::new(Box::new(Cursor::new(bytes)), *limits);
    let mut strings = Vec::new();
    while let Some(item) = xml.next(&["si"])? {
        strings.push(text(&item));
    }
    Ok(strings)
}

fn rows(bytes: &[u8], shared: &[String], limits: &Limits) -> Result<Vec<u8>, Error> {
    let mut xml = Xml::new(Box::new(Cursor::new(bytes)), *limits);
    let mut table = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let mut length = 0_usize;
    while let Some(row) = xml.next(&["row"])? {
        let mut cells: Vec<String> = Vec::new();
        for cell in row.list("c") {
            let column = column(cell.attr("r")).unwrap_or(cells.len());
            if column >= COLUMNS {
                continue;
            }
            if cells.len() <= column {
                cells.resize(column.saturating_add(1), String::new());
            }
            if let Some(place) = cells.get_mut(column) {
                *place = value(cell, shared);
            }
        }
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            length = length.saturating_add(cells.iter().map(String::len).sum::<usize>()).saturating_add(cells.len());
            limits.check_expanded(length as u64)?;
            table.write_record(&cells)?;
        }
    }
    table.into_inner().map_err(|error| Error::malformed(format!("a sheet cannot be read: {error}")))
}

fn value(cell: &Node, shared: &[String]) -> String {
    match cell.attr("t") {
        "s" => cell.text("v").parse::<usize>().ok().and_then(|index| shared.get(index).cloned()).unwrap_or_default(),
        "inlineStr" => cell.child("is").map(text).unwrap_or_default(),
        "b" => if cell.text("v") == "1" { "true" } else { "false" }.to_owned(),
        _ => cell.text("v").to_owned(),
    }
}

/// The column of a reference such as `AB12`, from 0.
fn column(reference: &str) -> Option<usize> {
    let mut column = 0_usize;
    for letter in reference.bytes().take_while(u8::is_ascii_alphabetic).take(3) {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A')?;
        column = column.saturating_mul(26).saturating_add(usize::from(digit)).saturating_add(1);
    }
    column.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn workbook(sheet: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, text) in [
            (
                "xl/workbook.xml",
                "<workbook xmlns:r='x'><sheets><sheet name='One' sheetId='1' r:id='rId1'/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/></Relationships>",
            ),
            ("xl/sharedStrings.xml", "<sst><si><t>tag</t></si><si><r><t>two </t></r><r><t>runs</t></r></si></sst>"),
            ("xl/worksheets/sheet1.xml", sheet),
        ] {
            zip.start_file(name, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn cells_of_every_kind_are_read() {
        let bytes = workbook(
            "<worksheet><sheetData><row/><row><c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>1</v></c></row>\
             <row><c r='B2' t='inlineStr'><is><t>a, b</t></is></c><c><v>4.5</v></c><c r='ZZZ2'><v>far</v></c></row></sheetData></worksheet>",
        );
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let tables = tables(&mut archive, &Limits::FILE).unwrap();
        assert_eq!(String::from_utf8(tables.concat()).unwrap(), "tag,,two runs\n,\"a, b\",4.5\n");
    }

    #[test]
    fn columns_are_counted_in_letters() {
        assert_eq!((column("A1"), column("Z9"), column("AB12"), column("12")), (Some(0), Some(25), Some(27), None));
    }
}

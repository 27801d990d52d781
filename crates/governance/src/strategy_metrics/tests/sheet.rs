//! A small workbook in the layout of the 1.5 toolbox, with invented questions.

use std::io::Write;

fn cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
}

fn formula(at: &str, formula: &str, value: &str) -> String {
    format!("<c r=\"{at}\"><f>{formula}</f><v>{value}</v></c>")
}

fn sheet(rows: &[(u32, String)]) -> String {
    let rows: String = rows.iter().map(|(row, cells)| format!("<row r=\"{row}\">{cells}</row>")).collect();
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    )
}

/// One practice of three questions, one a level; the first answer is given, the others are "All" and "None".
pub(super) fn workbook(first: &str) -> Vec<u8> {
    let lookup = |row: u32| format!("IFERROR(VLOOKUP(E{row},AnswerCTBL,2,FALSE),0)");
    let question = |row: u32, level: &str, text: &str, answer: &str, value: &str| {
        let cells = [
            cell(&format!("B{row}"), level),
            cell(&format!("C{row}"), text),
            cell(&format!("E{row}"), answer),
            formula(&format!("G{row}"), &lookup(row), value),
            formula(&format!("H{row}"), &format!("IFERROR(AVERAGE(G{row}),0)"), value),
            if level == "LA1" { formula(&format!("J{row}"), "SUM(H18,H20,H22)", "1.5") } else { String::new() },
        ];
        (row, cells.concat())
    };
    let interview = sheet(&[
        (10, cell("B10", "Organization:") + &cell("D10", "Halden Systems")),
        (16, cell("B16", "Upper floor")),
        (17, cell("B17", "Lamps") + &cell("E17", "Answer")),
        question(18, "LA1", "Is there a lamp?", first, "0.5"),
        question(20, "LA2", "Is there a second?", "All", "1"),
        question(22, "LA3", "Is there a third?", "None", "0"),
    ]);
    let lookups: Vec<(u32, String)> = [(4, "None", "0"), (5, "A few", "0.2"), (6, "Half", "0.5"), (7, "All", "1")]
        .iter()
        .map(|(row, text, value)| {
            let letter = if *row == 4 { cell("H4", "C") } else { String::new() };
            (*row, letter + &cell(&format!("J{row}"), text) + &format!("<c r=\"K{row}\"><v>{value}</v></c>"))
        })
        .collect();
    let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let files = [
        ("xl/worksheets/sheet1.xml", interview),
        ("xl/worksheets/sheet2.xml", sheet(&lookups)),
        (
            "xl/workbook.xml",
            format!(
                "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{relationships}\"><sheets><sheet name=\"Interview\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Lookups\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<?xml version=\"1.0\"?><Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{relationships}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{relationships}/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<?xml version=\"1.0\"?><Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{relationships}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
    ];
    archive(&files)
}

/// A ZIP archive.
pub(super) fn archive(files: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

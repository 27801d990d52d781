//! Small workbooks in the layout of the toolboxes, with invented questions.

use std::io::Write;

/// A cell: address, text or number, and a formula.
pub(crate) enum Put {
    Text(&'static str, String),
    Number(&'static str, f64),
    Formula(&'static str, &'static str, Option<f64>),
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn row_of(address: &str) -> u32 {
    address.trim_start_matches(|c: char| c.is_ascii_uppercase()).parse().unwrap()
}

fn sheet(cells: &[Put]) -> String {
    let address = |put: &Put| match put {
        Put::Text(address, _) | Put::Number(address, _) | Put::Formula(address, _, _) => *address,
    };
    let mut order: Vec<&Put> = cells.iter().collect();
    order.sort_by_key(|put| (row_of(address(put)), address(put)));
    let mut xml = String::from(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    let mut open = 0;
    for put in order {
        let row = row_of(address(put));
        if row != open {
            xml.push_str(if open == 0 { "" } else { "</row>" });
            xml.push_str(&format!(r#"<row r="{row}">"#));
            open = row;
        }
        match put {
            Put::Text(at, text) => {
                xml.push_str(&format!(
                    r#"<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>"#,
                    escape(text)
                ));
            }
            Put::Number(at, number) => xml.push_str(&format!(r#"<c r="{at}"><v>{number}</v></c>"#)),
            Put::Formula(at, formula, value) => {
                let value = value.map_or_else(String::new, |value| format!("<v>{value}</v>"));
                xml.push_str(&format!(r#"<c r="{at}"><f>{formula}</f>{value}</c>"#));
            }
        }
    }
    xml.push_str(if open == 0 { "" } else { "</row>" });
    xml.push_str("</sheetData></worksheet>");
    xml
}

/// A workbook of named sheets.
pub(crate) fn workbook(sheets: &[(&str, &[Put])]) -> Vec<u8> {
    let mut names = String::new();
    let mut links = String::new();
    let mut files = Vec::new();
    for (index, (name, cells)) in sheets.iter().enumerate() {
        let number = index + 1;
        names.push_str(&format!(r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#));
        links.push_str(&format!(
            r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        ));
        files.push((format!("xl/worksheets/sheet{number}.xml"), sheet(cells)));
    }
    files.push((
        "xl/workbook.xml".to_owned(),
        format!(
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{names}</sheets></workbook>"#
        ),
    ));
    files.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!(
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>"#
        ),
    ));
    files.push((
        "_rels/.rels".to_owned(),
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            .to_owned(),
    ));
    archive(&files)
}

/// A ZIP archive.
pub(crate) fn archive(files: &[(String, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in files {
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn text(at: &'static str, words: &str) -> Put {
    Put::Text(at, words.to_owned())
}

/// The 1.5 layout with one practice of four questions; `answers` stand in E, and `shown` in the score cells.
pub(crate) fn first(answers: [&str; 4], shown: [f64; 4]) -> Vec<u8> {
    let interview = [
        text("B10", "Organization:"),
        text("D10", "Halden Systems"),
        text("B16", "Upper floor"),
        text("B17", "Lamps"),
        text("E17", "Answer"),
        text("B18", "LA1"),
        text("C18", "Is there a lamp?"),
        text("E18", answers[0]),
        Put::Formula("G18", "IFERROR(VLOOKUP(E18,AnswerCTBL,2,FALSE),0)", None),
        Put::Formula("H18", "IFERROR(AVERAGE(G18,G20),0)", Some(shown[0])),
        Put::Formula("J18", "SUM(H18,H22,H24)", Some(shown[3])),
        text("C19", "Guidance:"),
        text("D19", "It gives light."),
        text("C20", "Does it burn?"),
        text("E20", answers[1]),
        Put::Formula("G20", "IFERROR(VLOOKUP(E20,AnswerETBL,2,FALSE),0)", None),
        text("B22", "LA2"),
        text("C22", "Is there a second?"),
        text("E22", answers[2]),
        Put::Formula("G22", "IFERROR(VLOOKUP(E22,AnswerCTBL,2,FALSE),0)", None),
        Put::Formula("H22", "IFERROR(AVERAGE(G22),0)", Some(shown[1])),
        text("B24", "LA3"),
        text("C24", "Is there a third?"),
        text("E24", answers[3]),
        Put::Formula("G24", "IFERROR(VLOOKUP(E24,AnswerCTBL,2,FALSE),0)", None),
        Put::Formula("H24", "IFERROR(AVERAGE(G24),0)", Some(shown[2])),
    ];
    let lookups = [
        text("H4", "C"),
        text("J4", "None"),
        Put::Number("K4", 0.0),
        text("J5", "A few"),
        Put::Number("K5", 0.2),
        text("J6", "Half"),
        Put::Number("K6", 0.5),
        text("J7", "All"),
        Put::Number("K7", 1.0),
        text("H9", "E"),
        text("J9", "No, it is not applicable"),
        Put::Number("K9", 1.0),
        text("J10", "None"),
        Put::Number("K10", 0.0),
    ];
    workbook(&[("Interview", &interview), ("Lookups", &lookups)])
}

/// The 2.x layout with one practice of three levels and two streams; answers level by level, stream A first.
pub(crate) fn second(answers: [&str; 6]) -> Vec<u8> {
    let rows: [(&str, &str, &str, &str); 6] = [
        ("A18", "X-LA-A-1-1", "F18", "G18"),
        ("A25", "X-LA-B-1-1", "F25", "G25"),
        ("A20", "X-LA-A-2-1", "F20", "G20"),
        ("A27", "X-LA-B-2-1", "F27", "G27"),
        ("A22", "X-LA-A-3-1", "F22", "G22"),
        ("A29", "X-LA-B-3-1", "F29", "G29"),
    ];
    let mut interview = vec![
        text("B16", "Upper floor"),
        text("B17", "Stream"),
        text("C17", "Level"),
        text("D17", "Lamps"),
        text("F17", "Answer"),
    ];
    for ((id_at, id, answer_at, formula_at), answer) in rows.into_iter().zip(answers) {
        interview.push(text(id_at, id));
        interview.push(text(answer_at, answer));
        interview.push(Put::Formula(formula_at, "IFERROR(VLOOKUP(F18,AnsBTBL,2,FALSE),0)", None));
    }
    let mut sets = vec![text("A1", "ANS_SET_CODE")];
    for (code, at) in [
        (0.0, ["A2", "B2", "C2", "D2", "E2", "F2", "G2", "H2", "I2"]),
        (1.0, ["A3", "B3", "C3", "D3", "E3", "F3", "G3", "H3", "I3"]),
    ] {
        sets.push(Put::Number(at[0], code));
        for (at, words) in at[1..5].iter().zip(["None", "A few", "Half", "All"]) {
            sets.push(text(at, words));
        }
        for (at, worth) in at[5..9].iter().zip([0.0, 0.25, 0.5, 1.0]) {
            sets.push(Put::Number(at, worth));
        }
    }
    workbook(&[("Interview", &interview), ("imp-answers", &sets)])
}

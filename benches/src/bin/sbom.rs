//! Reads a generated CycloneDX document of 250 MB in JSON and in XML, and says how long it took and how much memory.

use std::io::Write;
use std::time::Instant;

use benches::{Dice, peak};
use limits::Limits;

/// Length of the documents.
const LENGTH: usize = 250_000_000;

#[expect(clippy::print_stdout, reason = "the result is for people")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (name, write) in [("json", json as fn(&mut dyn Write) -> std::io::Result<()>), ("xml", xml)] {
        let path = std::env::temp_dir().join(format!("portcullis-bench-{}.{name}", std::process::id()));
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
        write(&mut file)?;
        file.flush()?;
        drop(file);
        let start = Instant::now();
        let read = sbom::read(std::fs::File::open(&path)?, &Limits::FILE);
        let took = start.elapsed();
        let length = std::fs::metadata(&path)?.len();
        std::fs::remove_file(&path)?;
        let document = read?;
        let edges: usize = document.dependencies.iter().map(|dependency| dependency.depends_on.len()).sum();
        println!(
            "{name}: {} MB, {} components, {edges} edges, {} findings in {:.2} s; at most {} of memory (goal: 20 s, 512 MB)",
            length / 1_000_000,
            document.components.len(),
            document.findings.len(),
            took.as_secs_f64(),
            peak()
        );
    }
    Ok(())
}

/// A hexadecimal digest of `length` digits.
fn digest(dice: &mut Dice, length: usize) -> String {
    (0..length).map(|_| char::from_digit(u32::try_from(dice.roll(16)).unwrap_or(0), 16).unwrap_or('0')).collect()
}

const LICENCES: [&str; 5] = ["MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "MPL-2.0"];

fn json(out: &mut dyn Write) -> std::io::Result<()> {
    let mut dice = Dice::new(1);
    let mut written = 0;
    let mut count = 0;
    write!(out, r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":["#)?;
    while written < LENGTH * 7 / 10 {
        let comma = if count == 0 { "" } else { "," };
        let licence = LICENCES.get(dice.roll(LICENCES.len())).unwrap_or(&"MIT");
        let text = format!(
            r#"{comma}{{"type":"library","bom-ref":"pkg:npm/halden/part-{count}@1.{}.0","group":"halden","name":"part-{count}","version":"1.{}.0","description":"Part {count} of a generated inventory, of no use to anybody but a benchmark","licenses":[{{"license":{{"id":"{licence}"}}}}],"purl":"pkg:npm/halden/part-{count}@1.{}.0","hashes":[{{"alg":"SHA-256","content":"{}"}}],"externalReferences":[{{"type":"vcs","url":"https://halden.example/parts/{count}.git"}}]}}"#,
            count % 7,
            count % 7,
            count % 7,
            digest(&mut dice, 64),
        );
        written += text.len();
        out.write_all(text.as_bytes())?;
        count += 1;
    }
    write!(out, r#"],"dependencies":["#)?;
    let mut index = 0;
    while written < LENGTH && index < count {
        let comma = if index == 0 { "" } else { "," };
        let on: Vec<String> = (0..3)
            .map(|_| dice.roll(count))
            .map(|other| format!(r#""pkg:npm/halden/part-{other}@1.{}.0""#, other % 7))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        let text = format!(
            r#"{comma}{{"ref":"pkg:npm/halden/part-{index}@1.{}.0","dependsOn":[{}]}}"#,
            index % 7,
            on.join(",")
        );
        written += text.len();
        out.write_all(text.as_bytes())?;
        index += 1;
    }
    write!(out, "]}}")
}

fn xml(out: &mut dyn Write) -> std::io::Result<()> {
    let mut dice = Dice::new(1);
    let mut written = 0;
    let mut count = 0;
    write!(out, r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components>"#)?;
    while written < LENGTH {
        let licence = LICENCES.get(dice.roll(LICENCES.len())).unwrap_or(&"MIT");
        let text = format!(
            "\n  <component type=\"library\" bom-ref=\"part-{count}\"><group>halden</group><name>part-{count}</name><version>1.{}.0</version><hashes><hash alg=\"SHA-256\">{}</hash></hashes><licenses><license><id>{licence}</id></license></licenses><purl>pkg:npm/halden/part-{count}@1.0.0</purl></component>",
            count % 7,
            digest(&mut dice, 64),
        );
        written += text.len();
        out.write_all(text.as_bytes())?;
        count += 1;
    }
    write!(out, "</components></bom>")
}

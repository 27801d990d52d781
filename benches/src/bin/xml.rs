//! Reads generated XML reports of 100 MB in several formats from a stream; says how fast and with how much memory.
//!
//! Without arguments it starts itself once for each format, so that each has a peak of its own; an argument names one
//! format.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use benches::{Dice, peak, processor_time};
use limits::Limits;
use scan::Finding;

type Failure = Box<dyn std::error::Error>;

/// Length of the reports.
const LENGTH: usize = 100_000_000;

const TEXT: &str = "The header that the handler receives is used without a check of its length. Whoever can send a \
                    crafted header may read or write outside of the buffer. Update to release 2.1.0 of the program.";

/// Opens a report, writes its entry of this number, closes it.
struct Format {
    name: &'static str,
    start: &'static str,
    entry: fn(usize, &mut Dice) -> String,
    end: &'static str,
}

const FORMATS: [Format; 7] = [
    Format {
        name: "nessus",
        start: "<?xml version=\"1.0\" ?><NessusClientData_v2><Report name=\"r\"><ReportHost name=\"192.0.2.7\"><HostProperties><tag name=\"host-ip\">192.0.2.7</tag></HostProperties>",
        entry: |number, dice| {
            format!(
                "<ReportItem port=\"{}\" svc_name=\"www\" protocol=\"tcp\" severity=\"{}\" pluginID=\"{}\" pluginName=\"Plugin {number}\" pluginFamily=\"General\"><description>{TEXT}</description><solution>Update.</solution><synopsis>Short {number}</synopsis><cvss3_base_score>{}.4</cvss3_base_score><plugin_output>seen {number}</plugin_output></ReportItem>\n",
                dice.roll(60_000),
                dice.roll(5),
                10_000 + number,
                dice.roll(10)
            )
        },
        end: "</ReportHost></Report></NessusClientData_v2>",
    },
    Format {
        name: "openvas",
        start: "<report format_id=\"a\"><report id=\"b\"><gmp><version>22.4</version></gmp><results>",
        entry: |number, dice| {
            format!(
                "<result id=\"{number}\"><name>Test {number}</name><host>192.0.2.{}</host><port>{}/tcp</port><nvt oid=\"1.3.6.1.4.1.25623.1.0.{number}\"><name>Test {number}</name><tags>summary={TEXT}|solution=Update.</tags></nvt><threat>Medium</threat><severity>5.{}</severity><description>Seen {number}. {TEXT}</description></result>\n",
                dice.roll(250),
                dice.roll(60_000),
                dice.roll(10)
            )
        },
        end: "</results></report></report>",
    },
    Format {
        name: "nmap",
        start: "<?xml version=\"1.0\"?><nmaprun scanner=\"nmap\" version=\"7.94\">",
        entry: |number, dice| {
            let ports: String = (0..10)
                .map(|_| dice.roll(60_000))
                .map(|port| format!("<port protocol=\"tcp\" portid=\"{port}\"><state state=\"open\" reason=\"syn-ack\"/><service name=\"http\" product=\"Halden Gate\" version=\"2.1\" method=\"probed\"/><script id=\"http-title\" output=\"Page {number}\"/></port>"))
                .collect();
            format!(
                "<host><status state=\"up\"/><address addr=\"10.{}.{}.{}\" addrtype=\"ipv4\"/><ports>{ports}</ports></host>\n",
                number / 65_536,
                number / 256 % 256,
                number % 256
            )
        },
        end: "</nmaprun>",
    },
    Format {
        name: "xccdf",
        start: "<?xml version=\"1.0\"?><TestResult xmlns=\"http://checklists.nist.gov/xccdf/1.2\" id=\"t\"><target>gate.halden.example</target>",
        entry: |number, dice| {
            let result = if dice.roll(2) == 0 { "pass" } else { "fail" };
            format!(
                "<rule-result idref=\"xccdf_example_rule_{number}\" severity=\"medium\"><result>{result}</result><ident system=\"https://halden.example\">ID-{number}</ident><message severity=\"info\">{TEXT}</message><check system=\"oval\"><check-content-ref href=\"oval.xml\" name=\"oval:def:{number}\"/></check></rule-result>\n"
            )
        },
        end: "</TestResult>",
    },
    Format {
        name: "junit",
        start: "<testsuites><testsuite name=\"suite\">",
        entry: |number, dice| {
            let failure =
                if dice.roll(2) == 0 { format!("<failure message=\"no\">{TEXT}</failure>") } else { String::new() };
            format!(
                "<testcase classname=\"halden.Gate\" name=\"case_{number}\" time=\"0.1\">{failure}<system-out>{TEXT}</system-out></testcase>\n"
            )
        },
        end: "</testsuite></testsuites>",
    },
    Format {
        name: "burp",
        start: "<issues burpVersion=\"2024.1\">",
        entry: |number, dice| {
            format!(
                "<issue><serialNumber>{number}</serialNumber><type>{}</type><name>Issue</name><host ip=\"192.0.2.1\">https://halden.example</host><path>/page/{number}</path><severity>High</severity><issueBackground>{TEXT}</issueBackground><requestresponse><request method=\"GET\" base64=\"true\">R0VUIC8gSFRUUC8xLjE=</request></requestresponse></issue>\n",
                1_000 + dice.roll(100_000)
            )
        },
        end: "</issues>",
    },
    Format {
        name: "spotbugs",
        start: "<BugCollection version=\"4.8\">",
        entry: |number, dice| {
            format!(
                "<BugInstance type=\"EX_{}\" priority=\"{}\" category=\"SECURITY\" instanceHash=\"{number:032x}\"><ShortMessage>Unchecked length {number}</ShortMessage><LongMessage>{TEXT}</LongMessage><Class classname=\"example.halden.Gate{number}\"><SourceLine sourcepath=\"example/halden/Gate{number}.java\" start=\"{}\" end=\"900\"/></Class></BugInstance>\n",
                dice.roll(50),
                dice.roll(3) + 1,
                dice.roll(800) + 1
            )
        },
        end: "<BugPattern type=\"EX_1\"><Details>Check it.</Details></BugPattern></BugCollection>",
    },
];

fn main() -> Result<(), Failure> {
    if let Some(name) = std::env::args().nth(1) {
        let format = FORMATS.iter().find(|format| format.name == name).ok_or("no such format")?;
        let path = std::env::temp_dir().join(format!("portcullis-bench-{}.xml", std::process::id()));
        write_report(&path, format)?;
        let read = read_report(&path, format);
        std::fs::remove_file(&path)?;
        return read;
    }
    for format in &FORMATS {
        if !Command::new(std::env::current_exe()?).arg(format.name).status()?.success() {
            return Err(format!("{} failed", format.name).into());
        }
    }
    Ok(())
}

fn write_report(path: &Path, format: &Format) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut dice = Dice::new(1);
    out.write_all(format.start.as_bytes())?;
    let (mut written, mut number) = (0, 0);
    while written < LENGTH {
        let entry = (format.entry)(number, &mut dice);
        out.write_all(entry.as_bytes())?;
        written += entry.len();
        number += 1;
    }
    out.write_all(format.end.as_bytes())?;
    out.flush()
}

#[expect(clippy::print_stdout, reason = "the result is for people")]
fn read_report(path: &Path, format: &Format) -> Result<(), Failure> {
    let megabytes = f64::from(u32::try_from(std::fs::metadata(path)?.len())?) / 1e6;
    let start = processor_time();
    let limits = Limits::FILE;
    let mut sink = |finding: Finding| {
        std::hint::black_box(&finding);
    };
    let summary = scan::read_stream(Box::new(File::open(path)?), None, &limits, &mut sink)?;
    if summary.tool != format.name && format.name != "xccdf" {
        return Err(format!("recognised as {}", summary.tool).into());
    }
    if let Some(broken) = summary.broken {
        return Err(broken.into());
    }
    println!(
        "{:<9} {megabytes:.0} MB, {} findings, {:.1} s, at most {} of memory (goal: 256 MB)",
        format.name,
        summary.findings,
        processor_time() - start,
        peak()
    );
    Ok(())
}

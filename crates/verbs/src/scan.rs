//! `portcullis scan …`: reports of scanners read into findings.

use std::io::Write;

use limits::Limits;
use scan::{Finding, ReadSeek, Severity, Sink, Summary};

use crate::{Outcome, input};

/// Arguments of `portcullis scan`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Read reports of scanners; the tool is recognised from the content.
    Read(ReadArgs),
    /// List the tools whose reports are read.
    Tools,
}

#[derive(Debug, clap::Args)]
struct ReadArgs {
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// Read every file as a report of this tool.
    #[arg(long, value_name = "NAME")]
    tool: Option<String>,
    /// Reports; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

/// Files up to this length are read at once, longer ones in a stream.
const AT_ONCE: u64 = 32 << 20;

pub(crate) fn run(args: Args) -> Outcome {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.verb {
        Verb::Read(args) => read(&args, &mut out),
        Verb::Tools => {
            for tool in scan::tools() {
                let _closed_pipe = writeln!(out, "{:<24} {}", tool.name, tool.title);
            }
            Outcome::Good
        }
    }
}

fn read(args: &ReadArgs, out: &mut impl Write) -> Outcome {
    let mut outcome = Outcome::Good;
    for file in &args.files {
        let whole = if args.json {
            let mut line = Line { out, file, open: false, findings: 0 };
            let read = read_file(file, args.tool.as_deref(), &mut line);
            line.end(read)
        } else {
            let mut page = Page { out, file, counts: [0; 5] };
            let read = read_file(file, args.tool.as_deref(), &mut page);
            page.end(read)
        };
        if !whole {
            outcome = Outcome::Failed;
        }
    }
    let _closed_pipe = out.flush();
    outcome
}

fn read_file(file: &str, tool: Option<&str>, sink: &mut dyn Sink) -> Result<Summary, String> {
    let limits = Limits::FILE;
    let long = file != "-" && std::fs::metadata(file).is_ok_and(|data| data.is_file() && data.len() > AT_ONCE);
    let read = if long {
        let stream = std::fs::File::open(file).map_err(|error| format!("cannot be read: {error}"))?;
        let stream: Box<dyn ReadSeek> = Box::new(stream);
        scan::read_stream(stream, tool, &limits, sink)
    } else {
        let bytes = input::read(file, limits.bytes)?;
        scan::Input::memory(&bytes, &limits).and_then(|input| scan::read_into(input, tool, sink))
    };
    read.map_err(|error| error.to_string())
}

/// One line of JSON, written while the report is read, so that its length costs no memory.
struct Line<'o, W: Write> {
    out: &'o mut W,
    file: &'o str,
    open: bool,
    findings: usize,
}

impl<W: Write> Line<'_, W> {
    fn text(&mut self, text: &[u8]) {
        let _closed_pipe = self.out.write_all(text);
    }

    fn value(&mut self, value: &impl serde::Serialize) {
        if let Ok(text) = serde_json::to_vec(value) {
            self.text(&text);
        }
    }

    fn begin(&mut self) {
        if !self.open {
            self.open = true;
            self.text(b"{\"file\":");
            self.value(&self.file.to_owned());
            self.text(b",\"findings\":[");
        }
    }

    /// Ends the line; answers whether the report was read to its end.
    fn end(mut self, read: Result<Summary, String>) -> bool {
        let summary = match read {
            Ok(summary) => summary,
            Err(error) => {
                input::line(self.out, &input::Unreadable { file: self.file, error: &error });
                return false;
            }
        };
        self.begin();
        self.text(b"],\"tool\":");
        self.value(&summary.tool);
        self.text(b",\"scanners\":");
        self.value(&summary.scanners);
        if !summary.counts.is_empty() {
            self.text(b",\"counts\":");
            self.value(&summary.counts);
        }
        self.text(b",\"warnings\":");
        self.value(&summary.warnings);
        if let Some(broken) = &summary.broken {
            self.text(b",\"error\":");
            self.value(broken);
        }
        self.text(b"}\n");
        summary.broken.is_none()
    }
}

impl<W: Write> Sink for Line<'_, W> {
    fn finding(&mut self, finding: Finding) {
        self.begin();
        if self.findings > 0 {
            self.text(b",");
        }
        self.findings = self.findings.saturating_add(1);
        self.value(&finding);
    }
}

/// Lines for people.
struct Page<'o, W: Write> {
    out: &'o mut W,
    file: &'o str,
    counts: [usize; 5],
}

impl<W: Write> Page<'_, W> {
    fn line(&mut self, text: &str) {
        let _closed_pipe = writeln!(self.out, "{text}");
    }

    fn end(mut self, read: Result<Summary, String>) -> bool {
        let summary = match read {
            Ok(summary) => summary,
            Err(error) => {
                let _closed_pipe = writeln!(std::io::stderr(), "{}: {error}", self.file);
                return false;
            }
        };
        let order = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];
        let parts: Vec<String> = order
            .into_iter()
            .zip(self.counts.iter().rev())
            .filter(|(_, count)| **count > 0)
            .map(|(severity, count)| format!("{count} {}", severity.name()))
            .collect();
        let scanner =
            if summary.scanners.is_empty() { String::new() } else { format!(" ({})", summary.scanners.join(", ")) };
        let split = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        let noun = if summary.findings == 1 { "finding" } else { "findings" };
        self.line(&format!("{}: {}{scanner}, {} {noun}{split}", self.file, summary.tool, summary.findings));
        for (name, count) in &summary.counts {
            self.line(&format!("  {name}: {count}"));
        }
        for warning in &summary.warnings {
            self.line(&format!("  note: {warning}"));
        }
        if let Some(broken) = &summary.broken {
            let _closed_pipe = writeln!(std::io::stderr(), "{}: broke off: {broken}", self.file);
        }
        summary.broken.is_none()
    }
}

impl<W: Write> Sink for Page<'_, W> {
    fn finding(&mut self, finding: Finding) {
        if let Some(count) = self.counts.get_mut(finding.severity as usize) {
            *count = count.saturating_add(1);
        }
        let place = finding.location.as_ref().map(|place| format!("  {}", place.display)).unwrap_or_default();
        let rule = finding.rule.as_deref().map(|rule| format!("  [{rule}]")).unwrap_or_default();
        self.line(&format!("{:<8} {}{rule}{place}", finding.severity.name(), finding.title));
    }
}

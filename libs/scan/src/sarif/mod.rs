//! SARIF 2.1.0 (OASIS standard), read whole in two walks over the text: first what results refer to, then the results
//! one by one, so that those of a log of any length are never held together and may refer to what stands behind them.

mod finding;
mod rules;
mod run;
mod survey;
mod wire;

use std::slice::Iter;

use crate::out::Out;
use crate::skim::Skim;
use crate::{Error, Input, input, text};
use rules::Rules;
use run::Run;
use survey::Survey;
use wire::{Entry, Outcome};

/// Reads a log, or a file of external properties (3.15) as the one run that it describes.
///
/// # Errors
/// [`Error::Malformed`] when it is no log (3.13), and where its text breaks; then what stood before is handed on.
/// Results that cannot be read are passed over and named. [`Error::Limit`] for too many results.
pub(crate) fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut survey = Survey::default();
    let mut surveyed = survey.read(&mut input.skim()?);
    survey.close();
    if surveyed.is_ok() && !survey.is_log && !survey.is_external {
        out.warn("the file has no list of runs: it is no SARIF log, or a part of one");
    }
    if !survey.version.starts_with("2.1") {
        let found = if survey.version.is_empty() { "none" } else { &survey.version };
        out.warn(format!("the log names version {found}; it was read as 2.1.0"));
    }
    for note in &survey.notes {
        out.warn(note);
    }
    let mut walk = Walk { survey: &survey, out, run: 0, bad: 0, first_bad: None, text: Vec::new() };
    let walked = input.skim().and_then(|mut skim| walk.log(&mut skim));
    let (bad, first_bad) = (walk.bad, walk.first_bad.take());
    if walked.is_ok() && bad > 0 {
        let noun = if bad == 1 { "result is" } else { "results are" };
        surveyed = Err(Error::malformed(format!("{bad} {noun} unreadable; {}", first_bad.unwrap_or_default())));
    }
    walked.and(surveyed)
}

/// The second walk: results.
struct Walk<'w, 's> {
    survey: &'w Survey,
    out: &'w mut Out<'s>,
    run: usize,
    bad: u64,
    first_bad: Option<String>,
    text: Vec<u8>,
}

impl Walk<'_, '_> {
    fn log(&mut self, skim: &mut Skim<'_>) -> Result<(), Error> {
        if !skim.enter(b'{')? {
            return Err(Error::malformed("the file is no SARIF log: it is no JSON object"));
        }
        if self.survey.is_external {
            self.members(skim)?;
        } else {
            while let Some(name) = skim.member()? {
                if name == "runs" && skim.peek()? == Some(b'[') {
                    self.runs(skim)?;
                } else {
                    skim.skip()?;
                }
            }
        }
        match skim.peek()? {
            None => Ok(()),
            Some(_) => Err(Error::malformed(format!("the JSON is broken: the log ends before byte {}", skim.at()))),
        }
    }

    fn runs(&mut self, skim: &mut Skim<'_>) -> Result<(), Error> {
        skim.enter(b'[')?;
        while skim.item()? {
            if skim.enter(b'{')? {
                self.members(skim)?;
            }
        }
        Ok(())
    }

    fn members(&mut self, skim: &mut Skim<'_>) -> Result<(), Error> {
        let Some(run) = self.survey.runs.get(self.run) else { return Ok(()) };
        self.run = self.run.saturating_add(1);
        announce(run, self.out);
        let rules = Rules::of(run);
        let mut lengths = run.lengths.iter();
        while let Some(name) = skim.member()? {
            if name == "results" && skim.enter(b'[')? {
                self.results(run, &rules, &mut lengths, skim).map_err(|error| self.place(error))?;
            } else if name != "results" {
                skim.skip()?;
            }
        }
        for result in &run.external {
            hand_on(run, &rules, result, self.out)?;
        }
        Ok(())
    }

    fn results(
        &mut self,
        run: &Run<'static>,
        rules: &Rules<'_>,
        lengths: &mut Iter<'_, u32>,
        skim: &mut Skim<'_>,
    ) -> Result<(), Error> {
        let mut number = 0_u64;
        while skim.item()? {
            number = number.saturating_add(1);
            let start = skim.at();
            let length = lengths.next().and_then(|length| usize::try_from(*length).ok()).filter(|length| *length > 0);
            let exceeded = match length {
                Some(length) => skim.measured(length, &mut self.text).map(|()| None),
                None => skim.value(&mut self.text),
            };
            let why = match exceeded? {
                Some(exceeded) => exceeded.to_string(),
                None => match hand_on_text(run, rules, &self.text, self.out) {
                    Ok(()) => continue,
                    Err(Unread::Json(error)) => error.to_string(),
                    Err(Unread::Stop(error)) => return Err(error),
                },
            };
            self.bad = self.bad.saturating_add(1);
            let place = format!("the first is result {number} of run {} at byte {start}: {why}", self.run);
            self.first_bad.get_or_insert(place);
        }
        Ok(())
    }

    /// Says where in the log a break of its text is.
    fn place(&self, error: Error) -> Error {
        match error {
            Error::Malformed(text) => {
                Error::malformed(format!("{text}, among the results of run {}; those before are read", self.run))
            }
            Error::Unknown { .. } | Error::NoSuchTool { .. } | Error::Limit(_) | Error::Io(_) => error,
        }
    }
}

/// Why a result was not handed on.
enum Unread {
    /// It is no JSON of a result.
    Json(serde_json::Error),
    /// The reading ends.
    Stop(Error),
}

fn hand_on_text(run: &Run<'static>, rules: &Rules<'_>, bytes: &[u8], out: &mut Out<'_>) -> Result<(), Unread> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let Entry(result) = serde_json::from_str(text).map_err(Unread::Json)?;
        return hand_on(run, rules, &result, out).map_err(Unread::Stop);
    }
    let text = input::decode(bytes);
    let Entry(result) = serde_json::from_str(&text).map_err(Unread::Json)?;
    hand_on(run, rules, &result, out).map_err(Unread::Stop)
}

/// What a run says about itself: its tool, and what went wrong in its invocations (3.20).
fn announce(run: &Run<'_>, out: &mut Out<'_>) {
    let driver = &run.tool.driver;
    let name = if driver.name.get().is_empty() { &run.tool.name } else { &driver.name };
    let version = [driver.version.get(), driver.semantic_version.get(), run.tool.version.get()];
    out.scanner(name.get(), version.into_iter().find(|version| !version.is_empty()));
    for invocation in &run.invocations {
        if invocation.execution_successful == Some(false) {
            out.warn(format!("{} says that its run failed; findings may be missing", name.get()));
        }
        let notifications = invocation.tool_execution_notifications.iter();
        for notification in notifications.chain(&invocation.tool_configuration_notifications) {
            if notification.level.get() == "error" {
                let texts = [
                    run.message(&notification.message, None),
                    run.message(&notification.exception.message, None),
                    notification.exception.kind.get().into(),
                ];
                let text = texts.iter().find_map(|text| text::some(text));
                out.warn(format!("{}: {}", name.get(), text.unwrap_or_else(|| "an error without words".to_owned())));
            }
        }
    }
}

fn hand_on<'a>(run: &Run<'a>, rules: &Rules<'_>, result: &Outcome<'a>, out: &mut Out<'_>) -> Result<(), Error> {
    out.count("results", 1);
    if let Some(why) = finding::is_no_finding(result) {
        out.leave_out(why);
        return Ok(());
    }
    let finding = finding::finding(run, rules, result);
    if finding::is_several(run, &finding) {
        return finding::each_place(&finding).try_for_each(|one| out.push(one));
    }
    out.push(finding)
}

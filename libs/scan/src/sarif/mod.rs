//! SARIF 2.1.0 (OASIS standard), read whole: in one pass from memory, in two from a stream, so that the results of a
//! log of any length are never held together and may refer to what stands behind them.

mod finding;
mod run;
mod wire;

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::out::Out;
use crate::{Error, Input};
use run::Run;
use wire::{Base, Entry, Outcome, Str};

/// Reads a log.
///
/// # Errors
/// [`Error::Malformed`] when it is no JSON, or no log (3.13); [`Error::Limit`] for too many results.
pub(crate) fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    if !input.is_stream() {
        let text = input.whole()?;
        let mut log = Log { pass: Pass::Whole(out), version: String::new(), runs: 0, failed: None };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let done = log.run(&mut deserializer).and_then(|()| deserializer.end());
        return log.close(done);
    }
    let mut runs: Vec<Run<'static>> = Vec::new();
    let mut log = Log { pass: Pass::Runs(&mut runs), version: String::new(), runs: 0, failed: None };
    let done = log.run(&mut serde_json::Deserializer::from_reader(input.reader()?));
    let broken = done.is_err();
    log.close(done)?;
    if broken {
        return Ok(());
    }
    let mut log = Log { pass: Pass::Results(&runs, out), version: String::new(), runs: 0, failed: None };
    let done = log.run(&mut serde_json::Deserializer::from_reader(input.reader()?));
    log.close(done)
}

/// What a pass over the text does.
enum Pass<'t, 'p, 's> {
    /// Everything; results wait until their run is whole.
    Whole(&'p mut Out<'s>),
    /// Everything but the results.
    Runs(&'p mut Vec<Run<'t>>),
    /// The results alone.
    Results(&'p [Run<'t>], &'p mut Out<'s>),
}

/// A log under way; `'t` is the text that its parts borrow.
struct Log<'t, 'p, 's> {
    pass: Pass<'t, 'p, 's>,
    version: String,
    runs: usize,
    /// An error of ours, carried past the deserializer.
    failed: Option<Error>,
}

impl<'t> Log<'t, '_, '_> {
    fn run<D: Deserializer<'t>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(LogVisitor(self))
    }

    fn close(mut self, done: Result<(), serde_json::Error>) -> Result<(), Error> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        done?;
        if let Pass::Whole(out) | Pass::Results(_, out) = self.pass
            && !self.version.starts_with("2.1")
        {
            let found = if self.version.is_empty() { "none".to_owned() } else { self.version };
            out.warn(format!("the log names version {found}; it was read as 2.1.0"));
        }
        Ok(())
    }

    fn refuse<E: serde::de::Error>(&mut self, error: Error) -> E {
        let custom = E::custom(&error);
        self.failed = Some(error);
        custom
    }
}

struct LogVisitor<'l, 't, 'p, 's>(&'l mut Log<'t, 'p, 's>);

impl<'de> Visitor<'de> for LogVisitor<'_, 'de, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a SARIF log")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<Str<'de>>()? {
            match key.get() {
                "version" => members.next_value::<Str<'de>>()?.get().clone_into(&mut self.0.version),
                "runs" => members.next_value_seed(RunsSeed(self.0))?,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct RunsSeed<'l, 't, 'p, 's>(&'l mut Log<'t, 'p, 's>);

impl<'de> DeserializeSeed<'de> for RunsSeed<'_, 'de, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RunsSeed<'_, 'de, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of runs")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(RunSeed(self.0))?.is_some() {
            self.0.runs = self.0.runs.saturating_add(1);
        }
        Ok(())
    }
}

struct RunSeed<'l, 't, 'p, 's>(&'l mut Log<'t, 'p, 's>);

impl<'de> DeserializeSeed<'de> for RunSeed<'_, 'de, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

/// Reads a value that may be `null`.
fn value<'de, A: MapAccess<'de>, T: serde::Deserialize<'de> + Default>(members: &mut A) -> Result<T, A::Error> {
    Ok(members.next_value::<Option<T>>()?.unwrap_or_default())
}

impl<'de> Visitor<'de> for RunSeed<'_, 'de, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a run")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let log = self.0;
        match &mut log.pass {
            Pass::Results(runs, out) => {
                let Some(run) = runs.get(log.runs) else { return Ok(()) };
                let mut sink = Results { run, out, failed: &mut log.failed };
                announce(run, sink.out);
                while let Some(key) = members.next_key::<Str<'de>>()? {
                    if key.get() == "results" {
                        members.next_value_seed(&mut sink)?;
                    } else {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(())
            }
            Pass::Whole(out) => {
                let (mut run, mut results) = (Run::default(), Vec::new());
                // What was complete before a break is still handed on.
                let read = read_run(&mut members, &mut run, Some(&mut results));
                run.index();
                announce(&run, out);
                for result in &results {
                    if let Err(error) = hand_on(&run, result, out) {
                        return Err(log.refuse(error));
                    }
                }
                read
            }
            Pass::Runs(runs) => {
                let mut run = Run::default();
                read_run(&mut members, &mut run, None)?;
                run.index();
                runs.push(run);
                Ok(())
            }
        }
    }
}

/// Reads the members of a run; results go to the list, or nowhere.
fn read_run<'de, A: MapAccess<'de>>(
    members: &mut A,
    run: &mut Run<'de>,
    mut results: Option<&mut Vec<Outcome<'de>>>,
) -> Result<(), A::Error> {
    while let Some(key) = members.next_key::<Str<'de>>()? {
        match (key.get(), &mut results) {
            ("tool", _) => run.tool = value(members)?,
            ("artifacts", _) => run.artifacts = members.next_value::<OrMap<_>>()?.0,
            ("originalUriBaseIds", _) => {
                let bases: HashMap<Str<'de>, Base<'de>> = value(members)?;
                run.bases = bases.into_iter().map(|(name, base)| (name, base.into())).collect();
            }
            ("taxonomies", _) => run.taxonomies = value(members)?,
            ("logicalLocations", _) => run.logical = members.next_value::<OrMap<_>>()?.0,
            ("invocations", _) => run.invocations = value(members)?,
            ("threadFlowLocations", _) => run.steps = value(members)?,
            ("webRequests", _) => run.requests = value(members)?,
            ("webResponses", _) => run.responses = value(members)?,
            ("results", Some(results)) => members.next_value_seed(Collect(results))?,
            (_, _) => {
                members.next_value::<IgnoredAny>()?;
            }
        }
    }
    Ok(())
}

/// A list; the map that older versions have in its place is passed over.
struct OrMap<T>(Vec<T>);

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for OrMap<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(std::marker::PhantomData<T>);
        impl<'de, T: serde::Deserialize<'de>> Visitor<'de> for Any<T> {
            type Value = OrMap<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_unit<E>(self) -> Result<OrMap<T>, E> {
                Ok(OrMap(Vec::new()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<OrMap<T>, A::Error> {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(OrMap(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<OrMap<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(OrMap(list))
            }
        }
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

/// Puts results into a list as they come, so that those before a break in the text are kept.
struct Collect<'l, 'de>(&'l mut Vec<Outcome<'de>>);

impl<'de> DeserializeSeed<'de> for Collect<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Collect<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of results")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(Entry(result)) = items.next_element()? {
            self.0.push(result);
        }
        Ok(())
    }
}

/// Hands results on as they come.
struct Results<'r, 'p, 's> {
    run: &'r Run<'r>,
    out: &'p mut Out<'s>,
    failed: &'p mut Option<Error>,
}

impl<'de> DeserializeSeed<'de> for &mut Results<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Results<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of results")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(Entry(result)) = items.next_element::<Entry<'_>>()? {
            if let Err(error) = hand_on(self.run, &result, self.out) {
                let custom = serde::de::Error::custom(&error);
                *self.failed = Some(error);
                return Err(custom);
            }
        }
        Ok(())
    }
}

fn announce(run: &Run<'_>, out: &mut Out<'_>) {
    let driver = &run.tool.driver;
    let name = if driver.name.get().is_empty() { &run.tool.name } else { &driver.name };
    let version = [driver.version.get(), driver.semantic_version.get(), run.tool.version.get()];
    out.scanner(name.get(), version.into_iter().find(|version| !version.is_empty()));
    for invocation in &run.invocations {
        if invocation.execution_successful == Some(false) {
            out.warn(format!("{} says that its run failed; findings may be missing", name.get()));
        }
        for notification in &invocation.tool_execution_notifications {
            if notification.level.get() == "error" {
                out.warn(format!("{}: {}", name.get(), run.message(&notification.message, None)));
            }
        }
    }
}

fn hand_on(run: &Run<'_>, result: &Outcome<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.count("results", 1);
    if let Some(why) = finding::is_no_finding(result) {
        out.leave_out(why);
        return Ok(());
    }
    finding::findings(run, result).into_iter().try_for_each(|finding| out.push(finding))
}

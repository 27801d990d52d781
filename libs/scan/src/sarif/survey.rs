//! The first walk over a SARIF log: everything that results refer to.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::run::Run;
use super::wire::{Base, External, OrMap, Str};
use crate::json::Look;
use crate::skim::Skim;
use crate::{Error, text};

/// What the first walk found.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) version: String,
    pub(super) runs: Vec<Run<'static>>,
    /// Whether there is a list of runs.
    pub(super) is_log: bool,
    /// Whether the file is one of external properties (3.15.2): then it is read as one run.
    pub(super) is_external: bool,
    /// What could not be read, for the user.
    pub(super) notes: Vec<String>,
    inline: Vec<External<'static>>,
}

/// Texts that outlive what they were read from.
fn owned<T: Deserialize<'static> + Default>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let read = |bytes: &[u8]| Option::<T>::deserialize(&mut serde_json::Deserializer::from_reader(bytes));
    let value = match std::str::from_utf8(bytes) {
        Ok(_) => read(bytes),
        Err(_) => read(crate::input::decode(bytes).as_bytes()),
    };
    Ok(value?.unwrap_or_default())
}

impl Survey {
    /// Reads all but results; what was read before an error stays.
    ///
    /// # Errors
    /// Where the text breaks.
    pub(super) fn read(&mut self, skim: &mut Skim<'_>) -> Result<(), Error> {
        let mut root = Run::default();
        let read = self.log(skim, &mut root);
        self.is_external &= !self.is_log;
        if self.is_external {
            self.notes.push(
                "the file holds external properties of a SARIF log; rules and places that are in the log itself are \
                 missing here"
                    .to_owned(),
            );
            self.runs = vec![root];
        }
        read
    }

    fn log(&mut self, skim: &mut Skim<'_>, root: &mut Run<'static>) -> Result<(), Error> {
        let mut kept = Vec::new();
        if !skim.enter(b'{')? {
            return Ok(());
        }
        while let Some(name) = skim.member()? {
            match name.as_str() {
                "version" => {
                    skim.value(&mut kept)?;
                    owned::<Str<'_>>(&kept).unwrap_or_default().get().clone_into(&mut self.version);
                }
                "runs" => {
                    self.is_log = true;
                    if skim.enter(b'[')? {
                        self.list(skim)?;
                    }
                }
                "inlineExternalProperties" => {
                    if skim.enter(b'[')? {
                        while skim.item()? {
                            let exceeded = skim.value(&mut kept)?.map(|exceeded| exceeded.to_string());
                            match exceeded.map_or_else(|| owned(&kept).map_err(|error| error.to_string()), Err) {
                                Ok(external) => self.inline.push(external),
                                Err(why) => self.notes.push(format!("inline external properties left out: {why}")),
                            }
                        }
                    }
                }
                "$schema" | "runGuid" => {
                    skim.value(&mut kept)?;
                    let text = owned::<Str<'_>>(&kept).unwrap_or_default();
                    self.is_external |= name == "runGuid" || text.get().contains("external-propert");
                }
                name => member(root, name, skim)?,
            }
        }
        Ok(())
    }

    fn list(&mut self, skim: &mut Skim<'_>) -> Result<(), Error> {
        while skim.item()? {
            if skim.enter(b'{')? {
                let mut run = Run::default();
                let mut read = Ok(());
                while read.is_ok() {
                    match skim.member() {
                        Ok(Some(name)) => read = member(&mut run, &name, skim),
                        Ok(None) => break,
                        Err(error) => read = Err(error),
                    }
                }
                self.runs.push(run);
                read?;
            }
        }
        Ok(())
    }

    /// Gives runs their external properties and prepares looking up; call it once after [`Survey::read`].
    pub(super) fn close(&mut self) {
        let alone = self.runs.len() == 1;
        for (number, run) in self.runs.iter_mut().enumerate() {
            for note in run.notes.drain(..) {
                self.notes.push(format!("run {}: {note}", number.saturating_add(1)));
            }
            let mut index = 0;
            while let Some(external) = self.inline.get(index) {
                let wanted = run.references.iter().any(|reference| reference.guid == external.guid.get());
                if wanted || alone {
                    let external = self.inline.remove(index);
                    run.references.retain(|reference| reference.guid != external.guid.get());
                    run.absorb(external);
                } else {
                    index = index.saturating_add(1);
                }
            }
            for reference in &run.references {
                let file = if reference.file.is_empty() { "a part that is not in the log" } else { &reference.file };
                self.notes.push(format!(
                    "run {}: its {} are kept in {file}, which is not read with the log; read that file as well",
                    number.saturating_add(1),
                    reference.property
                ));
            }
            run.index();
        }
    }
}

/// A reference of a run to external properties (3.15.2).
pub(super) struct Elsewhere {
    property: String,
    guid: String,
    file: String,
}

fn references(value: &Value) -> Vec<Elsewhere> {
    let mut found = Vec::new();
    for (property, value) in value.entries("") {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for item in items.iter().filter(|item| item.is_object()) {
            let (guid, file) = (item.text("guid").to_owned(), text::shorten(item.text("location/uri"), 200));
            found.push(Elsewhere { property: property.clone(), guid, file });
        }
    }
    found
}

/// Reads one member of a run (3.14) or of external properties (3.15.3); unknown ones are passed
/// over, results are measured.
fn member(run: &mut Run<'static>, name: &str, skim: &mut Skim<'_>) -> Result<(), Error> {
    const KNOWN: &[&str] = &[
        "tool",
        "driver",
        "extensions",
        "artifacts",
        "originalUriBaseIds",
        "taxonomies",
        "translations",
        "logicalLocations",
        "invocations",
        "threadFlowLocations",
        "webRequests",
        "webResponses",
        "externalPropertyFileReferences",
    ];
    if name == "results" && skim.enter(b'[')? {
        while skim.item()? {
            let length = skim.measure()?.and_then(|length| u32::try_from(length).ok());
            if run.lengths.len() < skim.limits().count {
                run.lengths.push(length.unwrap_or(0));
            }
        }
        return Ok(());
    }
    if name == "results" {
        return Ok(());
    }
    if !KNOWN.contains(&name) {
        return skim.skip();
    }
    let mut kept = Vec::new();
    if let Some(exceeded) = skim.value(&mut kept)? {
        run.notes.push(format!("{name} left out: {exceeded}"));
        return Ok(());
    }
    if let Err(error) = set(run, name, &kept) {
        run.notes.push(format!("{name} left out: {error}"));
    }
    Ok(())
}

fn set(run: &mut Run<'static>, name: &str, kept: &[u8]) -> Result<(), serde_json::Error> {
    match name {
        "tool" => run.tool = owned(kept)?,
        "driver" => run.tool.driver = owned(kept)?,
        "extensions" => run.tool.extensions = owned(kept)?,
        "artifacts" => run.artifacts = owned::<OrMap<_>>(kept)?.0,
        "originalUriBaseIds" => {
            let bases: HashMap<Str<'static>, Base<'static>> = owned(kept)?;
            run.bases = bases.into_iter().map(|(name, base)| (name, base.into())).collect();
        }
        "taxonomies" => run.taxonomies = owned(kept)?,
        "translations" => run.translations = owned(kept)?,
        "logicalLocations" => run.logical = owned::<OrMap<_>>(kept)?.0,
        "invocations" => run.invocations = owned(kept)?,
        "threadFlowLocations" => run.steps = owned(kept)?,
        "webRequests" => run.requests = owned(kept)?,
        "webResponses" => run.responses = owned(kept)?,
        _ => run.references = references(&serde_json::from_slice(kept)?),
    }
    Ok(())
}

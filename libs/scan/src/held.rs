//! Findings that wait for others with the same key, packed: a report may hold back hundreds of thousands.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use crate::pack::{pack, unpack};
use crate::{Finding, Status};

/// Further places that a merged finding keeps; more are only counted.
const PLACES: usize = 1_000;

/// Findings by key, in the order of their first ones.
#[derive(Default)]
pub(crate) struct Held {
    keys: HashMap<u128, usize>,
    groups: Vec<Group>,
    hashers: [RandomState; 2],
}

/// A first finding and what later ones with its key add to it.
struct Group {
    first: Box<[u8]>,
    more: Vec<u8>,
    /// Hash of the last identifiers and references; most findings of a group have the same.
    lists: u64,
    places: usize,
    occurrences: u32,
    open: bool,
    described: bool,
    with_component: bool,
    scored: bool,
}

impl Held {
    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Adds a finding to those with its key.
    pub(crate) fn add(&mut self, key: &str, finding: Finding) {
        let [left, right] = &self.hashers;
        let key = u128::from(left.hash_one(key)) << 64 | u128::from(right.hash_one(key));
        let lists = left.hash_one(Lists(&finding));
        let next = self.groups.len();
        match self.groups.get_mut(*self.keys.entry(key).or_insert(next)) {
            Some(group) => group.add(finding, lists),
            None => self.groups.push(Group::new(&finding, lists)),
        }
    }

    /// The merged findings; what comes later begins anew.
    pub(crate) fn take(&mut self) -> impl Iterator<Item = Finding> + use<> {
        self.keys = HashMap::new();
        std::mem::take(&mut self.groups).into_iter().map(Group::finding)
    }
}

struct Lists<'f>(&'f Finding);

impl Hash for Lists<'_> {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        let Lists(finding) = self;
        (&finding.cve, &finding.ids, &finding.references, &finding.cwe).hash(hasher);
    }
}

impl Group {
    fn new(finding: &Finding, lists: u64) -> Self {
        let mut first = Vec::new();
        pack(finding, &mut first);
        Self {
            first: first.into_boxed_slice(),
            more: Vec::new(),
            lists,
            places: finding.others.len(),
            occurrences: 0,
            open: false,
            described: finding.description.is_some(),
            with_component: finding.component.is_some(),
            scored: finding.cvss.is_some(),
        }
    }

    /// Keeps of a later finding what [`join`] will look at.
    fn add(&mut self, other: Finding, lists: u64) {
        self.occurrences = self.occurrences.saturating_add(other.occurrences.max(1));
        self.open |= other.status.is_open();
        let mut kept = Finding::default();
        if lists != self.lists {
            self.lists = lists;
            (kept.cve, kept.ids, kept.references, kept.cwe) = (other.cve, other.ids, other.references, other.cwe);
        }
        if self.places < PLACES {
            self.places = self.places.saturating_add(1).saturating_add(other.others.len());
            (kept.location, kept.others) = (other.location, other.others);
        }
        kept.description = other.description.filter(|_| !std::mem::replace(&mut self.described, true));
        kept.component = other.component.filter(|_| !std::mem::replace(&mut self.with_component, true));
        kept.cvss = other.cvss.filter(|_| !std::mem::replace(&mut self.scored, true));
        if kept != Finding::default() {
            pack(&kept, &mut self.more);
        }
    }

    fn finding(self) -> Finding {
        let mut first = unpack(&mut &*self.first);
        let mut more = self.more.as_slice();
        while !more.is_empty() {
            let other = unpack(&mut more);
            join(&mut first, other);
        }
        if self.occurrences > 0 {
            first.occurrences = first.occurrences.saturating_add(self.occurrences);
        }
        if self.open {
            first.status = Status::Open;
        }
        first
    }
}

fn join(first: &mut Finding, other: Finding) {
    for (known, more) in
        [(&mut first.cve, other.cve), (&mut first.ids, other.ids), (&mut first.references, other.references)]
    {
        for text in more {
            if known.len() < PLACES && !known.contains(&text) {
                known.push(text);
            }
        }
    }
    for number in other.cwe {
        if !first.cwe.contains(&number) {
            first.cwe.push(number);
        }
    }
    if first.location.is_none() {
        first.location = other.location;
    } else if let Some(location) = other.location
        && first.others.len() < PLACES
    {
        first.others.push(location);
    }
    for location in other.others {
        if first.others.len() < PLACES {
            first.others.push(location);
        }
    }
    first.description = first.description.take().or(other.description);
    first.component = first.component.take().or(other.component);
    first.cvss = first.cvss.take().or(other.cvss);
}

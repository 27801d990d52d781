//! Which index a list of findings is walked by: what leaves few rows is looked at whole and sorted; else the order's own
//! index is walked until a page is full.

use db::{Tx, Value};
use kernel::Result;

use super::super::report::key_of;
use super::list::{Filter, Sort};
use super::places;

/// A part of a filter that leaves no more rows than this is looked at whole.
const FEW: i64 = 5_000;

/// A part of a filter that has an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Mark,
    Component,
    Title,
    Opened,
    Target,
    Product,
    Visible,
    Waiting,
    State,
    Tool,
    Kind,
    Practice,
    Severity,
}

/// The parts whose indexes go on in the order of severity; of several, the first one's is walked, since it is mostly the
/// narrowest.
const BY_SEVERITY: &[Part] = &[
    Part::Target,
    Part::Product,
    Part::Visible,
    Part::Waiting,
    Part::State,
    Part::Kind,
    Part::Practice,
    Part::Severity,
];

/// How a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In its order, until there are enough.
    Order,
    /// All rows of one part, then sorted.
    #[expect(private_interfaces, reason = "only this folder looks inside")]
    Few(Part),
}

/// Conditions with their parameters.
pub(super) struct Conditions {
    pub(super) text: Vec<String>,
    pub(super) parameters: Vec<Value>,
    /// Whether the marks come first, so that they are a table of the statement.
    pub(super) by_mark: bool,
}

impl Conditions {
    pub(super) const fn new() -> Self {
        Self { text: Vec::new(), parameters: Vec::new(), by_mark: false }
    }

    pub(super) fn add(&mut self, condition: &str, value: impl Into<Value>) {
        self.parameters.push(value.into());
        self.text.push(condition.replace("$n", &format!("${}", self.parameters.len())));
    }

    pub(super) fn joined(&self) -> String {
        if self.text.is_empty() { "1 = 1".to_owned() } else { self.text.join(" and ") }
    }

    /// `cross join` keeps the order of the two on SQLite; PostgreSQL plans by its statistics.
    pub(super) const fn source(&self) -> &'static str {
        if self.by_mark { "verification_mark m cross join verification_finding f" } else { "verification_finding f" }
    }
}

/// The first text that does not begin with `key`, which has letters and digits only.
fn after_prefix(key: &str) -> String {
    let mut chars: Vec<char> = key.chars().collect();
    if let Some(last) = chars.pop() {
        chars.push(char::from_u32(u32::from(last) + 1).unwrap_or(char::MAX));
    }
    chars.into_iter().collect()
}

/// The parts that a filter has.
fn parts(filter: &Filter) -> Vec<Part> {
    let narrowed = filter.target.is_some() || filter.product.is_some();
    [
        (Part::Mark, !filter.mark.is_empty()),
        (Part::Component, !filter.component.is_empty()),
        (Part::Title, !key_of(&filter.text).is_empty()),
        (Part::Opened, [filter.opened_before, filter.opened_after, filter.open_at].iter().any(Option::is_some)),
        (Part::Target, filter.target.is_some()),
        (Part::Product, filter.product.is_some()),
        (Part::Visible, filter.visible.is_some() && !narrowed),
        (Part::Waiting, filter.waiting),
        (Part::State, filter.state.is_some()),
        (Part::Tool, !filter.tool.is_empty()),
        (Part::Kind, filter.kind.is_some()),
        (Part::Practice, filter.practice.is_some()),
        (Part::Severity, filter.severity.is_some()),
    ]
    .into_iter()
    .filter_map(|(part, there)| there.then_some(part))
    .collect()
}

/// The conditions of one part. Where its index is not the one to walk they are written so that no database chooses it.
fn add_part(all: &mut Conditions, filter: &Filter, part: Part, walked: bool) {
    let plain = |column: &str| if walked { format!("f.{column}") } else { format!("(f.{column} || '')") };
    let equal = |column: &str| format!("{} = $n", plain(column));
    match part {
        Part::Mark if walked => {
            all.by_mark = true;
            all.add("m.mark = $n", filter.mark.to_uppercase());
            all.text.push("f.id = m.finding_id".to_owned());
            if let Some(severity) = filter.severity {
                all.add("m.severity = $n", severity);
            }
        }
        Part::Mark => all.add(
            "exists (select 1 from verification_mark m where m.finding_id = f.id and m.mark = $n)",
            filter.mark.to_uppercase(),
        ),
        Part::Component => {
            all.add(&equal("component_key"), filter.component.to_lowercase());
            // The index knows only findings that have a component.
            all.text.push("f.component_key <> ''".to_owned());
        }
        Part::Title => {
            let key = key_of(&filter.text);
            all.add(&format!("{} >= $n", plain("title_key")), key.as_str());
            all.add(&format!("{} < $n", plain("title_key")), after_prefix(&key));
        }
        Part::Opened => {
            let column = if walked { "f.opened_at" } else { "(f.opened_at + 0)" };
            for before in filter.opened_before.iter().chain(&filter.open_at) {
                all.add(&format!("{column} <= $n"), *before);
            }
            if let Some(after) = filter.opened_after {
                all.add(&format!("{column} > $n"), after);
            }
            if let Some(at) = filter.open_at {
                all.add("(f.live = true or f.closed_at > $n)", at);
            }
        }
        Part::Target => all.add(&equal("target_id"), filter.target),
        Part::Product => all.add(&equal("product_id"), filter.product),
        Part::Visible => {
            let products = filter.visible.as_deref().unwrap_or_default();
            if products.is_empty() {
                all.text.push("1 = 0".to_owned());
                return;
            }
            let list = places(all.parameters.len() + 1, products.len());
            all.parameters.extend(products.iter().map(|id| Value::from(*id)));
            all.text.push(format!("{} in ({list})", plain("product_id")));
        }
        Part::Waiting if walked => all.text.push("f.waiting = true".to_owned()),
        Part::Waiting => all.text.push("coalesce(f.waiting, false) = true".to_owned()),
        Part::State => all.add(&equal("state"), filter.state.map_or("", super::State::as_str)),
        Part::Tool => {
            all.add(&equal("tool"), filter.tool.as_str());
            if walked {
                // The index of identities begins with the target; there are few of them.
                all.text.push("f.target_id in (select id from verification_target)".to_owned());
            }
        }
        Part::Kind => all.add(&equal("kind"), filter.kind.map_or("", super::Kind::as_str)),
        Part::Practice => all.add(&equal("practice"), filter.practice.map_or("", super::Practice::as_str)),
        Part::Severity => {
            all.add(if walked { "f.severity = $n" } else { "(f.severity + 0) = $n" }, filter.severity);
        }
    }
}

/// Whether somebody has to do something about what the filter names; `None` is both.
pub(super) fn live_of(filter: &Filter) -> Option<bool> {
    filter.state.map(super::State::is_live).or(filter.live)
}

/// The conditions of a filter of which these parts are walked by their indexes.
fn conditions(filter: &Filter, walked: &dyn Fn(Part) -> bool, with_live: bool) -> Conditions {
    some_conditions(filter, &parts(filter), walked, with_live)
}

fn some_conditions(filter: &Filter, parts: &[Part], walked: &dyn Fn(Part) -> bool, with_live: bool) -> Conditions {
    let mut all = Conditions::new();
    for part in parts.iter().copied() {
        add_part(&mut all, filter, part, walked(part));
    }
    if let Some(live) = live_of(filter) {
        all.add(if with_live { "f.live = $n" } else { "coalesce(f.live, true) = $n" }, live);
    }
    all
}

/// The conditions by which the index of one part is walked in the order of severity.
fn in_severity_order(filter: &Filter, parts: &[Part]) -> Conditions {
    let first = BY_SEVERITY.iter().copied().find(|part| parts.contains(part));
    let walked = |part| Some(part) == first || part == Part::Severity;
    some_conditions(filter, parts, &walked, !matches!(first, Some(Part::State | Part::Waiting)))
}

/// Whether the index of this part goes on with open or settled.
fn goes_on_with_live(part: Part) -> bool {
    BY_SEVERITY.contains(&part) && !matches!(part, Part::State | Part::Waiting)
}

impl Way {
    /// Chooses the way: counts each part up to a bound, all in one statement.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn choose(tx: &mut Tx, filter: &Filter, sort: Sort) -> Result<Self> {
        let parts = parts(filter);
        let served = sort.is_by_severity() && parts.len() < 2 && parts.iter().all(|part| BY_SEVERITY.contains(part));
        if parts.is_empty() || served {
            return Ok(Self::Order);
        }
        let mut all = Conditions::new();
        let mut counts = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            all.text.clear();
            let from = if *part == Part::Mark {
                all.add("m.mark = $n", filter.mark.to_uppercase());
                "verification_mark m"
            } else {
                add_part(&mut all, filter, *part, true);
                match live_of(filter) {
                    Some(live) if goes_on_with_live(*part) => all.add("f.live = $n", live),
                    None if *part == Part::Severity => all.text.push("f.live in (true, false)".to_owned()),
                    _ => {}
                }
                "verification_finding f"
            };
            let most = FEW + 1;
            counts.push(format!(
                "(select count(*) from (select 1 as one from {from} where {} limit {most}) counted) as part{index}",
                all.joined()
            ));
        }
        let row = tx.fetch_one(format!("select {}", counts.join(", ")), &all.parameters).await?;
        let mut best = (FEW, Self::Order);
        for (index, part) in parts.iter().enumerate() {
            let count: i64 = row.get(&format!("part{index}"))?;
            if count < best.0 {
                best = (count, Self::Few(*part));
            }
        }
        Ok(best.1)
    }

    /// The conditions for a page in an order.
    pub(super) fn page(self, filter: &Filter, sort: Sort) -> Conditions {
        match self {
            Self::Few(few) => self.few(filter, few),
            Self::Order => match sort {
                Sort::Severity | Sort::Mildest => {
                    if !filter.mark.is_empty() && filter.target.is_none() && filter.product.is_none() {
                        return conditions(filter, &|part| part == Part::Mark, false);
                    }
                    // Each product that one may see is a walk of its own; the list adds them.
                    let mut parts = parts(filter);
                    if parts.contains(&Part::Visible) {
                        parts.retain(|part| *part != Part::Visible);
                        return some_conditions(filter, &parts, &|part| part == Part::Severity, true);
                    }
                    in_severity_order(filter, &parts)
                }
                Sort::Newest | Sort::Oldest => conditions(filter, &|part| part == Part::Opened, false),
                Sort::Title | Sort::TitleDown => conditions(filter, &|part| part == Part::Title, false),
            },
        }
    }

    /// The conditions for a count.
    pub(super) fn count(self, filter: &Filter) -> Conditions {
        if let Self::Few(few) = self {
            return self.few(filter, few);
        }
        let own = [Part::Mark, Part::Component, Part::Title, Part::Opened, Part::Tool];
        let narrowed = filter.target.is_some() || filter.product.is_some();
        match parts(filter).into_iter().find(|part| !narrowed && own.contains(part)) {
            Some(first) => conditions(filter, &|part| part == first, false),
            None => in_severity_order(filter, &parts(filter)),
        }
    }

    fn few(self, filter: &Filter, few: Part) -> Conditions {
        let mut all = conditions(filter, &|part| part == few, goes_on_with_live(few));
        if few == Part::Severity && live_of(filter).is_none() {
            all.text.push("f.live in (true, false)".to_owned());
        }
        all
    }

    /// Whether rows are looked through for what several parts leave together, none of which leaves few: then one does not
    /// count far.
    #[must_use]
    pub fn is_slow(self, filter: &Filter) -> bool {
        self == Self::Order && parts(filter).len() > 1
    }

    /// Whether the order's own index is walked, and not sorted.
    pub(super) fn is_in_order(self) -> bool {
        self == Self::Order
    }
}

#[cfg(test)]
mod tests {
    use super::after_prefix;

    #[test]
    fn a_prefix_ends_before_its_successor() {
        assert_eq!(after_prefix("sql"), "sqm");
        assert_eq!(after_prefix(""), "");
    }
}

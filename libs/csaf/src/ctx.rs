//! What the tests share about one document: its products, groups and vulnerabilities with identifiers resolved to
//! numbers once, so that no test searches a list twice.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::Version;
use crate::json::Value;
use crate::revision::Number;
use crate::time::Instant;

/// A product identifier, numbered in the order of first sight.
pub(crate) type Pid = usize;

/// One node of the branches of the product tree.
pub(crate) struct Branch<'a> {
    pub(crate) value: &'a Value<'a>,
    pub(crate) parent: Option<usize>,
    index: usize,
    pub(crate) depth: usize,
    pub(crate) category: &'a str,
    pub(crate) name: &'a str,
}

/// Where a full product name stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a branch.
    Branch(usize),
    /// In `full_product_names`.
    Plain(usize),
    /// In `relationships` (2.0) or `product_paths` (2.1).
    Path(usize),
}

/// One full product name.
pub(crate) struct Product<'a> {
    pub(crate) value: &'a Value<'a>,
    pub(crate) place: Place,
    pub(crate) pid: Option<Pid>,
}

/// One product group.
pub(crate) struct Group<'a> {
    pub(crate) id: &'a str,
    pub(crate) products: Vec<Pid>,
}

/// The products and groups that one entry names.
#[derive(Default)]
pub(crate) struct Refs {
    pub(crate) products: Vec<Pid>,
    /// Numbers of groups that are defined.
    pub(crate) groups: Vec<usize>,
    /// Whether the entry has `product_ids` or `group_ids` at all.
    pub(crate) given: bool,
}

/// The nine product status lists, by position in [`STATUS`].
pub(crate) const STATUS: [&str; 9] = [
    "first_affected",
    "known_affected",
    "last_affected",
    "known_not_affected",
    "first_fixed",
    "fixed",
    "under_investigation",
    "recommended",
    "unknown",
];
pub(crate) const AFFECTED: [usize; 3] = [0, 1, 2];
pub(crate) const KNOWN_AFFECTED: usize = 1;
pub(crate) const NOT_AFFECTED: usize = 3;
pub(crate) const FIXED: [usize; 2] = [4, 5];
pub(crate) const UNDER_INVESTIGATION: usize = 6;
pub(crate) const UNKNOWN: usize = 8;

/// One vulnerability with its references resolved.
pub(crate) struct Vulnerability<'a> {
    pub(crate) value: &'a Value<'a>,
    pub(crate) status: [Vec<Pid>; 9],
    pub(crate) remediations: Vec<Refs>,
    pub(crate) flags: Vec<Refs>,
    pub(crate) threats: Vec<Refs>,
    /// Products of each item of `scores` or `metrics`.
    pub(crate) metrics: Vec<Vec<Pid>>,
}

/// One entry of the revision history that has a date and a number.
#[derive(Clone, Copy)]
pub(crate) struct Revision<'a> {
    pub(crate) index: usize,
    pub(crate) date: Instant<'a>,
    pub(crate) date_text: &'a str,
    pub(crate) number: Number<'a>,
    pub(crate) number_text: &'a str,
}

pub(crate) struct Ctx<'a> {
    pub(crate) root: &'a Value<'a>,
    pub(crate) version: Version,
    pub(crate) document: &'a Value<'a>,
    pub(crate) tracking: &'a Value<'a>,
    pub(crate) tree: &'a Value<'a>,
    pub(crate) category: &'a str,
    pub(crate) status: &'a str,
    pub(crate) branches: Vec<Branch<'a>>,
    pub(crate) products: Vec<Product<'a>>,
    pub(crate) groups: Vec<Group<'a>>,
    pub(crate) group_numbers: HashMap<&'a str, usize>,
    /// Product identifiers by number.
    pub(crate) ids: Vec<&'a str>,
    id_numbers: HashMap<&'a str, Pid>,
    /// How often each identifier is defined.
    pub(crate) defined: Vec<u32>,
    pub(crate) vulnerabilities: Vec<Vulnerability<'a>>,
    /// The revision history sorted by date, then by number.
    pub(crate) history: Vec<Revision<'a>>,
}

static NOTHING: Value<'static> = Value::Null;

impl<'a> Ctx<'a> {
    pub(crate) fn new(root: &'a Value<'a>, version: Version) -> Self {
        let document = root.get("document").unwrap_or(&NOTHING);
        let tracking = document.get("tracking").unwrap_or(&NOTHING);
        let mut ctx = Self {
            root,
            version,
            document,
            tracking,
            tree: root.get("product_tree").unwrap_or(&NOTHING),
            category: document.text("category").unwrap_or_default(),
            status: tracking.text("status").unwrap_or_default(),
            branches: Vec::new(),
            products: Vec::new(),
            groups: Vec::new(),
            group_numbers: HashMap::new(),
            ids: Vec::new(),
            id_numbers: HashMap::new(),
            defined: Vec::new(),
            vulnerabilities: Vec::new(),
            history: Vec::new(),
        };
        ctx.collect_products();
        ctx.collect_extended_products();
        ctx.collect_groups();
        ctx.collect_vulnerabilities();
        ctx.collect_history();
        ctx
    }

    fn pid(&mut self, id: &'a str) -> Pid {
        if let Some(pid) = self.id_numbers.get(id) {
            return *pid;
        }
        let pid = self.ids.len();
        self.ids.push(id);
        self.defined.push(0);
        self.id_numbers.insert(id, pid);
        pid
    }

    fn pids(&mut self, list: Option<&'a Value<'a>>) -> Vec<Pid> {
        let items = list.map_or(&[][..], Value::elements);
        let mut pids = Vec::with_capacity(items.len());
        for item in items {
            // An element that is no text keeps its place, so that positions in the list stay right.
            pids.push(self.pid(item.as_str().unwrap_or_default()));
        }
        pids
    }

    fn define(&mut self, value: &'a Value<'a>, place: Place) {
        let pid = value.text("product_id").map(|id| self.pid(id));
        if let Some(count) = pid.and_then(|pid| self.defined.get_mut(pid)) {
            *count = count.saturating_add(1);
        }
        self.products.push(Product { value, place, pid });
    }

    fn collect_products(&mut self) {
        let tree = self.tree;
        let mut open: Vec<(&'a Value<'a>, Option<usize>, usize, usize)> = Vec::new();
        let children = |open: &mut Vec<_>, list: &'a [Value<'a>], parent, depth| {
            open.extend(list.iter().enumerate().rev().map(|(index, value)| (value, parent, index, depth)));
        };
        children(&mut open, tree.list("branches"), None, 1);
        while let Some((value, parent, index, depth)) = open.pop() {
            let number = self.branches.len();
            let category = value.text("category").unwrap_or_default();
            let name = value.text("name").unwrap_or_default();
            self.branches.push(Branch { value, parent, index, depth, category, name });
            if let Some(product) = value.get("product") {
                self.define(product, Place::Branch(number));
            }
            children(&mut open, value.list("branches"), Some(number), depth.saturating_add(1));
        }
        for (index, product) in tree.list("full_product_names").iter().enumerate() {
            self.define(product, Place::Plain(index));
        }
        for (index, path) in tree.list(self.paths_key()).iter().enumerate() {
            if let Some(product) = path.get("full_product_name") {
                self.define(product, Place::Path(index));
            }
        }
    }

    /// Critical extensions may define products of their own; without reading them, 6.1.1 would blame their users.
    fn collect_extended_products(&mut self) {
        let holders = [self.root, self.document];
        let extensions = holders.into_iter().flat_map(|holder| holder.list("x_extensions"));
        let critical = extensions.filter(|item| item.get("critical").and_then(Value::as_bool) == Some(true));
        let mut open: Vec<&'a Value<'a>> = critical.filter_map(|item| item.get("content")).collect();
        while let Some(value) = open.pop() {
            if let (Some(id), Some(_)) = (value.text("product_id"), value.text("name")) {
                let pid = self.pid(id);
                if let Some(count) = self.defined.get_mut(pid) {
                    *count = count.saturating_add(1);
                }
            }
            open.extend(value.elements());
            open.extend(value.fields().iter().map(|(_, field)| field));
        }
    }

    fn collect_groups(&mut self) {
        for group in self.tree.list("product_groups") {
            let id = group.text("group_id").unwrap_or_default();
            let products = self.pids(group.get("product_ids"));
            self.group_numbers.entry(id).or_insert(self.groups.len());
            self.groups.push(Group { id, products });
        }
    }

    fn refs(&mut self, entry: &'a Value<'a>) -> Refs {
        let products = entry.get("product_ids");
        let groups = entry.get("group_ids");
        Refs {
            products: self.pids(products),
            groups: groups
                .map_or(&[][..], Value::elements)
                .iter()
                .filter_map(|group| self.group_numbers.get(group.as_str()?).copied())
                .collect(),
            given: products.is_some() || groups.is_some(),
        }
    }

    fn collect_vulnerabilities(&mut self) {
        let metrics_key = self.metrics_key();
        for value in self.root.list("vulnerabilities") {
            let status = value.get("product_status").unwrap_or(&NOTHING);
            let status = STATUS.map(|key| self.pids(status.get(key)));
            let mut all = |key: &str| value.list(key).iter().map(|entry| self.refs(entry)).collect();
            let (remediations, flags, threats) = (all("remediations"), all("flags"), all("threats"));
            let metrics = value.list(metrics_key).iter().map(|entry| self.pids(entry.get("products"))).collect();
            self.vulnerabilities.push(Vulnerability { value, status, remediations, flags, threats, metrics });
        }
    }

    fn collect_history(&mut self) {
        for (index, entry) in self.tracking.list("revision_history").iter().enumerate() {
            let (Some(date_text), Some(number_text)) = (entry.text("date"), entry.text("number")) else { continue };
            if let (Some(date), Some(number)) = (Instant::parse(date_text), Number::parse(number_text)) {
                self.history.push(Revision { index, date, date_text, number, number_text });
            }
        }
        self.history
            .sort_by(|left, right| left.date.cmp(&right.date).then_with(|| left.number.precedence(&right.number)));
    }

    /// The key of product paths in this version.
    pub(crate) const fn paths_key(&self) -> &'static str {
        match self.version {
            Version::V2_0 => "relationships",
            Version::V2_1 => "product_paths",
        }
    }

    /// The key of scores in this version.
    pub(crate) const fn metrics_key(&self) -> &'static str {
        match self.version {
            Version::V2_0 => "scores",
            Version::V2_1 => "metrics",
        }
    }

    /// The object that holds the CVSS objects of an item of scores or metrics, and its path below that item.
    pub(crate) fn content<'v>(&self, metric: &'v Value<'v>) -> (&'v Value<'v>, &'static str) {
        match self.version {
            Version::V2_0 => (metric, ""),
            Version::V2_1 => (metric.get("content").unwrap_or(&NOTHING), "/content"),
        }
    }

    pub(crate) const fn is(&self, version: Version) -> bool {
        matches!((self.version, version), (Version::V2_0, Version::V2_0) | (Version::V2_1, Version::V2_1))
    }

    pub(crate) fn id(&self, pid: Pid) -> &'a str {
        self.ids.get(pid).copied().unwrap_or_default()
    }

    pub(crate) fn is_defined(&self, pid: Pid) -> bool {
        self.defined.get(pid).is_some_and(|count| *count > 0)
    }

    pub(crate) fn pid_of(&self, id: &str) -> Option<Pid> {
        self.id_numbers.get(id).copied()
    }

    /// The pointer of a branch.
    pub(crate) fn branch_path(&self, number: usize) -> String {
        let mut indexes = Vec::new();
        let mut next = self.branches.get(number);
        while let Some(branch) = next {
            indexes.push(branch.index);
            next = branch.parent.and_then(|parent| self.branches.get(parent));
        }
        let mut path = String::from("/product_tree");
        for index in indexes.iter().rev() {
            let _never_fails = write!(path, "/branches/{index}");
        }
        path
    }

    /// The branches from one up to the root.
    pub(crate) fn ancestors(&self, number: usize) -> impl Iterator<Item = (usize, &Branch<'a>)> {
        let mut next = Some(number);
        std::iter::from_fn(move || {
            let number = next?;
            let branch = self.branches.get(number)?;
            next = branch.parent;
            Some((number, branch))
        })
    }

    /// The pointer of a full product name.
    pub(crate) fn product_path(&self, place: Place) -> String {
        match place {
            Place::Branch(number) => format!("{}/product", self.branch_path(number)),
            Place::Plain(index) => format!("/product_tree/full_product_names/{index}"),
            Place::Path(index) => format!("/product_tree/{}/{index}/full_product_name", self.paths_key()),
        }
    }

    /// Marks every product that any of the entries names, directly or through a group, each group opened once.
    pub(crate) fn cover<'r>(&self, cover: &mut Cover, entries: impl Iterator<Item = &'r Refs>) {
        cover.products.clear();
        cover.groups.clear();
        for entry in entries {
            for pid in &entry.products {
                cover.products.set(*pid);
            }
            for group in &entry.groups {
                if cover.groups.set(*group) {
                    for pid in self.members(*group) {
                        cover.products.set(*pid);
                    }
                }
            }
        }
    }

    /// The products and groups that an entry names, as far as the document knows them.
    pub(crate) fn resolve(&self, entry: &Value<'_>) -> Refs {
        let (products, groups) = (entry.get("product_ids"), entry.get("group_ids"));
        Refs {
            products: entry.list("product_ids").iter().filter_map(|item| self.pid_of(item.as_str()?)).collect(),
            groups: entry
                .list("group_ids")
                .iter()
                .filter_map(|item| self.group_numbers.get(item.as_str()?).copied())
                .collect(),
            given: products.is_some() || groups.is_some(),
        }
    }

    /// The products of a group.
    pub(crate) fn members(&self, group: usize) -> &[Pid] {
        self.groups.get(group).map_or(&[], |group| &group.products)
    }

    /// An empty cover of the size of this document.
    pub(crate) fn new_cover(&self) -> Cover {
        Cover { products: Marks::new(self.ids.len()), groups: Marks::new(self.groups.len()) }
    }
}

/// Products that entries cover, and the groups opened on the way.
pub(crate) struct Cover {
    pub(crate) products: Marks,
    groups: Marks,
}

/// A set of small numbers that is emptied in no time, so that one set serves all vulnerabilities.
pub(crate) struct Marks {
    stamps: Vec<u32>,
    now: u32,
}

impl Marks {
    pub(crate) fn new(count: usize) -> Self {
        Self { stamps: vec![0; count], now: 1 }
    }

    /// Removes all numbers.
    pub(crate) fn clear(&mut self) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.stamps.fill(0);
            self.now = 1;
        }
    }

    /// Adds a number; whether it is new.
    pub(crate) fn set(&mut self, number: usize) -> bool {
        let now = self.now;
        self.stamps.get_mut(number).is_some_and(|stamp| std::mem::replace(stamp, now) != now)
    }

    pub(crate) fn has(&self, number: usize) -> bool {
        self.stamps.get(number) == Some(&self.now)
    }
}

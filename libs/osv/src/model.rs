//! The record, as the OSV schema names its parts (OSV schema 1.7).

use lenient::{Json, Map, Value, names, record};

names! {
    /// How the events of a range are ordered.
    pub enum RangeType {
        /// Commits of a repository.
        Git = "GIT",
        /// Semantic versioning 2.0.
        Semver = "SEMVER",
        /// As the ecosystem of the package orders versions.
        Ecosystem = "ECOSYSTEM",
    }

    /// What a reference is.
    pub enum ReferenceType {
        /// An advisory.
        Advisory = "ADVISORY",
        /// An article.
        Article = "ARTICLE",
        /// A way of detecting exploitation.
        Detection = "DETECTION",
        /// A discussion.
        Discussion = "DISCUSSION",
        /// A report, mostly in a tracker.
        Report = "REPORT",
        /// The fix.
        Fix = "FIX",
        /// The change that introduced it.
        Introduced = "INTRODUCED",
        /// A repository (no longer used).
        Git = "GIT",
        /// The page of the package.
        Package = "PACKAGE",
        /// Evidence, such as a proof of concept.
        Evidence = "EVIDENCE",
        /// Any page.
        Web = "WEB",
    }

    /// What somebody is thanked for.
    pub enum CreditType {
        /// Found it.
        Finder = "FINDER",
        /// Told the vendor.
        Reporter = "REPORTER",
        /// Checked it.
        Analyst = "ANALYST",
        /// Brought the parties together.
        Coordinator = "COORDINATOR",
        /// Wrote the fix.
        RemediationDeveloper = "REMEDIATION_DEVELOPER",
        /// Reviewed the fix.
        RemediationReviewer = "REMEDIATION_REVIEWER",
        /// Tested the fix.
        RemediationVerifier = "REMEDIATION_VERIFIER",
        /// Is a tool.
        Tool = "TOOL",
        /// Paid for it.
        Sponsor = "SPONSOR",
        /// Something else.
        Another = "OTHER",
    }
}

record! {
    /// An OSV record.
    pub struct Record {
        /// Version of the schema.
        schema_version: Option<String> = "schema_version",
        /// Identifier.
        id: String = "id" => required,
        /// When it was last changed.
        modified: String = "modified" => required,
        /// When it was published.
        published: Option<String> = "published",
        /// When it was withdrawn; a withdrawn record affects nothing.
        withdrawn: Option<String> = "withdrawn",
        /// Other identifiers of the same vulnerability.
        aliases: Vec<String> = "aliases",
        /// Identifiers of others that are close.
        related: Vec<String> = "related",
        /// Identifiers that this one stems from.
        upstream: Vec<String> = "upstream",
        /// One line.
        summary: Option<String> = "summary",
        /// CommonMark.
        details: Option<String> = "details",
        /// Scores of the vulnerability.
        severity: Vec<Score> = "severity",
        /// Affected packages.
        affected: Vec<Affected> = "affected",
        /// References.
        references: Vec<Reference> = "references",
        /// Thanks.
        credits: Vec<Credit> = "credits",
        /// What the database adds.
        database_specific: Map<String, Value> = "database_specific",
    }

    /// A score.
    pub struct Score {
        /// `CVSS_V2`, `CVSS_V3`, `CVSS_V4` or another.
        kind: String = "type" => required,
        /// The vector.
        score: String = "score" => required,
    }

    /// An affected package.
    pub struct Affected {
        /// The package; a record about commits has none.
        package: Option<Package> = "package",
        /// Scores for this package alone.
        severity: Vec<Score> = "severity",
        /// Ranges.
        ranges: Vec<Range> = "ranges",
        /// Versions, one by one.
        versions: Vec<String> = "versions",
        /// What the ecosystem adds.
        ecosystem_specific: Map<String, Value> = "ecosystem_specific",
        /// What the database adds.
        database_specific: Map<String, Value> = "database_specific",
    }

    /// A package.
    pub struct Package {
        /// Its ecosystem, perhaps with a release: `Debian:12`.
        ecosystem: String = "ecosystem" => required,
        /// Its name there.
        name: String = "name" => required,
        /// Its package URL without version.
        purl: Option<String> = "purl",
    }

    /// A range of versions.
    pub struct Range {
        /// How its events are ordered.
        kind: Option<RangeType> = "type" => required,
        /// Address of the repository, for commits.
        repo: Option<String> = "repo",
        /// Its events.
        events: Vec<Event> = "events" => required,
        /// What the database adds.
        database_specific: Map<String, Value> = "database_specific",
    }

    /// One event of a range; exactly one of the four is there.
    pub struct Event {
        /// Affected from here on; `0` is before every version.
        introduced: Option<String> = "introduced",
        /// No more affected from here on.
        fixed: Option<String> = "fixed",
        /// Affected up to here.
        last_affected: Option<String> = "last_affected",
        /// Versions from here on are not spoken of.
        limit: Option<String> = "limit",
    }

    /// A reference.
    pub struct Reference {
        /// What it is.
        kind: Option<ReferenceType> = "type" => required,
        /// Address.
        url: String = "url" => required,
    }

    /// Thanks.
    pub struct Credit {
        /// Who.
        name: String = "name" => required,
        /// Addresses.
        contact: Vec<String> = "contact",
        /// For what.
        kind: Option<CreditType> = "type",
    }
}

impl Record {
    /// The record as JSON.
    #[must_use]
    pub fn write(&self) -> Value {
        Json::write(self)
    }

    /// The record as JSON text, indented, with a line break at the end.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{:#}\n", self.write())
    }

    /// The identifier and the aliases.
    pub fn identifiers(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

impl Event {
    /// The version of the event, whichever it is.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        [&self.introduced, &self.fixed, &self.last_affected, &self.limit]
            .into_iter()
            .flatten()
            .next()
            .map(String::as_str)
    }

    pub(crate) fn count(&self) -> usize {
        [&self.introduced, &self.fixed, &self.last_affected, &self.limit].into_iter().flatten().count()
    }
}

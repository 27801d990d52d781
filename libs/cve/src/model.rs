//! The record, as the CVE record format names its parts (CVE_Record_Format 5.2.0).

use lenient::{Json, Map, Value, names, record};

names! {
    /// State of a record.
    pub enum State {
        /// The record describes a vulnerability.
        Published = "PUBLISHED",
        /// The identifier is not to be used.
        Rejected = "REJECTED",
        /// The identifier is set aside; seen in services, not in published files.
        Reserved = "RESERVED",
    }

    /// Whether versions are affected.
    pub enum Status {
        /// Affected.
        Affected = "affected",
        /// Not affected.
        Unaffected = "unaffected",
        /// Not known.
        Unknown = "unknown",
    }

    /// What somebody is thanked for.
    pub enum CreditType {
        /// Found it.
        Finder = "finder",
        /// Told the vendor.
        Reporter = "reporter",
        /// Checked it.
        Analyst = "analyst",
        /// Brought the parties together.
        Coordinator = "coordinator",
        /// Wrote the fix.
        RemediationDeveloper = "remediation developer",
        /// Reviewed the fix.
        RemediationReviewer = "remediation reviewer",
        /// Tested the fix.
        RemediationVerifier = "remediation verifier",
        /// Is a tool.
        Tool = "tool",
        /// Paid for it.
        Sponsor = "sponsor",
        /// Something else.
        Another = "other",
    }
}

/// Absent states and statuses are absent options, so that these defaults only fill records under construction.
impl Default for State {
    fn default() -> Self {
        Self::Published
    }
}

record! {
    /// A CVE record.
    pub struct Record {
        /// `CVE_RECORD`.
        data_type: String = "dataType" => required,
        /// Version of the format.
        data_version: String = "dataVersion" => required,
        /// Identifier, owner, state and dates.
        metadata: Metadata = "cveMetadata" => required,
        /// What the CNA and others say.
        containers: Containers = "containers" => required,
    }

    /// Identifier, owner, state and dates.
    pub struct Metadata {
        /// The identifier.
        id: String = "cveId" => required,
        /// Organisation of the CNA.
        assigner_org_id: String = "assignerOrgId" => required,
        /// Its short name.
        assigner_short_name: Option<String> = "assignerShortName",
        /// Who asked for the identifier.
        requester_user_id: Option<String> = "requesterUserId",
        /// Counts changes.
        serial: Option<u64> = "serial",
        /// State.
        state: Option<State> = "state" => required,
        /// When the identifier was reserved.
        date_reserved: Option<String> = "dateReserved",
        /// When the record was published.
        date_published: Option<String> = "datePublished",
        /// When it was last changed.
        date_updated: Option<String> = "dateUpdated",
        /// When it was rejected.
        date_rejected: Option<String> = "dateRejected",
    }

    /// What the CNA and others say.
    pub struct Containers {
        /// The CNA.
        cna: Container = "cna" => required,
        /// Authorised data publishers.
        adp: Vec<Container> = "adp",
    }

    /// What one organisation says about the vulnerability.
    pub struct Container {
        /// Who speaks.
        provider: Provider = "providerMetadata" => required,
        /// When the identifier was assigned.
        date_assigned: Option<String> = "dateAssigned",
        /// When the vulnerability became public.
        date_public: Option<String> = "datePublic",
        /// Title.
        title: Option<String> = "title",
        /// Descriptions.
        descriptions: Vec<Description> = "descriptions",
        /// Affected products.
        affected: Vec<Affected> = "affected",
        /// Configurations as CPE matches.
        cpe_applicability: Vec<Applicability> = "cpeApplicability",
        /// Kinds of problem.
        problem_types: Vec<ProblemType> = "problemTypes",
        /// References.
        references: Vec<Reference> = "references",
        /// Attack patterns.
        impacts: Vec<Impact> = "impacts",
        /// Scores.
        metrics: Vec<Metric> = "metrics",
        /// Configurations that are vulnerable.
        configurations: Vec<Description> = "configurations",
        /// Ways around.
        workarounds: Vec<Description> = "workarounds",
        /// Solutions.
        solutions: Vec<Description> = "solutions",
        /// Exploits.
        exploits: Vec<Description> = "exploits",
        /// What happened when.
        timeline: Vec<TimelineEntry> = "timeline",
        /// Thanks.
        credits: Vec<Credit> = "credits",
        /// Where this comes from; free form.
        source: Value = "source",
        /// Tags, such as `disputed`.
        tags: Vec<String> = "tags",
        /// Other taxonomies.
        taxonomy_mappings: Vec<Taxonomy> = "taxonomyMappings",
        /// Why the identifier is rejected.
        rejected_reasons: Vec<Description> = "rejectedReasons",
        /// Identifiers to use in its place.
        replaced_by: Vec<String> = "replacedBy",
    }

    /// Who speaks.
    pub struct Provider {
        /// Organisation.
        org_id: String = "orgId" => required,
        /// Short name.
        short_name: Option<String> = "shortName",
        /// When it last changed what it says.
        date_updated: Option<String> = "dateUpdated",
    }

    /// A text in a language.
    pub struct Description {
        /// Language tag.
        lang: String = "lang" => required,
        /// Plain text.
        value: String = "value" => required,
        /// The same in other media types.
        supporting_media: Vec<Media> = "supportingMedia",
    }

    /// A text in a media type.
    pub struct Media {
        /// Media type.
        media_type: String = "type" => required,
        /// Whether the value is in Base64.
        base64: Option<bool> = "base64",
        /// The content.
        value: String = "value" => required,
    }

    /// A product and its versions.
    pub struct Affected {
        /// Vendor.
        vendor: Option<String> = "vendor",
        /// Product.
        product: Option<String> = "product",
        /// Address of a collection of packages.
        collection_url: Option<String> = "collectionURL",
        /// Name of the package in the collection.
        package_name: Option<String> = "packageName",
        /// Package URL without version (5.2).
        package_url: Option<String> = "packageURL",
        /// CPE names.
        cpes: Vec<String> = "cpes",
        /// Modules.
        modules: Vec<String> = "modules",
        /// Files.
        program_files: Vec<String> = "programFiles",
        /// Functions.
        program_routines: Vec<Routine> = "programRoutines",
        /// Platforms.
        platforms: Vec<String> = "platforms",
        /// Address of the repository.
        repo: Option<String> = "repo",
        /// Status of versions that are not listed; absent means unknown.
        default_status: Option<Status> = "defaultStatus",
        /// Versions and ranges.
        versions: Vec<Version> = "versions",
    }

    /// A function.
    pub struct Routine {
        /// Its name.
        name: String = "name" => required,
    }

    /// A version, or a range that starts with it.
    pub struct Version {
        /// The version, or the start of the range; `0` is before every version.
        version: String = "version" => required,
        /// Whether it is affected.
        status: Option<Status> = "status" => required,
        /// How versions are ordered.
        version_type: Option<String> = "versionType",
        /// The range ends before this version; `*` is after every version.
        less_than: Option<String> = "lessThan",
        /// The range ends with this version.
        less_than_or_equal: Option<String> = "lessThanOrEqual",
        /// Changes of status within the range.
        changes: Vec<Change> = "changes",
    }

    /// A change of status within a range.
    pub struct Change {
        /// From this version on.
        at: String = "at" => required,
        /// The status is this.
        status: Option<Status> = "status" => required,
    }

    /// Configurations as CPE matches.
    pub struct Applicability {
        /// `AND` or `OR`.
        operator: Option<String> = "operator",
        /// Whether the match is negated.
        negate: Option<bool> = "negate",
        /// CPE matches, as NVD writes them.
        nodes: Vec<Value> = "nodes" => required,
    }

    /// A kind of problem.
    pub struct ProblemType {
        /// The same in languages and taxonomies.
        descriptions: Vec<ProblemDescription> = "descriptions" => required,
    }

    /// A kind of problem, in words or as CWE.
    pub struct ProblemDescription {
        /// Language tag.
        lang: String = "lang" => required,
        /// In words.
        description: String = "description" => required,
        /// CWE identifier.
        cwe_id: Option<String> = "cweId",
        /// Taxonomy, such as `CWE`.
        kind: Option<String> = "type",
        /// References.
        references: Vec<Reference> = "references",
    }

    /// A reference.
    pub struct Reference {
        /// Address.
        url: String = "url" => required,
        /// Title.
        name: Option<String> = "name",
        /// Tags, such as `vendor-advisory`.
        tags: Vec<String> = "tags",
    }

    /// An attack pattern.
    pub struct Impact {
        /// CAPEC identifier.
        capec_id: Option<String> = "capecId",
        /// In words.
        descriptions: Vec<Description> = "descriptions" => required,
    }

    /// A score.
    pub struct Metric {
        /// Name of the format: `CVSS` or another.
        format: Option<String> = "format",
        /// For which scenario it holds.
        scenarios: Vec<Scenario> = "scenarios",
        /// CVSS 4.0.
        cvss_v4_0: Option<Map<String, Value>> = "cvssV4_0",
        /// CVSS 3.1.
        cvss_v3_1: Option<Map<String, Value>> = "cvssV3_1",
        /// CVSS 3.0.
        cvss_v3_0: Option<Map<String, Value>> = "cvssV3_0",
        /// CVSS 2.0.
        cvss_v2_0: Option<Map<String, Value>> = "cvssV2_0",
        /// Anything else, such as SSVC.
        another: Option<OtherMetric> = "other",
    }

    /// For which scenario a score holds.
    pub struct Scenario {
        /// Language tag.
        lang: String = "lang" => required,
        /// In words.
        value: String = "value" => required,
    }

    /// A score that is not CVSS.
    pub struct OtherMetric {
        /// Its kind: `ssvc`, `kev`.
        kind: String = "type" => required,
        /// Its content.
        content: Map<String, Value> = "content" => required,
    }

    /// What happened when.
    pub struct TimelineEntry {
        /// When.
        time: String = "time" => required,
        /// Language tag.
        lang: String = "lang" => required,
        /// What.
        value: String = "value" => required,
    }

    /// Thanks.
    pub struct Credit {
        /// Language tag.
        lang: String = "lang" => required,
        /// Who.
        value: String = "value" => required,
        /// Identifier of the user.
        user: Option<String> = "user",
        /// For what.
        kind: Option<CreditType> = "type",
    }

    /// A mapping to another taxonomy.
    pub struct Taxonomy {
        /// Its name.
        name: String = "taxonomyName" => required,
        /// Its version.
        version: Option<String> = "taxonomyVersion",
        /// The relations.
        relations: Vec<TaxonomyRelation> = "taxonomyRelations" => required,
    }

    /// A relation to an item of another taxonomy.
    pub struct TaxonomyRelation {
        /// The item.
        id: String = "taxonomyId" => required,
        /// The relation.
        name: String = "relationshipName" => required,
        /// Its value.
        value: String = "relationshipValue" => required,
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

    /// Whether the record is rejected.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.metadata.state == Some(State::Rejected)
    }

    /// The containers, the CNA's first.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        std::iter::once(&self.containers.cna).chain(&self.containers.adp)
    }
}

impl Container {
    /// The first English text among descriptions.
    #[must_use]
    pub fn english(&self) -> Option<&str> {
        self.descriptions.iter().find(|text| is_english(&text.lang)).map(|text| text.value.as_str())
    }

    /// All CWE identifiers.
    pub fn cwes(&self) -> impl Iterator<Item = &str> {
        self.problem_types.iter().flat_map(|kind| &kind.descriptions).filter_map(|text| text.cwe_id.as_deref())
    }
}

impl Metric {
    /// The CVSS vectors as they are written, newest version first.
    pub fn vectors(&self) -> impl Iterator<Item = &str> {
        [&self.cvss_v4_0, &self.cvss_v3_1, &self.cvss_v3_0, &self.cvss_v2_0]
            .into_iter()
            .flatten()
            .filter_map(|cvss| cvss.get("vectorString")?.as_str())
    }
}

/// Whether a language tag is English.
pub(crate) fn is_english(lang: &str) -> bool {
    lang.split(['-', '_']).next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

//! The JSON schema of CSAF 2.1 as a table, with the SSVC selection list 2.0.0 that it refers to.

use super::common::{
    ACKNOWLEDGMENTS, AGGREGATE_SEVERITY, ANY_TEXT, CATEGORY, CVE, CWE_ID, DATE_TIME, FLAGS, GENERIC_URI, LANGUAGE,
    NOTE_CATEGORY, PARTY, PARTY_STATUS, PRODUCT_GROUPS, REFERENCES, RELATION, RESTART, TEXT, TEXTS, THREATS, TRACKING,
    UNIQUE_TEXTS, UNIQUE_URIS, URI, form,
};
use super::{Extra, Object, Shape, cvss};
use crate::format::Form;

/// The `$schema` of a CSAF 2.1 document.
pub(crate) const SCHEMA_URL: &str = "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json";

pub(super) static ROOT: Shape = Shape::Object(&Object::new(
    &[
        ("$schema", &Shape::Choice(&[SCHEMA_URL])),
        ("document", &DOCUMENT),
        ("product_tree", &PRODUCT_TREE),
        ("vulnerabilities", &VULNERABILITIES),
        ("x_extensions", &EXTENSIONS),
    ],
    &["$schema", "document"],
));

static EXTENSIONS: Shape = Shape::List {
    item: &Shape::Extension(&Object::new(
        &[
            ("$schema", &form(Form::ExtensionSchema)),
            ("category", &Shape::Choice(&["essential", "significant", "supplementary"])),
            ("content", &Shape::Object(&Object::new(&[], &[]).counted(1, usize::MAX).extra(Extra::Free))),
            ("critical", &Shape::Bool),
        ],
        &["$schema", "category", "critical", "content"],
    )),
    min: 1,
    unique: true,
};

static NOTES: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[
            ("audience", &TEXT),
            ("category", &NOTE_CATEGORY),
            ("group_ids", &UNIQUE_TEXTS),
            ("product_ids", &UNIQUE_TEXTS),
            ("text", &TEXT),
            ("title", &TEXT),
        ],
        &["category", "text"],
    )),
    min: 1,
    unique: false,
};

static DISTRIBUTION: Shape = Shape::Object(&Object::new(
    &[
        ("sharing_group", &Shape::Object(&Object::new(&[("id", &form(Form::Uuid)), ("name", &TEXT)], &["id"]))),
        ("text", &TEXT),
        (
            "tlp",
            &Shape::Object(&Object::new(
                &[("label", &Shape::Choice(&["AMBER", "AMBER+STRICT", "CLEAR", "GREEN", "RED"])), ("url", &URI)],
                &["label"],
            )),
        ),
    ],
    &["tlp"],
));

static DOCUMENT: Shape = Shape::Object(&Object::new(
    &[
        ("acknowledgments", &ACKNOWLEDGMENTS),
        ("aggregate_severity", &AGGREGATE_SEVERITY),
        ("category", &CATEGORY),
        ("csaf_version", &Shape::Choice(&["2.1"])),
        ("distribution", &DISTRIBUTION),
        ("lang", &LANGUAGE),
        ("license_expression", &TEXT),
        ("notes", &NOTES),
        (
            "publisher",
            &Shape::Object(&Object::new(
                &[
                    (
                        "category",
                        &Shape::Choice(&[
                            "coordinator",
                            "discoverer",
                            "multiplier",
                            "other",
                            "translator",
                            "user",
                            "vendor",
                        ]),
                    ),
                    ("contact_details", &TEXT),
                    ("issuing_authority", &TEXT),
                    ("name", &TEXT),
                    ("namespace", &URI),
                ],
                &["category", "name", "namespace"],
            )),
        ),
        ("references", &REFERENCES),
        ("source_lang", &LANGUAGE),
        ("title", &TEXT),
        ("tracking", &TRACKING),
        ("x_extensions", &EXTENSIONS),
    ],
    &["category", "csaf_version", "distribution", "publisher", "title", "tracking"],
));

static BRANCHES: Shape = Shape::List { item: &BRANCH, min: 1, unique: false };

static BRANCH: Shape = Shape::Object(
    &Object::new(
        &[
            ("branches", &BRANCHES),
            (
                "category",
                &Shape::Choice(&[
                    "architecture",
                    "host_name",
                    "language",
                    "patch_level",
                    "platform",
                    "product_family",
                    "product_name",
                    "product_version",
                    "product_version_range",
                    "service_pack",
                    "specification",
                    "vendor",
                ]),
            ),
            ("name", &TEXT),
            ("product", &PRODUCT),
        ],
        &["category", "name"],
    )
    .counted(3, 3),
);

static PRODUCT: Shape = Shape::Object(&Object::new(
    &[
        ("name", &TEXT),
        ("product_id", &TEXT),
        ("product_identification_helper", &HELPER),
        ("x_extensions", &EXTENSIONS),
    ],
    &["name", "product_id"],
));

static HELPER: Shape = Shape::Object(
    &Object::new(
        &[
            ("cpe", &form(Form::Cpe21)),
            ("hashes", &HASHES),
            ("model_numbers", &UNIQUE_TEXTS),
            ("purls", &Shape::List { item: &form(Form::Purl21), min: 1, unique: true }),
            ("sbom_urls", &UNIQUE_URIS),
            ("serial_numbers", &UNIQUE_TEXTS),
            ("skus", &UNIQUE_TEXTS),
            ("x_generic_uris", &Shape::List { item: &GENERIC_URI, min: 1, unique: true }),
        ],
        &[],
    )
    .counted(1, usize::MAX),
);

static HASHES: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[
            (
                "file_hashes",
                &Shape::List {
                    item: &Shape::Object(&Object::new(
                        &[("algorithm", &form(Form::HashAlgorithm21)), ("value", &form(Form::HashValue21))],
                        &["algorithm", "value"],
                    )),
                    min: 1,
                    unique: true,
                },
            ),
            ("filename", &TEXT),
        ],
        &["file_hashes", "filename"],
    )),
    min: 1,
    unique: true,
};

static PRODUCT_TREE: Shape = Shape::Object(
    &Object::new(
        &[
            ("branches", &BRANCHES),
            ("full_product_names", &Shape::List { item: &PRODUCT, min: 1, unique: false }),
            ("product_groups", &PRODUCT_GROUPS),
            (
                "product_paths",
                &Shape::List {
                    item: &Shape::Object(&Object::new(
                        &[
                            ("beginning_product_reference", &TEXT),
                            ("full_product_name", &PRODUCT),
                            (
                                "subpaths",
                                &Shape::List {
                                    item: &Shape::Object(&Object::new(
                                        &[("category", &RELATION), ("next_product_reference", &TEXT)],
                                        &["category", "next_product_reference"],
                                    )),
                                    min: 1,
                                    unique: false,
                                },
                            ),
                        ],
                        &["beginning_product_reference", "full_product_name", "subpaths"],
                    )),
                    min: 1,
                    unique: false,
                },
            ),
        ],
        &[],
    )
    .counted(1, usize::MAX),
);

static VULNERABILITIES: Shape = Shape::List { item: &VULNERABILITY, min: 1, unique: false };

static VULNERABILITY: Shape = Shape::Object(
    &Object::new(
        &[
            ("acknowledgments", &ACKNOWLEDGMENTS),
            ("cve", &CVE),
            ("cwes", &CWES),
            ("disclosure_date", &DATE_TIME),
            ("discovery_date", &DATE_TIME),
            ("first_known_exploitation_dates", &EXPLOITATION_DATES),
            ("flags", &FLAGS),
            ("ids", &IDS),
            ("involvements", &INVOLVEMENTS),
            ("metrics", &METRICS),
            ("notes", &NOTES),
            ("product_status", &PRODUCT_STATUS),
            ("references", &REFERENCES),
            ("remediations", &REMEDIATIONS),
            ("threats", &THREATS),
            ("title", &TEXT),
            ("x_extensions", &EXTENSIONS),
        ],
        &[],
    )
    .counted(1, usize::MAX),
);

static CWES: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[("id", &CWE_ID), ("name", &CATEGORY), ("version", &form(Form::CweVersion))],
        &["id", "name", "version"],
    )),
    min: 1,
    unique: true,
};

static EXPLOITATION_DATES: Shape = Shape::List {
    item: &Shape::Object(
        &Object::new(
            &[
                ("date", &DATE_TIME),
                ("exploitation_date", &DATE_TIME),
                ("group_ids", &UNIQUE_TEXTS),
                ("product_ids", &UNIQUE_TEXTS),
            ],
            &["date", "exploitation_date"],
        )
        .counted(3, usize::MAX),
    ),
    min: 1,
    unique: true,
};

static IDS: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[("group_ids", &UNIQUE_TEXTS), ("product_ids", &UNIQUE_TEXTS), ("system_name", &TEXT), ("text", &TEXT)],
        &["system_name", "text"],
    )),
    min: 1,
    unique: true,
};

static INVOLVEMENTS: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[
            ("contact", &TEXT),
            ("date", &DATE_TIME),
            ("group_ids", &UNIQUE_TEXTS),
            ("party", &PARTY),
            ("product_ids", &UNIQUE_TEXTS),
            ("status", &PARTY_STATUS),
            ("summary", &TEXT),
        ],
        &["party", "status"],
    )),
    min: 1,
    unique: true,
};

static PRODUCT_STATUS: Shape = Shape::Object(
    &Object::new(
        &[
            ("first_affected", &UNIQUE_TEXTS),
            ("first_fixed", &UNIQUE_TEXTS),
            ("fixed", &UNIQUE_TEXTS),
            ("known_affected", &UNIQUE_TEXTS),
            ("known_not_affected", &UNIQUE_TEXTS),
            ("last_affected", &UNIQUE_TEXTS),
            ("recommended", &UNIQUE_TEXTS),
            ("under_investigation", &UNIQUE_TEXTS),
            ("unknown", &UNIQUE_TEXTS),
        ],
        &[],
    )
    .counted(1, usize::MAX),
);

static REMEDIATIONS: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[
            (
                "category",
                &Shape::Choice(&[
                    "fix_planned",
                    "mitigation",
                    "no_fix_planned",
                    "none_available",
                    "optional_patch",
                    "vendor_fix",
                    "workaround",
                ]),
            ),
            ("date", &DATE_TIME),
            ("details", &TEXT),
            ("entitlements", &TEXTS),
            ("group_ids", &UNIQUE_TEXTS),
            ("product_ids", &UNIQUE_TEXTS),
            ("restart_required", &RESTART),
            ("url", &URI),
        ],
        &["category", "details"],
    )),
    min: 1,
    unique: false,
};

static METRICS: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[("content", &CONTENT), ("products", &UNIQUE_TEXTS), ("source", &URI)],
        &["content", "products"],
    )),
    min: 1,
    unique: true,
};

static PROBABILITY: Shape = form(Form::Probability);

static CONTENT: Shape = Shape::Object(
    &Object::new(
        &[
            ("cvss_v2", &Shape::Cvss(&cvss::V2)),
            ("cvss_v3", &Shape::Cvss3),
            ("cvss_v4", &Shape::Cvss(&cvss::V4)),
            (
                "epss",
                &Shape::Object(&Object::new(
                    &[("percentile", &PROBABILITY), ("probability", &PROBABILITY), ("timestamp", &DATE_TIME)],
                    &["percentile", "probability", "timestamp"],
                )),
            ),
            ("qualitative_severity_rating", &Shape::Choice(&["critical", "high", "low", "medium", "none"])),
            ("ssvc_v2", &Shape::Ssvc(&SSVC)),
            ("x_extensions", &EXTENSIONS),
        ],
        &[],
    )
    .counted(1, usize::MAX),
);

static SSVC_REFERENCES: Shape = Shape::List {
    item: &Shape::Object(
        &Object::new(&[("summary", &ANY_TEXT), ("uri", &URI)], &["summary", "uri"]).extra(Extra::Closed),
    ),
    min: 1,
    unique: false,
};

static SSVC: Object = Object::new(
    &[
        ("decision_point_resources", &SSVC_REFERENCES),
        ("references", &SSVC_REFERENCES),
        ("schemaVersion", &Shape::Choice(&["2.0.0"])),
        ("selections", &SELECTIONS),
        ("target_ids", &Shape::List { item: &ANY_TEXT, min: 1, unique: true }),
        ("timestamp", &DATE_TIME),
    ],
    &["timestamp", "schemaVersion", "selections"],
)
.extra(Extra::Closed);

static SELECTIONS: Shape = Shape::List {
    item: &Shape::Object(
        &Object::new(
            &[
                ("definition", &TEXT),
                ("key", &form(Form::SsvcKey)),
                ("name", &TEXT),
                ("namespace", &form(Form::SsvcNamespace)),
                (
                    "values",
                    &Shape::List {
                        item: &Shape::Object(
                            &Object::new(
                                &[("definition", &TEXT), ("key", &form(Form::SsvcKey)), ("name", &TEXT)],
                                &["key"],
                            )
                            .extra(Extra::Closed),
                        ),
                        min: 1,
                        unique: false,
                    },
                ),
                ("version", &form(Form::Semantic)),
            ],
            &["namespace", "key", "version", "values"],
        )
        .extra(Extra::Closed),
    ),
    min: 1,
    unique: false,
};

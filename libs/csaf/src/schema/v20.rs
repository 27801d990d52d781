//! The JSON schema of CSAF 2.0 as a table.

use super::common::{
    ACKNOWLEDGMENTS, AGGREGATE_SEVERITY, CATEGORY, CVE, CWE_ID, DATE_TIME, FLAGS, GENERIC_URI, LANGUAGE, NOTE_CATEGORY,
    PARTY, PARTY_STATUS, PRODUCT_GROUPS, REFERENCES, RELATION, RESTART, TEXT, TEXTS, THREATS, TRACKING, UNIQUE_TEXTS,
    URI, URIS, form,
};
use super::{Object, Shape, cvss};
use crate::format::Form;

pub(super) static ROOT: Shape = Shape::Object(&Object::new(
    &[("document", &DOCUMENT), ("product_tree", &PRODUCT_TREE), ("vulnerabilities", &VULNERABILITIES)],
    &["document"],
));

static NOTES: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[("audience", &TEXT), ("category", &NOTE_CATEGORY), ("text", &TEXT), ("title", &TEXT)],
        &["category", "text"],
    )),
    min: 1,
    unique: false,
};

static DOCUMENT: Shape = Shape::Object(&Object::new(
    &[
        ("acknowledgments", &ACKNOWLEDGMENTS),
        ("aggregate_severity", &AGGREGATE_SEVERITY),
        ("category", &CATEGORY),
        ("csaf_version", &Shape::Choice(&["2.0"])),
        (
            "distribution",
            &Shape::Object(
                &Object::new(
                    &[
                        ("text", &TEXT),
                        (
                            "tlp",
                            &Shape::Object(&Object::new(
                                &[("label", &Shape::Choice(&["AMBER", "GREEN", "RED", "WHITE"])), ("url", &URI)],
                                &["label"],
                            )),
                        ),
                    ],
                    &[],
                )
                .counted(1, usize::MAX),
            ),
        ),
        ("lang", &LANGUAGE),
        ("notes", &NOTES),
        (
            "publisher",
            &Shape::Object(&Object::new(
                &[
                    (
                        "category",
                        &Shape::Choice(&["coordinator", "discoverer", "other", "translator", "user", "vendor"]),
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
    ],
    &["category", "csaf_version", "publisher", "title", "tracking"],
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
                    "legacy",
                    "patch_level",
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
    &[("name", &TEXT), ("product_id", &TEXT), ("product_identification_helper", &HELPER)],
    &["name", "product_id"],
));

static HELPER: Shape = Shape::Object(
    &Object::new(
        &[
            ("cpe", &form(Form::Cpe20)),
            ("hashes", &HASHES),
            ("model_numbers", &UNIQUE_TEXTS),
            ("purl", &form(Form::Purl20)),
            ("sbom_urls", &URIS),
            ("serial_numbers", &UNIQUE_TEXTS),
            ("skus", &TEXTS),
            ("x_generic_uris", &Shape::List { item: &GENERIC_URI, min: 1, unique: false }),
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
                        &[("algorithm", &TEXT), ("value", &form(Form::HashValue20))],
                        &["algorithm", "value"],
                    )),
                    min: 1,
                    unique: false,
                },
            ),
            ("filename", &TEXT),
        ],
        &["file_hashes", "filename"],
    )),
    min: 1,
    unique: false,
};

static PRODUCT_TREE: Shape = Shape::Object(
    &Object::new(
        &[
            ("branches", &BRANCHES),
            ("full_product_names", &Shape::List { item: &PRODUCT, min: 1, unique: false }),
            ("product_groups", &PRODUCT_GROUPS),
            (
                "relationships",
                &Shape::List {
                    item: &Shape::Object(&Object::new(
                        &[
                            ("category", &RELATION),
                            ("full_product_name", &PRODUCT),
                            ("product_reference", &TEXT),
                            ("relates_to_product_reference", &TEXT),
                        ],
                        &["category", "full_product_name", "product_reference", "relates_to_product_reference"],
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
            ("cwe", &Shape::Object(&Object::new(&[("id", &CWE_ID), ("name", &TEXT)], &["id", "name"]))),
            ("discovery_date", &DATE_TIME),
            ("flags", &FLAGS),
            (
                "ids",
                &Shape::List {
                    item: &Shape::Object(&Object::new(
                        &[("system_name", &TEXT), ("text", &TEXT)],
                        &["system_name", "text"],
                    )),
                    min: 1,
                    unique: true,
                },
            ),
            (
                "involvements",
                &Shape::List {
                    item: &Shape::Object(&Object::new(
                        &[("date", &DATE_TIME), ("party", &PARTY), ("status", &PARTY_STATUS), ("summary", &TEXT)],
                        &["party", "status"],
                    )),
                    min: 1,
                    unique: true,
                },
            ),
            ("notes", &NOTES),
            ("product_status", &PRODUCT_STATUS),
            ("references", &REFERENCES),
            ("release_date", &DATE_TIME),
            ("remediations", &REMEDIATIONS),
            ("scores", &SCORES),
            ("threats", &THREATS),
            ("title", &TEXT),
        ],
        &[],
    )
    .counted(1, usize::MAX),
);

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
                &Shape::Choice(&["mitigation", "no_fix_planned", "none_available", "vendor_fix", "workaround"]),
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

static SCORES: Shape = Shape::List {
    item: &Shape::Object(
        &Object::new(
            &[("cvss_v2", &Shape::Cvss(&cvss::V2)), ("cvss_v3", &Shape::Cvss3), ("products", &UNIQUE_TEXTS)],
            &["products"],
        )
        .counted(2, usize::MAX),
    ),
    min: 1,
    unique: false,
};

//! Shapes that both versions share.

use super::{Object, Shape};
use crate::format::Form;

pub(super) const fn form(form: Form) -> Shape {
    Shape::Text { some: true, form: Some(form) }
}

pub(super) static TEXT: Shape = Shape::Text { some: true, form: None };
pub(super) static ANY_TEXT: Shape = Shape::Text { some: false, form: None };
pub(super) static URI: Shape = form(Form::Uri);
pub(super) static DATE_TIME: Shape = form(Form::DateTime);
pub(super) static LANGUAGE: Shape = form(Form::Language);
pub(super) static VERSION: Shape = form(Form::Version);
pub(super) static CVE: Shape = form(Form::Cve);
pub(super) static CWE_ID: Shape = form(Form::CweId);
pub(super) static CATEGORY: Shape = form(Form::Category);

pub(super) static TEXTS: Shape = Shape::List { item: &TEXT, min: 1, unique: false };
pub(super) static UNIQUE_TEXTS: Shape = Shape::List { item: &TEXT, min: 1, unique: true };
pub(super) static PAIR_OF_TEXTS: Shape = Shape::List { item: &TEXT, min: 2, unique: true };
pub(super) static URIS: Shape = Shape::List { item: &URI, min: 1, unique: false };
pub(super) static UNIQUE_URIS: Shape = Shape::List { item: &URI, min: 1, unique: true };

pub(super) static ACKNOWLEDGMENTS: Shape = Shape::List {
    item: &Shape::Object(
        &Object::new(&[("names", &TEXTS), ("organization", &TEXT), ("summary", &TEXT), ("urls", &URIS)], &[])
            .counted(1, usize::MAX),
    ),
    min: 1,
    unique: false,
};

pub(super) static AGGREGATE_SEVERITY: Shape =
    Shape::Object(&Object::new(&[("namespace", &URI), ("text", &TEXT)], &["text"]));

pub(super) static NOTE_CATEGORY: Shape =
    Shape::Choice(&["description", "details", "faq", "general", "legal_disclaimer", "other", "summary"]);

pub(super) static REFERENCES: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[("category", &Shape::Choice(&["external", "self"])), ("summary", &TEXT), ("url", &URI)],
        &["summary", "url"],
    )),
    min: 1,
    unique: false,
};

pub(super) static TRACKING: Shape = Shape::Object(&Object::new(
    &[
        ("aliases", &UNIQUE_TEXTS),
        ("current_release_date", &DATE_TIME),
        (
            "generator",
            &Shape::Object(&Object::new(
                &[
                    ("date", &DATE_TIME),
                    ("engine", &Shape::Object(&Object::new(&[("name", &TEXT), ("version", &TEXT)], &["name"]))),
                ],
                &["engine"],
            )),
        ),
        ("id", &form(Form::TrackingId)),
        ("initial_release_date", &DATE_TIME),
        (
            "revision_history",
            &Shape::List {
                item: &Shape::Object(&Object::new(
                    &[("date", &DATE_TIME), ("legacy_version", &TEXT), ("number", &VERSION), ("summary", &TEXT)],
                    &["date", "number", "summary"],
                )),
                min: 1,
                unique: false,
            },
        ),
        ("status", &Shape::Choice(&["draft", "final", "interim"])),
        ("version", &VERSION),
    ],
    &["current_release_date", "id", "initial_release_date", "revision_history", "status", "version"],
));

pub(super) static PRODUCT_GROUPS: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[("group_id", &TEXT), ("product_ids", &PAIR_OF_TEXTS), ("summary", &TEXT)],
        &["group_id", "product_ids"],
    )),
    min: 1,
    unique: false,
};

pub(super) static RELATION: Shape = Shape::Choice(&[
    "default_component_of",
    "external_component_of",
    "installed_on",
    "installed_with",
    "optional_component_of",
]);

pub(super) static GENERIC_URI: Shape =
    Shape::Object(&Object::new(&[("namespace", &URI), ("uri", &URI)], &["namespace", "uri"]));

pub(super) static FLAGS: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[
            ("date", &DATE_TIME),
            ("group_ids", &UNIQUE_TEXTS),
            (
                "label",
                &Shape::Choice(&[
                    "component_not_present",
                    "inline_mitigations_already_exist",
                    "vulnerable_code_cannot_be_controlled_by_adversary",
                    "vulnerable_code_not_in_execute_path",
                    "vulnerable_code_not_present",
                ]),
            ),
            ("product_ids", &UNIQUE_TEXTS),
        ],
        &["label"],
    )),
    min: 1,
    unique: true,
};

pub(super) static PARTY: Shape = Shape::Choice(&["coordinator", "discoverer", "other", "user", "vendor"]);
pub(super) static PARTY_STATUS: Shape =
    Shape::Choice(&["completed", "contact_attempted", "disputed", "in_progress", "not_contacted", "open"]);

pub(super) static RESTART: Shape = Shape::Object(&Object::new(
    &[
        (
            "category",
            &Shape::Choice(&[
                "connected",
                "dependencies",
                "machine",
                "none",
                "parent",
                "service",
                "system",
                "vulnerable_component",
                "zone",
            ]),
        ),
        ("details", &TEXT),
    ],
    &["category"],
));

pub(super) static THREATS: Shape = Shape::List {
    item: &Shape::Object(&Object::new(
        &[
            ("category", &Shape::Choice(&["exploit_status", "impact", "target_set"])),
            ("date", &DATE_TIME),
            ("details", &TEXT),
            ("group_ids", &UNIQUE_TEXTS),
            ("product_ids", &UNIQUE_TEXTS),
        ],
        &["category", "details"],
    )),
    min: 1,
    unique: false,
};

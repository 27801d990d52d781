//! `/api/v1/openapi.json`: the API for pipelines, described from a table of its endpoints.

use axum::Json;
use serde_json::{Map, Value, json};

/// One endpoint: method, path, what it does, its query parameters, what it answers.
struct Endpoint {
    method: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    query: &'static [(&'static str, &'static str)],
    body: Option<&'static str>,
    answers: &'static [(&'static str, &'static str, &'static str)],
    open: bool,
}

const RELEASE: &str = "/api/v1/products/{slug}/releases/{version}";
const REFUSED: (&str, &str, &str) = ("422", "application/json", "Refused, with a code and what to do.");
const UNKNOWN_TOKEN: (&str, &str, &str) =
    ("401", "application/json", "The token is missing, unknown, ended or expired.");

const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: "get",
        path: "/gate",
        id: "getGate",
        summary: "What the gate says about a release: passed, or what lacks, item by item.",
        query: &[
            ("format", "json (default), junit, sarif, or dsse for a signed statement"),
            ("gate", "the gate of a phase; without it the release gate"),
            ("assume", "activities, comma between, that are taken to be done: what if; may be given several times"),
            ("asof", "a past date such as 2026-03-01"),
            ("sha256", "for dsse: the SHA-256 of the artefact that the statement is about"),
            ("name", "for dsse: the artefact's name"),
        ],
        body: None,
        answers: &[("200", "application/json", "The verdict."), UNKNOWN_TOKEN, REFUSED],
        open: false,
    },
    Endpoint {
        method: "get",
        path: "/evidence",
        id: "listEvidence",
        summary: "The evidence on file for a release, the newest first.",
        query: &[],
        body: None,
        answers: &[("200", "application/json", "A list."), UNKNOWN_TOKEN, REFUSED],
        open: false,
    },
    Endpoint {
        method: "post",
        path: "/evidence",
        id: "postEvidence",
        summary: "Posts what a pipeline run found. The same post again changes nothing.",
        query: &[],
        body: Some("Post"),
        answers: &[
            ("201", "application/json", "Taken."),
            ("200", "application/json", "It was there already."),
            UNKNOWN_TOKEN,
            REFUSED,
        ],
        open: false,
    },
    Endpoint {
        method: "get",
        path: "/api/v1/gate-key.pem",
        id: "getGateKey",
        summary: "The public key that checks signed verdicts (Ed25519, PEM).",
        query: &[],
        body: None,
        answers: &[("200", "application/x-pem-file", "The key.")],
        open: true,
    },
];

fn operation(endpoint: &Endpoint) -> Value {
    let mut parameters: Vec<Value> = Vec::new();
    if !endpoint.open {
        for (name, words) in
            [("slug", "The product's short name."), ("version", "The version, as the vendor writes it.")]
        {
            parameters.push(json!({"name": name, "in": "path", "required": true, "description": words, "schema": {"type": "string"}}));
        }
    }
    for (name, words) in endpoint.query {
        parameters.push(
            json!({"name": name, "in": "query", "required": false, "description": words, "schema": {"type": "string"}}),
        );
    }
    let mut responses = Map::new();
    for (status, media, words) in endpoint.answers {
        let schema = match (*status, *media) {
            ("401" | "422", _) => json!({"$ref": "#/components/schemas/Problem"}),
            (_, "application/json") => json!({"type": "object", "properties": {"data": {}}, "required": ["data"]}),
            _ => json!({"type": "string"}),
        };
        let mut content = Map::new();
        content.insert((*media).to_owned(), json!({"schema": schema}));
        responses.insert((*status).to_owned(), json!({"description": words, "content": content}));
    }
    let mut operation = json!({
        "operationId": endpoint.id, "summary": endpoint.summary, "parameters": parameters, "responses": responses,
    });
    if let Some(object) = operation.as_object_mut() {
        if endpoint.open {
            object.insert("security".to_owned(), json!([]));
        }
        if let Some(schema) = endpoint.body {
            let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
            object.insert(
                "requestBody".to_owned(),
                json!({"required": true, "content": {"application/json": {"schema": reference}}}),
            );
        }
    }
    operation
}

fn schemas() -> Value {
    let text = |words: &str| json!({"type": "string", "description": words});
    json!({
        "Post": {
            "type": "object",
            "additionalProperties": false,
            "required": ["kind", "producer"],
            "properties": {
                "kind": text("A post of the process pack, such as sast, sca, secrets, sbom, security_tests."),
                "producer": text("Tool and run that made it."),
                "title": text("What it is; otherwise the title of the kind."),
                "url": text("Where the run is shown."),
                "produced_at": text("When the result was made, with zone; not ahead of the server's clock."),
                "sent_at": text("The sender's clock now; at most ten minutes off."),
                "sha256": text("SHA-256 of the artefact it is about."),
                "measures": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}, "description": "What it counted, such as {\"critical\": 0, \"high\": 2}."},
                "file": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["name", "content_base64"],
                    "properties": {"name": text("File name."), "content_base64": text("The content in base64.")},
                },
            },
        },
        "Problem": {
            "type": "object",
            "properties": {"error": {
                "type": "object",
                "properties": {
                    "code": text("Stable, for machines: token-refused, wrong-product, unknown-release, unknown-kind, unknown-measure, clock-off, bad-json, no-plan."),
                    "message": text("For people: what is wrong and what to do."),
                    "fields": {"type": "array", "items": {"type": "object"}},
                    "request_id": text("Tell it to your administrator."),
                },
            }},
        },
    })
}

/// `GET /api/v1/openapi.json`
pub(in crate::gate) async fn show() -> Json<Value> {
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in ENDPOINTS {
        let path = if endpoint.open { endpoint.path.to_owned() } else { format!("{RELEASE}{}", endpoint.path) };
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(object) = entry.as_object_mut() {
            object.insert(endpoint.method.to_owned(), operation(endpoint));
        }
    }
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Portcullis",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Gates and evidence for build pipelines. Endpoints are in preview until the first release.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "An access token of the product (pcl_…)."}},
            "schemas": schemas(),
        },
    }))
}

//! What a handler learns of its request.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::StatusCode;
use http::request::Parts;
use platform::Ctx;

/// The operation context of this request, made by the guard of the route.
pub struct Operation(pub Ctx);

impl<S: Sync> FromRequestParts<S> for Operation {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Ctx>().cloned().map(Self).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Where the request comes from.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The client's address, for rate limits and the list of sessions.
    pub address: String,
    /// What the client calls itself.
    pub agent: String,
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The token of the session that the request belongs to.
#[derive(Clone)]
pub struct SessionToken(pub String);

impl<S: Sync> OptionalFromRequestParts<S> for SessionToken {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

/// Under which log and error page speak of the request.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

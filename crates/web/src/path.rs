//! The variable parts of an address; a part that cannot be read answers like what does not exist.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use kernel::{Error, Id};

use crate::answer::PageError;

/// The variable parts of an address, read as an identifier, a text, or several of them.
pub struct Path<T>(pub T);

/// What parts of an address can be read as.
pub trait Segments: Sized {
    /// The value, or `None` when a part is missing or not one.
    fn read(parts: &[&str]) -> Option<Self>;
}

impl Segments for String {
    fn read(parts: &[&str]) -> Option<Self> {
        parts.first().map(|part| (*part).to_owned())
    }
}

impl Segments for i64 {
    fn read(parts: &[&str]) -> Option<Self> {
        parts.first()?.parse().ok()
    }
}

impl<K> Segments for Id<K> {
    fn read(parts: &[&str]) -> Option<Self> {
        parts.first()?.parse().ok()
    }
}

impl<A: FromStr, B: FromStr> Segments for (A, B) {
    fn read(parts: &[&str]) -> Option<Self> {
        Some((parts.first()?.parse().ok()?, parts.get(1)?.parse().ok()?))
    }
}

impl<A: FromStr, B: FromStr, C: FromStr> Segments for (A, B, C) {
    fn read(parts: &[&str]) -> Option<Self> {
        Some((parts.first()?.parse().ok()?, parts.get(1)?.parse().ok()?, parts.get(2)?.parse().ok()?))
    }
}

impl<T: Segments, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let missing = || PageError(Error::NotFound { what: "page" }).into_response();
        let raw = RawPathParams::from_request_parts(parts, state).await.map_err(|_| missing())?;
        let values: Vec<&str> = raw.iter().map(|(_, value)| value).collect();
        T::read(&values).map(Self).ok_or_else(missing)
    }
}

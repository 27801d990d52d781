//! The declared route table: a route cannot be added without naming who may call it (invariant 7).

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn;
use axum::routing::MethodRouter;
use http::Method;
use kernel::Permission;
use platform::Platform;

use crate::{guard, headers};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody; the public portal, machine-readable files, signing in.
    Anyone,
    /// Everybody who is signed in; pages about oneself.
    SignedIn,
    /// Who has this permission somewhere. The action asks again for the place.
    May(Permission),
    /// Machines with an access token and people, with this permission somewhere.
    Machine(Permission),
}

/// One line of the route table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// GET or POST.
    pub method: Method,
    /// The path with `{names}` for its variable parts.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
}

/// The routes of a slice, or of the whole program.
#[derive(Default)]
pub struct Routes {
    entries: Vec<Entry>,
    router: Router<()>,
}

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a page or document.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.add(Method::GET, path, who, axum::routing::get(handler))
    }

    /// Adds something that changes something.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.add(Method::POST, path, who, axum::routing::post(handler))
    }

    fn add(mut self, method: Method, path: &'static str, who: Who, router: MethodRouter<()>) -> Self {
        self.entries.push(Entry { method, path, who });
        let guarded = router.layer(from_fn(move |request, next| guard::check(who, request, next)));
        self.router = self.router.route(path, guarded);
        self
    }

    /// Adds the routes of another slice.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self.router = self.router.merge(other.router);
        self
    }

    /// The table, for the test that walks it.
    #[must_use]
    pub fn table(&self) -> &[Entry] {
        &self.entries
    }

    /// The server: all routes behind the layers that every request passes.
    pub fn into_router(self, platform: Arc<Platform>) -> Router {
        headers::dress(self.router.fallback(guard::not_found), platform)
    }
}

//! Access tokens of pipelines, on the page of the product that each is bound to.
//!
//! The tokens themselves are the platform's; here they are shown once, listed and ended.

mod pages;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

/// The routes of tokens.
pub(crate) fn routes() -> Routes {
    let may = Who::May(Permission::ManageTokens);
    Routes::new()
        .get("/desk/products/{id}/tokens", may, pages::show)
        .post("/desk/products/{id}/tokens", may, pages::make)
        .post("/desk/products/{id}/tokens/end", may, pages::end)
}

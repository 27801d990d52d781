//! Families, products, releases and people: what every practice speaks about.

pub mod administration;
pub mod people;
pub mod products;

use web::Routes;

/// The routes of the register.
#[must_use]
pub fn routes() -> Routes {
    people::routes().merge(products::routes()).merge(administration::routes())
}

//! Releases by identifier and by address, for those who may see them.

use db::Tx;
use kernel::{Actor, Error, Id, Permission, Result, kinds};
use platform::Ctx;
use platform::access::{self, PersonRow, PersonState};
use register::products::{
    Product, ProductId, Release, ReleaseId, list_products, list_releases, load_product, load_release,
};

/// A release with its product.
#[derive(Clone, Debug)]
pub struct Place {
    /// The product.
    pub product: Product,
    /// The release.
    pub release: Release,
}

impl Place {
    /// What people call it: `Gate 300 4.2`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.product.name, self.release.version)
    }
}

/// The release, when the actor has `permission` for its product.
///
/// # Errors
/// Not found, also where one may not.
pub async fn release(ctx: &Ctx, tx: &mut Tx, id: ReleaseId, permission: Permission) -> Result<Place> {
    let release = load_release(tx, id).await?;
    let product = load_product(tx, release.product).await?;
    ctx.require(permission, product.scope(), "release")?;
    Ok(Place { product, release })
}

/// Somebody who can be given work: who may not sign in any more gets none.
///
/// # Errors
/// Invalid in `field`, or not found.
pub(crate) async fn worker(tx: &mut Tx, field: &str, id: Id<kinds::Person>) -> Result<PersonRow> {
    let person = access::load_person(tx, id).await?;
    if person.state == PersonState::Disabled {
        return Err(Error::invalid(field, format!("{} no longer signs in. Choose somebody else.", person.name)));
    }
    Ok(person)
}

/// The product, when the actor has `permission` for it.
pub(crate) async fn product(ctx: &Ctx, tx: &mut Tx, id: ProductId, permission: Permission) -> Result<Product> {
    let product = load_product(tx, id).await?;
    ctx.require(permission, product.scope(), "product")?;
    Ok(product)
}

/// The release that an address names by product slug and version.
///
/// A machine learns only that its token is for another product, whether or not the named one exists.
pub(crate) async fn named(ctx: &Ctx, tx: &mut Tx, slug: &str, version: &str, permission: Permission) -> Result<Place> {
    let found = list_products(tx).await?.into_iter().find(|product| product.slug == slug);
    let product = found.filter(|product| ctx.actor.may(permission, product.scope()));
    let Some(product) = product else {
        return Err(match ctx.actor {
            Actor::Machine { .. } => Error::Refused {
                code: "wrong-product",
                words: format!(
                    "This access token is not for the product {slug}. Use the token of that product, or mend the address: it names the product by its short name."
                ),
            },
            Actor::Nobody | Actor::Person { .. } | Actor::Reporter { .. } | Actor::Program { .. } => {
                Error::NotFound { what: "product" }
            }
        });
    };
    let release = list_releases(tx, product.id).await?.into_iter().find(|release| release.version == version);
    let release = release.ok_or_else(|| Error::Refused {
        code: "unknown-release",
        words: format!(
            "{} has no release {version}. Add it in the desk, or mend the version in the address.",
            product.name
        ),
    })?;
    Ok(Place { product, release })
}

//! The places that assessments, targets and roadmaps speak of: the organisation, a family, a product.

use std::collections::HashMap;

use db::{Row, Tx, Value};
use kernel::{Actor, Error, Permission, Result, Scope};
use platform::Ctx;
use register::products::{Family, FamilyId, Product, ProductId, ProductState, list_families, list_products};
use web::ui;

/// The names of all places.
pub(crate) struct Places {
    families: Vec<Family>,
    products: Vec<Product>,
    names: HashMap<String, String>,
}

/// Loads families and products, in two statements.
pub(crate) async fn load_places(tx: &mut Tx) -> Result<Places> {
    let families = list_families(tx).await?;
    let products = list_products(tx).await?;
    let names = families
        .iter()
        .map(|family| (family.id.to_string(), family.name.clone()))
        .chain(products.iter().map(|product| (product.id.to_string(), product.name.clone())))
        .collect();
    Ok(Places { families, products, names })
}

/// A place as addresses and selects write it.
pub(crate) fn text(scope: Scope) -> String {
    match scope {
        Scope::All => "all".to_owned(),
        Scope::Family(family) => format!("family {family}"),
        Scope::Product { product, .. } => format!("product {product}"),
    }
}

impl Places {
    /// A place in words.
    pub(crate) fn name(&self, scope: Scope) -> String {
        let name = |id: String| self.names.get(&id).cloned().unwrap_or_else(|| "something removed".to_owned());
        match scope {
            Scope::All => "The organisation".to_owned(),
            Scope::Family(id) => format!("Family {}", name(id.to_string())),
            Scope::Product { product, .. } => name(product.to_string()),
        }
    }

    /// The places where the actor may do this, to choose one.
    pub(crate) fn choices(&self, ctx: &Ctx, permission: Permission, chosen: &str) -> Vec<ui::Choice> {
        let mut choices = Vec::new();
        let mut add = |scope: Scope, label: String| {
            if ctx.actor.may(permission, scope) {
                let value = text(scope);
                choices.push(ui::Choice::new(value.as_str(), label).chosen(value == chosen));
            }
        };
        add(Scope::All, "The organisation".to_owned());
        for family in &self.families {
            if !family.archived {
                add(Scope::Family(family.id), format!("Family {}", family.name));
            }
            let products = self.products.iter().filter(|product| product.family == family.id);
            for product in products.filter(|product| product.state != ProductState::Archived) {
                add(product.scope(), format!("· {}", product.name));
            }
        }
        choices
    }

    /// Reads a place; an empty text is the first one where the actor may do this.
    ///
    /// # Errors
    /// Not found, also where one may not.
    pub(crate) fn read(&self, ctx: &Ctx, permission: Permission, given: &str) -> Result<Scope> {
        let every = std::iter::once(Scope::All)
            .chain(self.families.iter().map(|family| Scope::Family(family.id)))
            .chain(self.products.iter().map(Product::scope));
        every
            .filter(|scope| ctx.actor.may(permission, *scope))
            .find(|scope| given.is_empty() || text(*scope) == given)
            .ok_or(Error::NotFound { what: "place" })
    }
}

/// Family and product as the tables keep them: both empty for the organisation.
pub(crate) const fn columns(scope: Scope) -> (Option<FamilyId>, Option<ProductId>) {
    match scope {
        Scope::All => (None, None),
        Scope::Family(family) => (Some(family), None),
        Scope::Product { product, .. } => (None, Some(product)),
    }
}

/// The condition that finds rows of exactly this place, and its parameters from `$first`.
pub(crate) fn exactly(scope: Scope, table: &str, first: usize) -> (String, Vec<Value>) {
    match scope {
        Scope::All => (format!("{table}.family_id is null and {table}.product_id is null"), Vec::new()),
        Scope::Family(family) => (format!("{table}.family_id = ${first}"), vec![family.into()]),
        Scope::Product { product, .. } => (format!("{table}.product_id = ${first}"), vec![product.into()]),
    }
}

/// Reads the place of a row with `family_id`, `product_id` and, as `place_family`, the family of the product.
pub(crate) fn of_row(row: &Row) -> Result<Scope> {
    let product: Option<ProductId> = row.get("product_id")?;
    let family: Option<FamilyId> = row.get("family_id")?;
    Ok(match (product, family) {
        (Some(product), _) => Scope::Product { product, family: row.get("place_family")? },
        (None, Some(family)) => Scope::Family(family),
        (None, None) => Scope::All,
    })
}

/// The condition that keeps rows `a` (with their product as `p`) to places where the actor has a permission, and its
/// parameters from `$first`.
pub(crate) fn visible(actor: &Actor, permission: Permission, first: usize) -> (String, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut parameters: Vec<Value> = Vec::new();
    for scope in actor.places(permission) {
        let place = first + parameters.len();
        match scope {
            Scope::All => return ("1 = 1".to_owned(), Vec::new()),
            Scope::Family(family) => {
                conditions.push(format!("coalesce(a.family_id, p.family_id) = ${place}"));
                parameters.push(family.into());
            }
            Scope::Product { product, .. } => {
                conditions.push(format!("a.product_id = ${place}"));
                parameters.push(product.into());
            }
        }
    }
    if conditions.is_empty() {
        ("1 = 0".to_owned(), Vec::new())
    } else {
        (format!("({})", conditions.join(" or ")), parameters)
    }
}

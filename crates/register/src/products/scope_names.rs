//! Scopes in words: everything, a family, a product.

use std::collections::HashMap;

use db::Tx;
use kernel::{Result, Scope};
use web::ui;

use super::model::{Family, Product};
use super::store;

/// The names of all families and products, to show and choose scopes.
#[derive(Clone, Debug)]
pub struct ScopeNames {
    families: Vec<Family>,
    products: Vec<Product>,
    names: HashMap<String, String>,
}

/// Loads the names, in two statements.
///
/// # Errors
/// When the database does not answer.
pub async fn scope_names(tx: &mut Tx) -> Result<ScopeNames> {
    let families = store::list_families(tx).await?;
    let products = store::list_products(tx).await?;
    let names = families
        .iter()
        .map(|family| (family.id.to_string(), family.name.clone()))
        .chain(products.iter().map(|product| (product.id.to_string(), product.name.clone())))
        .collect();
    Ok(ScopeNames { families, products, names })
}

impl ScopeNames {
    /// A scope in words.
    #[must_use]
    pub fn of(&self, scope: Scope) -> String {
        let name = |id: String| self.names.get(&id).cloned().unwrap_or_else(|| "something removed".to_owned());
        match scope {
            Scope::All => "everywhere".to_owned(),
            Scope::Family(id) => format!("family {}", name(id.to_string())),
            Scope::Product { product, .. } => name(product.to_string()),
        }
    }

    /// The choices of a select: everything, then families with their products.
    #[must_use]
    pub fn choices(&self) -> Vec<ui::Choice> {
        let mut choices = vec![ui::Choice::new("all", "Everywhere").chosen(true)];
        for family in &self.families {
            choices.push(ui::Choice::new(format!("family {}", family.id), format!("Family {}", family.name)));
            for product in self.products.iter().filter(|product| product.family == family.id) {
                choices.push(ui::Choice::new(format!("product {}", product.id), format!("· {}", product.name)));
            }
        }
        choices
    }

    /// Reads what a select sent back.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<Scope> {
        if text == "all" {
            return Some(Scope::All);
        }
        let (kind, id) = text.split_once(' ')?;
        match kind {
            "family" => {
                self.families.iter().find(|family| family.id.to_string() == id).map(|family| Scope::Family(family.id))
            }
            "product" => self.products.iter().find(|product| product.id.to_string() == id).map(Product::scope),
            _ => None,
        }
    }
}

//! What figures are asked for: of which products, as of which day. All pages of the programme read their address the same.

use std::collections::HashSet;

use db::Tx;
use kernel::{Date, Error, Permission, Result, Scope, Timestamp};
use maud::{Markup, html};
use platform::Ctx;
use register::products::{self, FamilyId, Product, ProductId, ProductState, Release, ReleaseId};
use web::{AsOf, Query, ui};

/// The part of the programme that a page shows.
pub(crate) struct Lens {
    /// The moment: the end of the day asked for, or now.
    pub(crate) at: Timestamp,
    /// The day, when it is a past one.
    pub(crate) past: Option<Date>,
    /// The products whose figures the actor may see.
    pub(crate) products: Vec<Product>,
    /// The releases of the chosen products, newest first.
    pub(crate) releases: Vec<Release>,
    /// Whether everything is shown: no filter, and permission for all; what has no product counts only then.
    pub(crate) whole: bool,
    chosen: HashSet<ProductId>,
    families: HashSet<FamilyId>,
    family: String,
    product: String,
}

impl Lens {
    /// Reads the address, in two statements.
    ///
    /// # Errors
    /// Refused for a wrong day, not found for a product that the actor may not see, or when the database does not answer.
    pub(crate) async fn load(tx: &mut Tx, ctx: &Ctx, query: &Query) -> Result<Self> {
        let asked = AsOf::read(query, ctx.now)?;
        let (at, past) = (asked.at, asked.past.then_some(asked.day));
        let products: Vec<Product> = products::list_products(tx)
            .await?
            .into_iter()
            .filter(|product| ctx.actor.may(Permission::ReadProgramme, product.scope()))
            .collect();
        let (family, product) = (query.get("family").to_owned(), query.get("product").to_owned());
        if !product.is_empty() && !products.iter().any(|known| known.id.to_string() == product) {
            return Err(Error::NotFound { what: "product" });
        }
        let chosen: HashSet<ProductId> = products
            .iter()
            .filter(|known| family.is_empty() || known.family.to_string() == family)
            .filter(|known| product.is_empty() || known.id.to_string() == product)
            .map(|known| known.id)
            .collect();
        let families = products
            .iter()
            .map(|known| known.family)
            .filter(|known| product.is_empty() && (family.is_empty() || known.to_string() == family))
            .filter(|known| ctx.actor.may(Permission::ReadProgramme, Scope::Family(*known)))
            .collect();
        let releases = products::list_releases_of(tx, None).await?;
        let releases = releases.into_iter().filter(|release| chosen.contains(&release.product)).collect();
        let whole = family.is_empty() && product.is_empty() && ctx.actor.may(Permission::ReadProgramme, Scope::All);
        Ok(Self { at, past, products, releases, whole, chosen, families, family, product })
    }

    /// Whether a record of this product is shown.
    pub(crate) fn has(&self, product: Option<ProductId>) -> bool {
        product.map_or(self.whole, |id| self.chosen.contains(&id))
    }

    /// Whether what speaks of a whole family is shown.
    pub(crate) fn has_family(&self, family: FamilyId) -> bool {
        self.families.contains(&family)
    }

    /// The chosen products that are not archived.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Product> {
        self.products
            .iter()
            .filter(|product| self.chosen.contains(&product.id) && product.state != ProductState::Archived)
    }

    /// A product's name.
    pub(crate) fn product_name(&self, id: Option<ProductId>) -> &str {
        let known = id.and_then(|id| self.products.iter().find(|product| product.id == id));
        known.map_or("No product yet", |product| product.name.as_str())
    }

    /// A family's name.
    pub(crate) fn family_name(&self, id: FamilyId) -> &str {
        let known = self.products.iter().find(|product| product.family == id);
        known.map_or("A family", |product| product.family_name.as_str())
    }

    /// A release by its identifier.
    pub(crate) fn release(&self, id: ReleaseId) -> Option<&Release> {
        self.releases.iter().find(|release| release.id == id)
    }

    /// A release's product and version.
    pub(crate) fn release_name(&self, id: ReleaseId) -> String {
        self.release(id).map_or_else(
            || "A release that you cannot see".to_owned(),
            |release| format!("{} {}", self.product_name(Some(release.product)), release.version),
        )
    }

    /// The day that is shown.
    pub(crate) fn day(&self) -> Date {
        self.at.date()
    }

    /// Adds the filters by family, product and day.
    pub(crate) fn bar(&self, bar: ui::FilterBar) -> ui::FilterBar {
        let mut families: Vec<(String, &str)> = Vec::new();
        for product in &self.products {
            let id = product.family.to_string();
            if !families.iter().any(|(known, _)| *known == id) {
                families.push((id, &product.family_name));
            }
        }
        let families =
            std::iter::once(("", "All families")).chain(families.iter().map(|(id, name)| (id.as_str(), *name)));
        let products: Vec<(String, &str)> = self
            .products
            .iter()
            .filter(|product| self.family.is_empty() || product.family.to_string() == self.family)
            .map(|product| (product.id.to_string(), product.name.as_str()))
            .collect();
        let products =
            std::iter::once(("", "All products")).chain(products.iter().map(|(id, name)| (id.as_str(), *name)));
        bar.select("family", "Family", &ui::Choice::list(families, &self.family))
            .select("product", "Product", &ui::Choice::list(products, &self.product))
            .date("as_of", "As of", &self.past.map_or_else(String::new, |day| day.to_string()))
    }

    /// What this page and the pages behind its numbers share in their addresses.
    pub(crate) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let past = self.past.map_or_else(String::new, |day| day.to_string());
        let mut all =
            vec![("family", self.family.as_str()), ("product", self.product.as_str()), ("as_of", past.as_str())];
        all.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        all.extend(more);
        Query::of(path, "").with_all(&all)
    }

    /// Says so when a past day is shown.
    pub(crate) fn notice(&self) -> Markup {
        html! {
            @if let Some(day) = self.past {
                (ui::alert(ui::Tone::Info, &format!("Figures as of {day}"), html! {
                    p { "What was recorded until the end of that day, UTC. Where no history is kept, it says so beside the figure." }
                }))
            }
        }
    }
}

/// The quarter of a day: `2026Q1`.
pub(crate) fn quarter(day: Date) -> String {
    let text = day.to_string();
    let month: u8 = text.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(1);
    format!("{}Q{}", day.year(), (month.saturating_sub(1)) / 3 + 1)
}

/// The last quarters up to a day, the oldest first.
pub(crate) fn quarters(until: Date, count: u8) -> Vec<String> {
    let mut list = Vec::new();
    let mut name = quarter(until);
    for _ in 0..count {
        let (year, part) = name.split_once('Q').unwrap_or(("1970", "1"));
        let (year, part): (i16, u8) = (year.parse().unwrap_or(1970), part.parse().unwrap_or(1));
        let before = if part <= 1 { format!("{}Q4", year.saturating_sub(1)) } else { format!("{year}Q{}", part - 1) };
        list.push(std::mem::replace(&mut name, before));
    }
    list.reverse();
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_go_back_over_the_year() {
        let day: Date = "2026-02-14".parse().unwrap();
        assert_eq!(quarters(day, 3), ["2025Q3", "2025Q4", "2026Q1"]);
        assert_eq!(quarter("2026-12-31".parse().unwrap()), "2026Q4");
    }
}

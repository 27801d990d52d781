//! What the search over everything finds of findings: by identifier, by component, by the beginning of the title. Each is a walk
//! of its index, so a million findings cost no more than a hundred.

use db::Tx;
use kernel::{Actor, Permission, Result, Scope};
use platform::finders::{Found, MOST};
use register::products::list_products;

use super::model::Finding;
use super::store::{self, Filter, Sort, Way};

/// Findings that the actor may see.
pub(super) async fn findings(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadPlans) {
        return Ok(Vec::new());
    }
    let visible = if actor.places(Permission::ReadPlans).contains(&Scope::All) {
        None
    } else {
        let products = list_products(tx).await?.into_iter();
        Some(products.filter(|one| actor.may(Permission::ReadPlans, one.scope())).map(|one| one.id).collect())
    };
    let words = words.trim();
    let upper = words.to_uppercase();
    let all = Filter { visible, ..Filter::default() };
    let is_mark = ["CVE-", "CWE-"].iter().any(|prefix| upper.starts_with(prefix));
    let mut first: Vec<Finding> = if is_mark {
        let by_mark = Filter { mark: upper, ..all };
        list(tx, &by_mark, Sort::Severity).await?
    } else {
        let by_title = Filter { text: words.to_owned(), ..all.clone() };
        let by_component = Filter { component: words.to_owned(), ..all };
        // A title without letters or digits would be every title.
        let mut found =
            if words.chars().any(char::is_alphanumeric) { list(tx, &by_title, Sort::Title).await? } else { Vec::new() };
        found.extend(list(tx, &by_component, Sort::Severity).await?);
        found
    };
    let mut seen = std::collections::HashSet::new();
    first.retain(|finding| seen.insert(finding.id));
    first.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let shown = |finding: Finding| Found {
        link: format!("/desk/findings/{}", finding.id),
        number: format!("{} {}, {}", finding.product_name, finding.target_name, finding.state.label().to_lowercase()),
        title: finding.title,
    };
    Ok(first.into_iter().map(shown).collect())
}

async fn list(tx: &mut Tx, filter: &Filter, sort: Sort) -> Result<Vec<Finding>> {
    let way = Way::choose(tx, filter, sort).await?;
    store::list_findings(tx, (filter, &way), sort, None, MOST).await
}

//! Every list that can be filtered says so when a filter leaves nothing, and offers to clear it.

use std::collections::{BTreeMap, HashSet, VecDeque};

use http::Method;
use kernel::{Grant, Role, Scope};
use testbed::{Client, Testbed};

use crate::slices;

/// What no record is called.
const NONSENSE: &str = "zqxjkvwzqxjk";
/// Lists whose filter chooses what is compared or counted, and never leaves nothing.
const ALWAYS: &[&str] = &[
    "/desk/practices",
    "/desk/practices/heatmap",
    "/desk/programme",
    "/desk/programme/improvement",
    "/desk/assessments/scores",
    "/desk/assessments/targets",
    "/desk/assessments/roadmap",
    "/desk/assessments/{id}",
    "/desk/assessments/{id}/compare",
    "/desk/components/releases/{id}/difference",
    "/desk/advisories/{id}/history",
    "/desk/practices/coverage",
    "/desk/components-gallery",
];

fn fits(pattern: &str, path: &str) -> bool {
    let (one, two): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    one.len() == two.len() && one.iter().zip(&two).all(|(part, given)| part.starts_with('{') || part == given)
}

fn links(page: &str) -> Vec<String> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&amp;", "&"))
        .filter(|href| href.starts_with("/desk"))
        .collect()
}

/// One address for each page of the desk, found by following links.
async fn samples(client: &mut Client) -> BTreeMap<&'static str, (String, String)> {
    let routes = slices::routes();
    let pages: Vec<&'static str> = routes
        .table()
        .iter()
        .filter(|entry| entry.method == Method::GET && entry.path.starts_with("/desk"))
        .map(|entry| entry.path)
        .collect();
    let mut found: BTreeMap<&'static str, (String, String)> = BTreeMap::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut queue: VecDeque<String> =
        pages.iter().filter(|path| !path.contains('{')).map(|path| (*path).to_owned()).collect();
    while let Some(href) = queue.pop_front() {
        let path = href.split(['?', '#']).next().unwrap_or_default().to_owned();
        // An exact address goes before one with variable parts, as in the router.
        let pattern =
            pages.iter().filter(|pattern| fits(pattern, &path)).min_by_key(|pattern| pattern.matches('{').count());
        let Some(pattern) = pattern else { continue };
        let wanted = !found.contains_key(pattern) && !path.ends_with("/file") && !path.contains("sign-");
        if !wanted || !seen.insert(path.clone()) {
            continue;
        }
        // The parameters that a list needs to be that list, such as a measure, are in its links.
        let answer = client.get(&href).await;
        if answer.status.as_u16() != 200 {
            continue;
        }
        let page = answer.text();
        queue.extend(links(&page));
        found.insert(pattern, (href, page));
    }
    found
}

/// The address with one filter set.
fn with(href: &str, name: &str, value: &str) -> String {
    format!("{href}{}{name}={value}", if href.contains('?') { '&' } else { '?' })
}

/// The filters of a page that can be tried: fields for words first, then the choices of its lists.
fn filters(page: &str) -> Vec<(String, String)> {
    let Some(bar) = page.split("<search class=\"filters\">").nth(1).and_then(|rest| rest.split("</search>").next())
    else {
        return Vec::new();
    };
    let name_of = |part: &str| part.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
    let mut all: Vec<(String, String)> = bar
        .split("<input type=\"search\"")
        .skip(1)
        .filter_map(name_of)
        .map(|name| (name, NONSENSE.to_owned()))
        .collect();
    for select in bar.split("<select").skip(1) {
        let Some(name) = name_of(select) else { continue };
        let options = select.split("</select>").next().unwrap_or_default().split("<option value=\"").skip(1);
        let values = options.filter_map(|option| option.split('"').next()).filter(|value| !value.is_empty());
        all.extend(values.map(|value| (name.clone(), value.replace(' ', "%20"))));
    }
    all
}

pub(super) async fn say_when_a_filter_leaves_nothing(bed: &Testbed) {
    let roles = [Role::Lead, Role::SecurityLead, Role::Administrator];
    let mut lead = bed.person_with("Lea Lists", &roles.map(|role| Grant { role, scope: Scope::All })).await;
    let samples = samples(&mut lead.client).await;
    assert!(samples.len() > 60, "{} pages were found", samples.len());
    let mut tried = Vec::new();
    for (pattern, (href, page)) in &samples {
        let filters = filters(page);
        if filters.is_empty() || ALWAYS.contains(pattern) {
            continue;
        }
        // A list with a field for words can always be emptied; one with choices alone may have something for each.
        let mut emptied = !filters.iter().any(|(_, value)| value == NONSENSE);
        for (name, value) in filters {
            let at = with(href, &name, &value);
            let answer = lead.client.get(&at).await;
            assert!(!answer.status.is_server_error(), "{at}");
            let page = answer.text();
            let main = page.split("<main").nth(1).unwrap_or_default();
            if answer.status.as_u16() == 200 && main.contains("class=\"empty\"") {
                assert!(
                    main.contains("fits these filters") && main.contains("Clear the filters"),
                    "{at} is empty and does not say that the filter leaves nothing"
                );
                emptied = true;
                break;
            }
        }
        assert!(emptied, "{pattern}: no filter leaves nothing; is it one of those that never do?");
        tried.push(*pattern);
    }
    assert!(tried.len() >= 15, "{tried:?}");
}

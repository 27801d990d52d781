//! Every number of the programme's dashboard opens the list that it counts, with as much in it.

use kernel::{Grant, Role, Scope};
use testbed::{Client, Testbed};

/// The lists that numbers open.
const LISTS: &[&str] = &[
    "/desk/programme/rows?",
    "/desk/findings",
    "/desk/programme/improvement/escapes",
    "/desk/programme/improvement/actions",
];

/// The numbers in a text.
fn numbers(text: &str) -> Vec<i64> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

/// Addresses of lists on the page, with the number beside or inside the link.
fn links(page: &str) -> Vec<(String, i64)> {
    let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    let mut found = Vec::new();
    for part in main.split("<a ").skip(1) {
        let href = part.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let href = href.replace("&amp;", "&");
        let text = part.split('>').nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
        let tile = part.split("tile-figure\">").nth(1).filter(|_| part.starts_with("class=\"cover\""));
        let number = match tile {
            Some(figure) => numbers(figure.split('<').next().unwrap()).first().copied(),
            None => numbers(text).last().copied(),
        };
        if let Some(number) = number.filter(|_| LISTS.iter().any(|list| href.starts_with(list))) {
            found.push((href, number));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// How much the list behind an address counts, by its own words.
async fn counted(client: &mut Client, href: &str) -> i64 {
    if href.starts_with("/desk/programme/improvement/") {
        let csv = format!("{href}{}format=csv", if href.contains('?') { '&' } else { '?' });
        return i64::try_from(client.get(&csv).await.expect(200).text().lines().count()).unwrap() - 1;
    }
    let page = client.get(href).await.expect(200).text();
    let words = if href.starts_with("/desk/findings") {
        let Some(foot) = page.split("class=\"table-foot\"").nth(1) else {
            assert!(page.contains("class=\"empty\""), "{href} shows no count");
            return 0;
        };
        foot.to_owned()
    } else {
        page.split("<p class=\"muted small\">").skip(1).find(|part| part.contains(" row")).unwrap().to_owned()
    };
    if words.contains("One finding") {
        return 1;
    }
    let place = usize::from(href.starts_with("/desk/findings"));
    let text: String = words.split('<').filter_map(|part| part.split('>').next_back()).collect::<Vec<_>>().join(" ");
    numbers(&text)[place]
}

/// Follows every `nth` link of the dashboard as it is asked for.
async fn follow(client: &mut Client, query: &str, nth: usize) -> usize {
    let page = client.get(&format!("/desk/programme{query}")).await.expect(200).text();
    let all = links(&page);
    for (href, number) in all.iter().step_by(nth) {
        assert_eq!(counted(client, href).await, *number, "{href} on the dashboard {query}");
    }
    all.len()
}

pub(super) async fn open_their_rows(bed: &Testbed) {
    let grants = [Role::Lead, Role::SecurityLead].map(|role| Grant { role, scope: Scope::All });
    let mut lead = bed.person_with("Lea Numbers", &grants).await;
    let mut tx = bed.platform.db.read().await.unwrap();
    let row = tx.fetch_one("select id, family_id from register_product where name = 'Gate 300'", &[]).await.unwrap();
    let (product, family): (String, String) = (row.get("id").unwrap(), row.get("family_id").unwrap());
    drop(tx);
    let day = bed.platform.clock.now().date().plus_days(-40);
    let all = follow(&mut lead.client, "", 1).await;
    assert!(all > 120, "{all} numbers");
    // A past day is computed anew from history, so fewer of its links are followed.
    for (query, nth) in [
        (format!("?family={family}"), 5),
        (format!("?product={product}"), 5),
        (format!("?as_of={day}"), 12),
        (format!("?family={family}&as_of={day}"), 12),
    ] {
        assert!(follow(&mut lead.client, &query, nth).await > 60, "{query}");
    }
    let page = lead.client.get(&format!("/desk/programme?as_of={day}")).await.expect(200);
    let _ = page.says("Figures as of").says("states on that day are not kept").says("is not kept");
}

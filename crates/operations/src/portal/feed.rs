//! The Atom feed of advisories (RFC 4287), for all products or for one.

use kernel::Timestamp;

use super::state::{File, State};
use super::store::Published;

/// So many entries at most; older ones stand on the portal.
const MOST: usize = 100;

fn escape(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
        out
    })
}

/// The feed at `base`, of one product when its name in addresses is given.
pub(super) fn atom(state: &State, base: &str, product: &str, now: Timestamp) -> File {
    let wanted = format!(" {product} ");
    let entries: Vec<&Published> =
        state.published.iter().filter(|one| product.is_empty() || one.products.contains(&wanted)).take(MOST).collect();
    let updated = entries.first().map(|one| one.published_at).or_else(|| state.changed()).unwrap_or(now);
    let address = if product.is_empty() {
        format!("{base}/feeds/advisories.atom")
    } else {
        format!("{base}/feeds/advisories.atom?product={product}")
    };
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n",
    );
    out.push_str(&format!(
        " <title>{} security advisories</title>\n <id>{address}</id>\n <updated>{updated}</updated>\n \
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{address}\"/>\n <link rel=\"alternate\" type=\"text/html\" href=\"{base}/advisories\"/>\n \
         <author><name>{}</name></author>\n",
        escape(&state.vendor),
        escape(&state.vendor),
        address = escape(&address),
        updated = updated.rfc3339(),
        base = escape(base),
    ));
    for one in entries {
        out.push_str(&entry(one, base));
    }
    out.push_str("</feed>\n");
    File::new("application/atom+xml; charset=utf-8", out.into_bytes(), updated)
}

fn entry(one: &Published, base: &str) -> String {
    let page = escape(&format!("{base}/advisories/{}", one.number));
    let csaf =
        escape(&format!("{base}/.well-known/csaf/white/{}/{}", one.first_published_at.date().year(), one.csaf_name));
    let category = if one.severity.is_empty() {
        String::new()
    } else {
        format!("  <category term=\"{}\"/>\n", escape(&one.severity))
    };
    format!(
        " <entry>\n  <title>{}: {}</title>\n  <id>{page}</id>\n  <published>{}</published>\n  <updated>{}</updated>\n{category}  \
         <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n  <link rel=\"related\" type=\"application/json\" href=\"{csaf}\"/>\n  \
         <summary>{}</summary>\n </entry>\n",
        escape(&one.number),
        escape(&one.title),
        one.first_published_at.rfc3339(),
        one.published_at.rfc3339(),
        escape(&one.summary),
    )
}

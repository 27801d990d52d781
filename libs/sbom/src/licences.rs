//! Licence identifiers of the SPDX licence list.

use std::sync::LazyLock;

static TEXT: &str = include_str!("tables/spdx-licences.txt");
static LIST: LazyLock<Vec<&'static str>> = LazyLock::new(|| TEXT.lines().collect());

/// Whether `id` is on the SPDX licence list or its list of exceptions, letter for letter.
pub(crate) fn is_known(id: &str) -> bool {
    LIST.binary_search(&id).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_knows_the_usual() {
        assert!(LIST.is_sorted());
        assert!(is_known("Apache-2.0") && is_known("MIT") && !is_known("apache-2.0"));
    }
}

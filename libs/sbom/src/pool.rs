//! Texts that occur many times in one document, kept once.

use std::collections::HashSet;
use std::sync::Arc;

/// Shares equal texts; licences, suppliers and references repeat thousands of times.
#[derive(Debug, Default)]
pub(crate) struct Pool(HashSet<Arc<str>>);

impl Pool {
    pub(crate) fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

//! Spelling: 6.3.8, for English, by words that are near to a common word without being one.

use crate::ctx::Ctx;
use crate::finding::Sink;

/// 6.3.8: texts are spelt right.
pub(super) fn spelling(_ctx: &Ctx<'_>, _out: &mut Sink) {}

//! What a running program remembers of a type: one shared value for each type, made on first use.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use kernel::{Error, Result};

/// The values, by their type. What is kept here can be made again from the database at any time.
#[derive(Default)]
pub struct Memory {
    values: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Memory {
    /// The value of type `T`, made by its default when there is none yet.
    ///
    /// # Errors
    /// Internal, when a panic happened while the table was changed.
    pub fn of<T: Any + Send + Sync + Default>(&self) -> Result<Arc<T>> {
        let mut values = self.values.lock().map_err(|_| Error::internal("the memory is poisoned"))?;
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(value).downcast::<T>().map_err(|_| Error::internal("a remembered value has another type"))
    }
}

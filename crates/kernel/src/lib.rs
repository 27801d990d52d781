//! What every crate speaks: identifiers, time, text types, errors, actors and permissions.

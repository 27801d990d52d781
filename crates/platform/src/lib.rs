//! What slices run on: access, audit, jobs, files, mail, settings and the operation context.

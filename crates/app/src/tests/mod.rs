//! The program as a whole: every route as everybody, the schema on both databases, the tables in the guide.

mod faults;
mod filled;
mod guide;
mod improvement;
mod roles;
mod routes;
mod schema;

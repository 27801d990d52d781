//! Route table, page shell, forms, components and how errors become answers.

mod answer;
mod archive;
mod as_of;
mod csv_file;
mod desk;
mod download;
mod empty;
mod flash;
mod form;
mod guard;
mod headers;
mod html;
mod paging;
mod path;
mod query;
mod request;
mod route;
pub mod ui;

pub use answer::{ApiError, PageError};
pub use archive::{Files, Folder};
pub use as_of::AsOf;
pub use csv_file::CsvFile;
pub use desk::{NavRule, desk_page, portal_page};
pub use download::Download;
pub use empty::empty;
pub use flash::{Flashed, redirect, redirect_with};
pub use form::{Fields, Upload};
pub use guard::{ended_cookie, session_cookie};
pub use headers::serve_assets;
pub use html::{ago, for_people, moment, paragraphs};
pub use paging::Page;
pub use path::{Path, Segments};
pub use query::Query;
pub use request::{Operation, SessionToken, Visitor};
pub use route::{Entry, Routes, Who};

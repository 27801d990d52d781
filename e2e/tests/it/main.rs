//! The journeys. One browser at a time, so they run on one thread.

mod first_start;
mod main_job;
mod pages;
mod releases;

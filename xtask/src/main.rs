//! Chores of the project: checks, tests and what they need.

fn main() -> anyhow::Result<()> {
    Ok(())
}

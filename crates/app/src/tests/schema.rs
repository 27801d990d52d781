//! Both databases have the tables and columns that `migrations/schema.txt` lists.

use std::collections::BTreeMap;

use testbed::Testbed;
use web::Routes;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schema_is_the_committed_one() {
    let bed = Testbed::new(Routes::new(), platform::jobs::Jobs::default()).await;
    let mut tx = bed.platform.db.read().await.unwrap();
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in tx.fetch_all(tx.dialect().describe(), &[]).await.unwrap() {
        tables.entry(row.get("table_name").unwrap()).or_default().push(row.get("column_name").unwrap());
    }
    let mut lines: Vec<String> = tables
        .into_iter()
        .map(|(table, mut columns)| {
            columns.sort();
            format!("{table}: {}", columns.join(" "))
        })
        .collect();
    lines.sort();
    let found = lines.join("\n");
    let committed = include_str!("../../../../migrations/schema.txt").trim();
    assert_eq!(found, committed, "migrations/schema.txt must read:\n{found}\n");
}

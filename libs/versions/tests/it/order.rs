//! The order of versions.

use std::cmp::Ordering;

use versions::Ecosystem;

use crate::corpus;

fn sign(order: Option<Ordering>) -> &'static str {
    match order {
        Some(Ordering::Less) => "<",
        Some(Ordering::Equal) => "=",
        Some(Ordering::Greater) => ">",
        None => "?",
    }
}

#[test]
fn public_table_of_pairs() {
    let Some(folder) = corpus("versions") else { return };
    let mut reader = csv::Reader::from_path(folder.join("order.csv")).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for row in reader.records() {
        let row = row.unwrap();
        let ecosystem = Ecosystem::parse(&row[0]).unwrap_or_else(|| panic!("{}", &row[0]));
        count += 1;
        let found = sign(ecosystem.compare(&row[1], &row[3]));
        if found != &row[2] {
            wrong.push(format!("{} {} {} {}: found {found}", &row[0], &row[1], &row[2], &row[3]));
        }
        assert_eq!(ecosystem.compare(&row[3], &row[1]), ecosystem.compare(&row[1], &row[3]).map(Ordering::reverse));
    }
    assert!(count > 0);
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
}

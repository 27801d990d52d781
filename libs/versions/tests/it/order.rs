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

#[test]
fn examples_of_the_specifications() {
    let rows = [
        (Ecosystem::Maven, "1-1.foo-bar1baz-.1", "=", "1-1.foo-bar-1-baz-0.1"),
        (Ecosystem::Maven, "1-sp", ">", "1-ga"),
        (Ecosystem::Maven, "1-sp", "<", "1-sp.1"),
        (Ecosystem::Maven, "1-snapshot", "<", "1"),
        (Ecosystem::Go, "v0.0.0-20200101000000-abcdefabcdef", "<", "v0.0.0-20210101000000-abcdefabcdef"),
        (Ecosystem::Go, "v1.2.4-0.20200101000000-abcdefabcdef", "<", "v1.2.4"),
        (Ecosystem::Go, "v1.2.4-0.20200101000000-abcdefabcdef", ">", "v1.2.3"),
        (Ecosystem::Go, "v2.0.0+incompatible", "=", "2.0.0"),
        (Ecosystem::Go, "go1.21rc2", "<", "go1.21rc10"),
        (Ecosystem::Go, "1.21rc2", "<", "1.21.0"),
        (Ecosystem::Hackage, "1.0", "<", "1.0.0"),
        (Ecosystem::Alpm, "1.0-1", "=", "1.0"),
        (Ecosystem::Alpm, "1:1.0-1", ">", "2.0-1"),
        (Ecosystem::Generic, "1.10", ">", "1.9"),
        (Ecosystem::Generic, "1.0rc1", "<", "1.0"),
        (Ecosystem::Generic, "v1.0", "=", "1.0.0"),
        (Ecosystem::Semver, "1.2", "?", "1.2.0"),
        (Ecosystem::Npm, "latest", "?", "1.0.0"),
        (Ecosystem::Cran, "1.0a", "?", "1.0"),
        (Ecosystem::Gem, "", "?", "1.0"),
        (Ecosystem::Deb, "", "?", "1.0"),
    ];
    for (ecosystem, left, expected, right) in rows {
        assert_eq!(sign(ecosystem.compare(left, right)), expected, "{ecosystem} {left} {right}");
    }
}

#[test]
fn ecosystems_have_many_names() {
    for (name, ecosystem) in [
        ("Debian:11", Ecosystem::Deb),
        ("Ubuntu:22.04:LTS", Ecosystem::Deb),
        ("Alpine:v3.18", Ecosystem::Apk),
        ("Rocky Linux:9", Ecosystem::Rpm),
        ("Red Hat:enterprise_linux:9::appstream", Ecosystem::Rpm),
        ("crates.io", Ecosystem::Cargo),
        ("PyPI", Ecosystem::Pypi),
        ("RubyGems", Ecosystem::Gem),
        ("golang", Ecosystem::Go),
        ("packagist", Ecosystem::Composer),
    ] {
        assert_eq!(Ecosystem::parse(name), Some(ecosystem), "{name}");
        assert_eq!(Ecosystem::parse(ecosystem.name()), Some(ecosystem));
    }
    assert_eq!(Ecosystem::parse("nothing"), None);
}

//! Families, products, releases and teams: what every practice speaks about.

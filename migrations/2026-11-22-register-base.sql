-- Families, products, releases and the people to ask about them.

create table register_family (
  id text primary key,
  name text not null,
  slug text not null unique,
  description text not null default '',
  state text not null default 'active' check (state in ('active', 'archived')),
  created_at bigint not null,
  revision bigint not null default 1
);

create table register_product (
  id text primary key,
  family_id text not null references register_family (id),
  name text not null,
  slug text not null unique,
  description text not null default '',
  state text not null default 'active' check (state in ('development', 'active', 'end_of_life', 'archived')),
  cpe text,
  purl text,
  created_at bigint not null,
  revision bigint not null default 1
);
create index register_product_family on register_product (family_id);

-- position orders the releases of a product, oldest first.
create table register_release (
  id text primary key,
  product_id text not null references register_product (id),
  version text not null,
  position bigint not null,
  state text not null default 'released' check (state in ('planned', 'in_development', 'released', 'withdrawn')),
  released_on text,
  support_ends_on text,
  support_note text not null default '',
  created_at bigint not null,
  revision bigint not null default 1,
  unique (product_id, version)
);
create index register_release_product on register_release (product_id, position);

create table register_contact (
  id text primary key,
  family_id text references register_family (id),
  product_id text references register_product (id),
  person_id text references person (id),
  name text not null,
  email text not null,
  duty text not null,
  created_at bigint not null,
  revision bigint not null default 1
);
create index register_contact_product on register_contact (product_id);

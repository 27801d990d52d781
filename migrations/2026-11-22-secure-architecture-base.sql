-- SBOMs of releases, their components, and which components are approved, limited or banned.

create table architecture_sbom (
  id text primary key,
  release_id text not null references register_release (id),
  file_id text not null references file (id),
  file_name text not null,
  sha256 text not null,
  format text not null,
  spec_version text not null,
  components bigint not null,
  without_version bigint not null,
  warnings text not null,
  producer text not null,
  added_at bigint not null,
  added_by text not null,
  replaced_at bigint
);
create index architecture_sbom_release on architecture_sbom (release_id, replaced_at);

create table architecture_component (
  sbom_id text not null references architecture_sbom (id),
  position bigint not null,
  name text not null,
  version text not null,
  purl text not null,
  package text not null,
  cpe text not null,
  licences text not null,
  supplier text not null,
  kind text not null,
  primary key (sbom_id, position)
);
create index architecture_component_package on architecture_component (package, version);
create index architecture_component_name on architecture_component (name);

-- A rule about components: by package URL without version, and a range of versions, or by licence.
create table architecture_rule (
  id text primary key,
  verdict text not null check (verdict in ('approved', 'limited', 'banned')),
  package text not null,
  versions text not null,
  licence text not null,
  reason text not null,
  family_id text references register_family (id),
  expires_on text,
  added_at bigint not null,
  added_by text not null,
  ended_at bigint,
  ended_by text,
  revision bigint not null default 1,
  check (package <> '' or licence <> '')
);

-- What the rules say of a release's present SBOM; made anew when either changes.
create table architecture_judgement (
  release_id text primary key references register_release (id),
  sbom_id text not null references architecture_sbom (id),
  approved bigint not null,
  limited bigint not null,
  banned bigint not null,
  unjudged bigint not null,
  judged_at bigint not null
);

drop view if exists v_secure_architecture_facts;
create view v_secure_architecture_facts as
  select release_id, cast('components_judged' as text) as fact, banned = 0 as holds, judged_at as at,
         cast(null as bigint) as until,
         case when banned = 0 then cast('' as text)
              else cast(banned as text) || ' banned components are in the SBOM; replace them or end the rule' end as words
    from architecture_judgement;

drop view if exists v_secure_architecture_sbom;
create view v_secure_architecture_sbom as
  select id, release_id, sha256, format, components, added_at, replaced_at from architecture_sbom;

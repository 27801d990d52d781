-- People, sessions, audit, jobs, files, outgoing mail, settings.

create table person (
  id text primary key,
  email text not null,
  email_key text not null unique,
  name text not null,
  password_hash text,
  state text not null check (state in ('invited', 'active', 'disabled')),
  time_zone text not null default 'UTC',
  created_at bigint not null,
  last_seen_at bigint,
  revision bigint not null default 1
);

-- A grant for a product names the product's family too, so that both can be asked without a join.
create table role_grant (
  id text primary key,
  person_id text not null references person (id),
  role text not null,
  family_id text,
  product_id text,
  granted_at bigint not null,
  granted_by text,
  check (product_id is null or family_id is not null)
);
create index role_grant_person on role_grant (person_id);

create table session (
  token_hash text primary key,
  id text not null unique,
  person_id text not null references person (id),
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  address text not null,
  agent text not null
);
create index session_person on session (person_id);

create table one_time_link (
  token_hash text primary key,
  purpose text not null check (purpose in ('setup', 'invite', 'reset')),
  person_id text references person (id),
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);

create table access_token (
  id text primary key,
  token_hash text not null unique,
  name text not null,
  family_id text,
  product_id text,
  permissions text not null,
  created_at bigint not null,
  created_by text not null references person (id),
  expires_at bigint not null,
  ended_at bigint,
  last_used_at bigint
);

create table audit_entry (
  seq bigint primary key,
  id text not null unique,
  at bigint not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  root_kind text not null,
  root_id text not null,
  detail text not null,
  request_id text not null,
  previous_hash text not null,
  hash text not null
);
create index audit_entry_root on audit_entry (root_kind, root_id, seq);
create index audit_entry_subject on audit_entry (subject_kind, subject_id, seq);
create index audit_entry_actor on audit_entry (actor_id, seq);
create index audit_entry_at on audit_entry (at);

create table job (
  id text primary key,
  kind text not null,
  payload text not null,
  unique_key text unique,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  run_at bigint not null,
  leased_until bigint,
  attempts bigint not null default 0,
  last_error text,
  created_at bigint not null,
  finished_at bigint
);
create index job_due on job (state, run_at);

-- Data keys, each wrapped under the master key: one for each case, one for the program's own secrets.
create table data_key (
  scope text primary key,
  wrapped bytea not null,
  created_at bigint not null
);

create table file (
  id text primary key,
  sha256 text not null,
  size bigint not null,
  name text not null,
  media_type text not null,
  scope text not null,
  created_at bigint not null,
  created_by text not null
);

-- The message is sealed under the scope's data key until it is sent and forgotten afterwards.
create table mail_out (
  id text primary key,
  recipient text not null,
  sender text not null,
  subject text not null,
  message_id text not null unique,
  scope text not null,
  sealed bytea,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  attempts bigint not null default 0,
  last_error text,
  root_kind text not null,
  root_id text not null,
  created_at bigint not null,
  sent_at bigint
);
create index mail_out_state on mail_out (state, created_at);
create index mail_out_root on mail_out (root_kind, root_id);

create table setting (
  name text primary key,
  value text not null,
  revision bigint not null default 1
);

create table number_series (
  series text not null,
  year bigint not null,
  last_number bigint not null,
  primary key (series, year)
);

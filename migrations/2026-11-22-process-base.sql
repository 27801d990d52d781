-- The spine of the life cycle: packs, profiles, teams, plans, tasks, evidence, waivers, gates.
-- What was once true is never overwritten: rows begin (made_at) and end (ended_at), so that a plan can be seen as of any day.

create table process_pack (
  id text primary key,
  pack_id text not null,
  version text not null,
  title text not null,
  extends text not null default '',
  document text not null,
  digest text not null,
  warnings bigint not null,
  active boolean not null,
  loaded_at bigint not null,
  loaded_by text not null,
  unique (pack_id, version)
);

-- One row for each time the questions were answered; the one without an end holds.
create table process_profile (
  id text primary key,
  product_id text not null references register_product (id),
  pack_row text not null references process_pack (id),
  answers text not null,
  reasons text not null,
  models text not null,
  class text not null check (class in ('low', 'moderate', 'high', 'critical')),
  sum bigint not null,
  open_questions bigint not null,
  why text not null,
  review_on text not null,
  made_at bigint not null,
  made_by text not null,
  ended_at bigint
);
create unique index process_profile_current on process_profile (product_id) where ended_at is null;
create index process_profile_product on process_profile (product_id, made_at);

-- Who plays which part of the pack for a product; without a product, for all of them.
create table process_team (
  id text primary key,
  product_id text references register_product (id),
  person_id text not null references person (id),
  role text not null,
  made_at bigint not null,
  made_by text not null,
  ended_at bigint
);
create index process_team_product on process_team (product_id);

-- A plan as it was agreed; each change makes a new row.
create table process_plan (
  id text primary key,
  release_id text not null references register_release (id),
  product_id text not null references register_product (id),
  number bigint not null,
  pack_row text not null references process_pack (id),
  class text not null check (class in ('low', 'moderate', 'high', 'critical')),
  models text not null,
  up_to_level bigint,
  starts_on text not null,
  target_on text not null,
  sprint_days bigint not null,
  phase_ends text not null,
  changes text not null,
  based_on text references register_release (id),
  made_at bigint not null,
  made_by text not null,
  ended_at bigint,
  unique (release_id, number)
);
create unique index process_plan_current on process_plan (release_id) where ended_at is null;

create table process_task (
  id text primary key,
  release_id text not null references register_release (id),
  product_id text not null references register_product (id),
  activity text not null,
  practice text not null,
  position bigint not null,
  owner_id text references person (id),
  due_on text not null,
  due_words text not null,
  note text not null default '',
  started_at bigint,
  carried_words text not null default '',
  made_at bigint not null,
  ended_at bigint,
  revision bigint not null default 1
);
create unique index process_task_current on process_task (release_id, activity) where ended_at is null;
create index process_task_activity on process_task (activity, ended_at);
create index process_task_release on process_task (release_id, made_at);

-- Without a task it counts for every task of the release that asks for this kind: what pipelines post.
create table process_evidence (
  id text primary key,
  release_id text not null references register_release (id),
  task_id text references process_task (id),
  shared_activity text,
  kind text not null,
  ordinal bigint not null default 0,
  post text,
  source text not null check (source in ('file', 'link', 'post', 'record')),
  title text not null,
  url text not null default '',
  file_id text references file (id),
  sha256 text not null default '',
  measures text not null default '',
  percent bigint,
  producer text not null,
  author_id text not null,
  author_name text not null,
  produced_at bigint not null,
  valid_until bigint,
  post_digest text,
  made_at bigint not null,
  ended_at bigint,
  ended_by text not null default '',
  ended_reason text not null default ''
);
create index process_evidence_release on process_evidence (release_id, made_at);
create index process_evidence_shared on process_evidence (shared_activity);
create unique index process_evidence_post on process_evidence (release_id, post_digest) where ended_at is null;

create table process_review (
  id text primary key,
  evidence_id text not null references process_evidence (id),
  accepted boolean not null,
  note text not null,
  reviewer_id text not null references person (id),
  reviewer_name text not null,
  made_at bigint not null
);
create index process_review_evidence on process_review (evidence_id);

-- Evidence of an earlier release on which a task of a later one stands.
create table process_carried (
  task_id text not null references process_task (id),
  evidence_id text not null references process_evidence (id),
  holds_until bigint,
  made_at bigint not null,
  ended_at bigint,
  primary key (task_id, evidence_id)
);

create table process_waiver (
  id text primary key,
  release_id text not null references register_release (id),
  task_id text not null references process_task (id),
  kind text not null check (kind in ('waiver', 'not_applicable')),
  reason text not null,
  expires_on text not null,
  requested_by text not null,
  requested_name text not null,
  made_at bigint not null,
  approved boolean,
  decided_by text references person (id),
  decided_name text not null default '',
  decided_note text not null default '',
  decided_at bigint,
  ended_at bigint,
  ended_name text not null default '',
  check (decided_by is null or decided_by <> requested_by)
);
create index process_waiver_release on process_waiver (release_id, made_at);

create table process_decision (
  id text primary key,
  release_id text not null references register_release (id),
  gate text not null,
  outcome text not null check (outcome in ('passed', 'passed_with_exceptions', 'stopped')),
  reason text not null,
  state text not null,
  state_sha256 text not null,
  decided_by text not null references person (id),
  decided_name text not null,
  made_at bigint not null
);
create index process_decision_release on process_decision (release_id, made_at);

-- Key pairs that sign verdicts; the secret half is sealed under the program's data key.
create table process_key (
  id text primary key,
  public_pem text not null,
  sealed_secret bytea not null,
  made_at bigint not null,
  ended_at bigint
);

-- How each release stands in each practice, written with every change and by a job as time passes.
create table process_summary (
  release_id text not null references register_release (id),
  practice text not null,
  open bigint not null,
  in_work bigint not null,
  waiting bigint not null,
  done bigint not null,
  lapsed bigint not null,
  not_applicable bigint not null,
  waived bigint not null,
  overdue bigint not null,
  next_due text,
  computed_at bigint not null,
  primary key (release_id, practice)
);

-- What each practice knows that settles tasks. A practice drops its view and makes its own, with the same columns. A row
-- speaks from its moment on until its end; without an end it goes on.
create view v_strategy_metrics_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_policy_compliance_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_education_guidance_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_threat_assessment_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_security_requirements_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_secure_architecture_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_design_review_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_implementation_review_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_security_testing_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_issue_management_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_environment_hardening_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;
create view v_operations_enablement_facts as
  select cast('' as text) as release_id, cast('' as text) as fact, cast(false as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
   where 1 = 0;

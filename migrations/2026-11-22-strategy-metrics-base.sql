-- Maturity: question models, assessments with their answers, scores, targets and roadmaps.
-- Without family and product a row speaks of the whole organisation. Answers and targets are never overwritten: rows
-- begin (made_at) and end (ended_at), so that they can be seen as of any day.

-- A question model as it was read; assessments keep the one they were made with. Models of one series can be compared.
create table strategy_model (
  id text primary key,
  series text not null,
  title text not null,
  source text not null check (source in ('built_in', 'catalogue', 'model_files', 'workbook')),
  document text not null,
  digest text not null unique,
  questions bigint not null,
  added_at bigint not null,
  added_by text not null
);
create index strategy_model_series on strategy_model (series, added_at);

create table strategy_assessment (
  id text primary key,
  model_id text not null references strategy_model (id),
  series text not null,
  name text not null,
  family_id text references register_family (id),
  product_id text references register_product (id),
  state text not null check (state in ('open', 'finished', 'dropped')),
  assessed_on text not null,
  based_on text references strategy_assessment (id),
  file_id text references file (id),
  file_name text not null default '',
  sha256 text not null default '',
  about text not null default '',
  findings text not null default '',
  numerator bigint,
  denominator bigint,
  created_at bigint not null,
  created_by text not null,
  created_name text not null,
  finished_at bigint,
  finished_name text not null default '',
  revision bigint not null default 1,
  check (family_id is null or product_id is null)
);
create index strategy_assessment_series on strategy_assessment (series, assessed_on);

-- The answers to one question, one row for each time it was changed; the one without an end holds.
create table strategy_answer (
  assessment_id text not null references strategy_assessment (id),
  question text not null,
  number bigint not null,
  choice bigint,
  not_applicable boolean not null,
  reason text not null,
  evidence text not null,
  link text not null,
  file_id text references file (id),
  file_name text not null,
  note text not null,
  carried boolean not null,
  answered_by text not null,
  answered_name text not null,
  answered_at bigint not null,
  validated_by text,
  validated_name text not null default '',
  validated_at bigint,
  made_at bigint not null,
  ended_at bigint,
  primary key (assessment_id, question, number),
  check (validated_by is null or validated_by <> answered_by)
);
create unique index strategy_answer_current on strategy_answer (assessment_id, question) where ended_at is null;

-- The scores of finished assessments, as exact fractions; without a denominator nothing in the practice applies.
create table strategy_score (
  assessment_id text not null references strategy_assessment (id),
  position bigint not null,
  function text not null,
  function_title text not null,
  practice text not null,
  practice_title text not null,
  numerator bigint,
  denominator bigint,
  primary key (assessment_id, position)
);

-- What is wanted: one profile at a time for a place and a series.
create table strategy_target (
  id text primary key,
  series text not null,
  family_id text references register_family (id),
  product_id text references register_product (id),
  number bigint not null,
  note text not null,
  made_at bigint not null,
  made_by text not null,
  ended_at bigint
);
create index strategy_target_series on strategy_target (series, made_at);

create table strategy_target_practice (
  target_id text not null references strategy_target (id),
  practice text not null,
  hundredths bigint not null check (hundredths >= 0),
  due_on text,
  primary key (target_id, practice)
);

create table strategy_phase (
  id text primary key,
  series text not null,
  family_id text references register_family (id),
  product_id text references register_product (id),
  name text not null,
  due_on text not null,
  state text not null check (state in ('planned', 'running', 'done', 'dropped')),
  owner_id text references person (id),
  activities text not null,
  note text not null,
  made_at bigint not null,
  made_by text not null,
  done_at bigint,
  revision bigint not null default 1
);
create index strategy_phase_series on strategy_phase (series, due_on);

create table strategy_phase_practice (
  phase_id text not null references strategy_phase (id),
  practice text not null,
  hundredths bigint not null check (hundredths >= 0),
  primary key (phase_id, practice)
);

-- One row for each practice of each finished assessment. Without family and product it speaks of the organisation.
create view v_strategy_metrics_scores as
  select a.id as assessment_id, a.series as model, a.name as assessment,
         case when a.product_id is not null then 'product' when a.family_id is not null then 'family' else 'organisation' end
           as scope_kind,
         coalesce(a.product_id, a.family_id, '') as scope_id, coalesce(a.family_id, p.family_id) as family_id, a.product_id,
         a.assessed_on, a.finished_at, s.position, s.function, s.function_title, s.practice, s.practice_title,
         s.numerator, s.denominator,
         cast(s.numerator as double precision) / cast(s.denominator as double precision) as score
    from strategy_assessment a join strategy_score s on s.assessment_id = a.id
         left join register_product p on p.id = a.product_id
   where a.state = 'finished';

-- What finished assessments and targets settle for each release. An assessment speaks for a year.
drop view if exists v_strategy_metrics_facts;
create view v_strategy_metrics_facts as
  select r.id as release_id, cast('assessment_current' as text) as fact, cast(true as boolean) as holds,
         a.finished_at as at, a.finished_at + 31536000000000 as until, cast('' as text) as words
    from register_release r join register_product p on p.id = r.product_id
         join strategy_assessment a on a.state = 'finished'
           and (a.product_id = p.id or a.family_id = p.family_id or (a.product_id is null and a.family_id is null))
  union all
  select r.id as release_id, cast('target_set' as text) as fact, cast(true as boolean) as holds,
         t.made_at as at, cast(null as bigint) as until, cast('' as text) as words
    from register_release r join register_product p on p.id = r.product_id
         join strategy_target t
           on t.product_id = p.id or t.family_id = p.family_id or (t.product_id is null and t.family_id is null);

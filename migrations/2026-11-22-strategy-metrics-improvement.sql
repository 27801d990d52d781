-- What was done about escapes: actions, how they stood when, and the escapes they answer.

create table improvement_action (
  id text primary key,
  title text not null,
  what text not null default '',
  practice text not null default '',
  activity text not null default '',
  cause text not null default '',
  product_id text references register_product (id),
  owner_id text references person (id),
  due_on text,
  state text not null check (state in ('open', 'doing', 'done', 'dropped')),
  state_reason text not null default '',
  done_on text,
  made_at bigint not null,
  made_by text not null,
  revision bigint not null default 1
);
create index improvement_action_state on improvement_action (state, due_on);

-- The state from made_at on; the newest row that is not after a moment tells how it stood then.
create table improvement_step (
  id text primary key,
  action_id text not null references improvement_action (id),
  state text not null check (state in ('open', 'doing', 'done', 'dropped')),
  reason text not null default '',
  done_on text,
  made_at bigint not null,
  made_by text not null
);
create index improvement_step_action on improvement_step (action_id, made_at);

create table improvement_link (
  action_id text not null references improvement_action (id),
  case_id text not null,
  made_at bigint not null,
  ended_at bigint,
  primary key (action_id, case_id)
);
create index improvement_link_case on improvement_link (case_id);

-- What the programme's figures read of people and of findings; what findings say stays inside.
create view v_platform_person as
  select id as person_id, name, state, created_at from person;

create view v_verification_finding as
  select id as finding_id, product_id, target_id, practice, state, live, severity, opened_at, closed_at, created_at
    from verification_finding;

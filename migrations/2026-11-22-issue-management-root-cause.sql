-- Why each field-found vulnerability came to be, and what should have caught it (M16). A row holds from made_at until ended_at,
-- so that figures can be asked for as of any day; the one without an end is the present answer.

create table issue_root_cause (
  id text primary key,
  case_id text not null references issue_case (id),
  cause text not null check (cause in ('design_flaw', 'missing_requirement', 'coding_mistake', 'third_party', 'configuration', 'build_release', 'documentation', 'not_ours', 'unknown')),
  explanation text not null,
  introduced text not null check (introduced in ('release', 'before_records', 'unknown')),
  introduced_release_id text references register_release (id),
  caught text not null check (caught in ('activity', 'gap', 'unknown')),
  activity text not null default '',
  activity_title text not null default '',
  practice text not null default '',
  suggestion text not null default '',
  detected text not null check (detected in ('finder', 'customer', 'partner', 'exploitation', 'intelligence', 'own_work', 'unknown')),
  revision bigint not null,
  made_at bigint not null,
  made_by text not null,
  ended_at bigint
);
create unique index issue_root_cause_current on issue_root_cause (case_id) where ended_at is null;
create index issue_root_cause_case on issue_root_cause (case_id, made_at);

-- For figures of the programme. No title, no explanation: which case it was is told only by its card, to those who may see
-- the case. A suggestion shows once the public knows the flaw or the case is closed.
create view v_issue_management_root_cause as
  select k.id as root_cause_id, k.case_id, c.family_id, c.product_id, c.state, c.outcome, c.severity, c.score,
         c.received_at as found_at, c.confirmed_at, c.closed_at, k.cause, k.detected, k.introduced,
         k.introduced_release_id, k.caught, k.activity, k.activity_title, k.practice,
         case when c.disclosed_at is null and c.state <> 'closed' then '' else k.suggestion end as suggestion,
         k.made_at, k.ended_at
    from issue_root_cause k
    join issue_case c on c.id = k.case_id
   where c.outcome is null or c.outcome in ('fixed', 'unsupported');

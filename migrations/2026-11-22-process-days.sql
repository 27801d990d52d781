-- How releases stood in each practice at the end of past days, kept by a job from the first plan on. A row holds from its
-- first day until the day before until_day; 9999-12-31 is until it differs.
create table process_day (
  release_id text not null references register_release (id),
  practice text not null,
  from_day text not null,
  until_day text not null,
  open bigint not null,
  in_work bigint not null,
  waiting bigint not null,
  done bigint not null,
  lapsed bigint not null,
  not_applicable bigint not null,
  waived bigint not null,
  overdue bigint not null,
  next_due text,
  primary key (release_id, practice, from_day)
);
create index process_day_until on process_day (until_day, from_day);

-- The first and the last day that are kept; one row.
create table process_day_kept (
  id bigint primary key check (id = 1),
  first_day text not null,
  last_day text not null
);

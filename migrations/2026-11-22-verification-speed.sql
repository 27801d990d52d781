-- What makes a million findings answer at once.

-- Open findings counted by target and day, written with every change: figures add these up and count no rows.
create table verification_tally (
  target_id text not null references verification_target (id),
  product_id text not null,
  practice text not null,
  kind text not null,
  severity bigint not null,
  state text not null,
  opened_day bigint not null,
  count bigint not null check (count > 0),
  primary key (target_id, practice, kind, severity, state, opened_day)
);
create index verification_tally_product on verification_tally (product_id);

insert into verification_tally (target_id, product_id, practice, kind, severity, state, opened_day, count)
  select target_id, product_id, practice, kind, severity, state, opened_at / 86400000000, count(*)
    from verification_finding where live = true
   group by target_id, product_id, practice, kind, severity, state, opened_at / 86400000000;

create view v_verification_open as
  select target_id, product_id, practice, severity, state, opened_day, count from verification_tally;

-- Findings that were open at the end of past days, kept by a job; age is week, month, quarter or older, by whole days.
create table verification_day (
  day text not null,
  product_id text not null,
  severity bigint not null,
  age text not null check (age in ('week', 'month', 'quarter', 'older')),
  count bigint not null,
  primary key (day, product_id, severity, age)
);
create view v_verification_day as select day, product_id, severity, age, count from verification_day;

-- The first and the last day that are kept; one row.
create table verification_day_kept (
  id bigint primary key check (id = 1),
  first_day text not null,
  last_day text not null
);
create view v_verification_day_kept as select first_day, last_day from verification_day_kept;

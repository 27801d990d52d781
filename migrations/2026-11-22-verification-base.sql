-- Findings of scanners and reviewers: targets, imports, findings, decisions, history, the release quality standard.

-- What is scanned: a release, or a branch of a product.
create table verification_target (
  id text primary key,
  product_id text not null references register_product (id),
  release_id text unique references register_release (id),
  branch text,
  created_at bigint not null,
  revision bigint not null default 1,
  check ((release_id is null and branch is not null) or (release_id is not null and branch is null)),
  unique (product_id, branch)
);

-- One report that came. A report that brings nothing new for its target leaves no second row.
create table verification_import (
  id text primary key,
  target_id text not null references verification_target (id),
  product_id text not null references register_product (id),
  state text not null check (state in ('waiting', 'done', 'failed')),
  practice text not null check (practice in ('', 'implementation_review', 'security_testing')),
  kind text not null,
  tool text not null,
  scanners text not null,
  scope text not null,
  project text not null,
  file_id text references file (id),
  file_name text not null,
  sha256 text not null,
  size bigint not null,
  asked_tool text not null default '',
  confirmed boolean not null default false,
  problem text not null default '',
  warnings text not null default '',
  total bigint not null default 0,
  added bigint not null default 0,
  kept bigint not null default 0,
  changed bigint not null default 0,
  closed bigint not null default 0,
  reopened bigint not null default 0,
  carried bigint not null default 0,
  by_name text not null,
  created_at bigint not null,
  finished_at bigint
);
create index verification_import_target on verification_import (target_id, tool, scope, id);
create index verification_import_sha on verification_import (target_id, sha256);
create index verification_import_product on verification_import (product_id, id);
create index verification_import_project on verification_import (project, product_id);

-- One finding of one tool in one target. live: somebody has to do something about it. The target, which every writer locks
-- first, its product and the import are not checked row by row, since ten thousand rows come at once.
create table verification_finding (
  id text primary key,
  product_id text not null,
  target_id text not null,
  practice text not null check (practice in ('implementation_review', 'security_testing')),
  kind text not null,
  tool text not null,
  scope text not null,
  fingerprint text not null,
  context text not null,
  content text not null,
  state text not null check (state in ('open', 'confirmed', 'fixed', 'accepted', 'false_positive', 'duplicate', 'not_reachable')),
  live boolean not null,
  present boolean not null,
  by_tool boolean not null default false,
  waiting boolean not null default false,
  severity bigint not null check (severity between 0 and 4),
  tool_severity bigint not null check (tool_severity between 0 and 4),
  rated boolean not null default false,
  title text not null,
  title_key text not null,
  rule text not null,
  cwe text not null,
  cve text not null,
  component text not null,
  component_key text not null,
  component_version text not null,
  fixed_in text not null,
  place text not null,
  first_import text,
  decision_id text,
  duplicate_of text references verification_finding (id),
  accepted_until text,
  opened_at bigint not null,
  closed_at bigint,
  created_at bigint not null,
  revision bigint not null default 1,
  unique (target_id, tool, scope, fingerprint)
);
create index verification_finding_live on verification_finding (live, severity, id);
create index verification_finding_product on verification_finding (product_id, live, severity, id);
-- With all that figures of a target are counted from.
create index verification_finding_target on verification_finding
  (target_id, live, severity, id, state, practice, kind, opened_at);
create index verification_finding_state on verification_finding (state, severity, id);
create index verification_finding_practice on verification_finding (practice, live, severity, id);
create index verification_finding_kind on verification_finding (kind, live, severity, id);
create index verification_finding_opened on verification_finding (opened_at, id);
create index verification_finding_title on verification_finding (title_key, id);
create index verification_finding_component on verification_finding (component_key, severity, id)
  where component_key <> '';
create index verification_finding_same on verification_finding (product_id, fingerprint);
create index verification_finding_until on verification_finding (accepted_until) where accepted_until is not null;
create index verification_finding_waiting on verification_finding (waiting, severity, id) where waiting = true;
-- What was only called fixed, so that the same report is no news: seldom any.
create index verification_finding_called on verification_finding (target_id, tool, scope)
  where state = 'fixed' and present = true and by_tool = false;

-- The finding as the tool gave it; written together with the finding.
create table verification_detail (
  finding_id text primary key,
  document text not null
);

-- CVE and CWE identifiers, to filter by; with the severity, so that such a list is walked in its order.
create table verification_mark (
  mark text not null,
  finding_id text not null,
  severity bigint not null,
  primary key (finding_id, mark)
);
create index verification_mark_severity on verification_mark (mark, severity, finding_id);

-- What people decided about a fingerprint, and how far it reaches.
create table verification_decision (
  id text primary key,
  product_id text not null references register_product (id),
  fingerprint text not null,
  kind text not null check (kind in ('accepted', 'false_positive', 'duplicate', 'not_reachable', 'severity')),
  context text not null,
  severity bigint not null,
  to_severity bigint,
  reach bigint not null,
  reason text not null,
  until text,
  duplicate_of text,
  requested_by text not null,
  decided_by text not null,
  decided_at bigint not null,
  ended_at bigint
);
create index verification_decision_of on verification_decision (product_id, fingerprint);

-- Acceptances that somebody asked for and somebody else decides.
create table verification_request (
  id text primary key,
  finding_id text not null references verification_finding (id),
  requested_by text not null,
  requested_name text not null,
  requested_at bigint not null,
  reason text not null,
  until text not null,
  state text not null check (state in ('waiting', 'approved', 'declined', 'withdrawn')),
  decided_by text not null default '',
  decided_name text not null default '',
  decided_at bigint,
  note text not null default ''
);
create index verification_request_finding on verification_request (finding_id, id);
create unique index verification_request_one on verification_request (finding_id) where state = 'waiting';

create table verification_history (
  id text primary key,
  finding_id text not null references verification_finding (id),
  at bigint not null,
  who text not null,
  action text not null,
  from_state text not null,
  to_state text not null,
  from_severity bigint,
  to_severity bigint,
  reason text not null,
  import_id text
);
create index verification_history_finding on verification_history (finding_id, id);

-- The release quality standard: how old an open finding of each severity may be; null is without limit.
create table verification_standard (
  practice text not null check (practice in ('implementation_review', 'security_testing')),
  class text not null check (class in ('low', 'moderate', 'high', 'critical')),
  critical_days bigint,
  high_days bigint,
  medium_days bigint,
  low_days bigint,
  fresh_days bigint,
  revision bigint not null default 1,
  primary key (practice, class)
);

-- Whether a release keeps the standard; computed with every change, and by a job as findings grow older.
create table verification_fact (
  practice text not null check (practice in ('implementation_review', 'security_testing')),
  release_id text not null references register_release (id),
  holds boolean not null,
  at bigint not null,
  words text not null,
  primary key (practice, release_id)
);

-- An acceptance that ran out keeps its last day on the finding until somebody decides anew: that is an exception that lapsed.
create index verification_finding_lapsed on verification_finding (target_id) where live = true and accepted_until is not null;

drop view if exists v_implementation_review_facts;
create view v_implementation_review_facts as
  select release_id, cast('findings_within_threshold' as text) as fact, holds, at, cast(null as bigint) as until, words
    from verification_fact where practice = 'implementation_review'
  union all
  select t.release_id, cast('exceptions_current' as text) as fact, cast(false as boolean) as holds,
         coalesce((select max(h.at) from verification_history h where h.finding_id = f.id and h.action = 'lapsed'), 0) as at,
         cast(null as bigint) as until,
         cast('A finding of the release was accepted until a day that is past. Fix it, or decide about it anew.' as text) as words
    from verification_finding f join verification_target t on t.id = f.target_id
   where f.live = true and f.accepted_until is not null and t.release_id is not null;

drop view if exists v_security_testing_facts;
create view v_security_testing_facts as
  select release_id, cast('findings_within_threshold' as text) as fact, holds, at, cast(null as bigint) as until, words
    from verification_fact where practice = 'security_testing';

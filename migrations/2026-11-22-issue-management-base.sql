-- Reports, cases, advisories, subscribers: the response team's work.

-- One policy for each family; the one with an empty family_id holds for all families without their own.
create table issue_policy (
  id text primary key,
  family_id text not null unique,
  case_prefix text not null,
  advisory_prefix text not null,
  advisory_threshold text not null check (advisory_threshold in ('low', 'medium', 'high', 'critical')),
  low_entries boolean not null,
  legal_notice text not null,
  intake_address text not null,
  time_zone text not null,
  working_days text not null,
  holidays text not null,
  escalation_address text not null,
  intelligence text not null,
  revision bigint not null default 1
);

create table issue_target (
  policy_id text not null references issue_policy (id),
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  step text not null check (step in ('acknowledge', 'triage', 'mitigate', 'fix', 'disclose')),
  amount bigint not null check (amount > 0),
  unit text not null check (unit in ('hours', 'working_days')),
  primary key (policy_id, severity, step)
);

-- Our own key pairs for intake and signing; the secret half is sealed under the program's data key.
create table issue_key (
  id text primary key,
  address text not null,
  family_id text not null,
  fingerprint text not null unique,
  public_key text not null,
  sealed_secret bytea not null,
  state text not null check (state in ('active', 'retired')),
  created_at bigint not null,
  expires_at bigint
);

-- Keys of people we write to.
create table issue_contact_key (
  id text primary key,
  address_key text not null,
  fingerprint text not null,
  public_key text not null,
  origin text not null check (origin in ('report', 'desk', 'reporter_page')),
  created_at bigint not null,
  unique (address_key, fingerprint)
);

create table issue_case (
  id text primary key,
  number text not null unique,
  title text not null,
  state text not null check (state in ('triage', 'confirmed', 'fixing', 'ready', 'published', 'closed')),
  outcome text check (outcome in ('fixed', 'not_a_vulnerability', 'out_of_scope', 'unsupported', 'duplicate', 'merged', 'not_reproducible')),
  outcome_reason text not null default '',
  family_id text references register_family (id),
  product_id text references register_product (id),
  assignee_id text references person (id),
  severity text check (severity in ('none', 'low', 'medium', 'high', 'critical')),
  score bigint,
  exploited boolean not null default false,
  tlp text not null default 'amber' check (tlp in ('clear', 'green', 'amber', 'amber_strict', 'red')),
  encrypted_only boolean not null default false,
  route text not null default 'undecided' check (route in ('undecided', 'advisory', 'release')),
  route_exception boolean not null default false,
  route_reason text not null default '',
  target_release_id text references register_release (id),
  support_override text not null default '',
  agreed_disclosure text,
  received_at bigint not null,
  opened_at bigint not null,
  acknowledged_at bigint,
  triaged_at bigint,
  confirmed_at bigint,
  mitigated_at bigint,
  fixed_at bigint,
  disclosed_at bigint,
  closed_at bigint,
  merged_into text references issue_case (id),
  revision bigint not null default 1
);
create index issue_case_state on issue_case (state, opened_at);
create index issue_case_product on issue_case (product_id);

create table issue_member (
  case_id text not null references issue_case (id),
  person_id text not null references person (id),
  watches boolean not null default true,
  added_at bigint not null,
  added_by text not null,
  primary key (case_id, person_id)
);
create index issue_member_person on issue_member (person_id);

create table issue_report (
  id text primary key,
  number text not null unique,
  channel text not null check (channel in ('form', 'mail', 'desk')),
  state text not null check (state in ('new', 'in_case', 'answered', 'closed')),
  classification text not null check (classification in ('unclassified', 'vulnerability', 'enquiry', 'spam', 'automatic')),
  family_id text references register_family (id),
  product_id text references register_product (id),
  case_id text references issue_case (id),
  subject text not null,
  body text not null,
  product_text text not null default '',
  version_text text not null default '',
  sender_name text not null default '',
  sender_address text not null default '',
  sender_key text not null default '',
  anonymous boolean not null default false,
  credit text not null default 'unknown' check (credit in ('unknown', 'wanted', 'declined')),
  credit_name text not null default '',
  encrypted boolean not null default false,
  signature text not null default 'none' check (signature in ('none', 'valid', 'invalid', 'unknown_key')),
  signer text not null default '',
  problem text not null default '',
  message_id text unique,
  intake_address text not null default '',
  raw_file_id text references file (id),
  secret_hash text unique,
  received_at bigint not null,
  acknowledged_at bigint,
  revision bigint not null default 1
);
create index issue_report_state on issue_report (state, received_at);
create index issue_report_case on issue_report (case_id);

-- The conversation with the reporter, by mail and by the reporter's page.
create table issue_message (
  id text primary key,
  report_id text not null references issue_report (id),
  case_id text references issue_case (id),
  direction text not null check (direction in ('in', 'out')),
  channel text not null check (channel in ('mail', 'page')),
  person_id text references person (id),
  author text not null,
  subject text not null,
  body text not null,
  encrypted boolean not null default false,
  signature text not null default 'none' check (signature in ('none', 'valid', 'invalid', 'unknown_key')),
  signer text not null default '',
  problem text not null default '',
  message_id text unique,
  mail_id text references mail_out (id),
  raw_file_id text references file (id),
  at bigint not null
);
create index issue_message_report on issue_message (report_id, at);
create index issue_message_case on issue_message (case_id, at);

create table issue_attachment (
  id text primary key,
  file_id text not null references file (id),
  report_id text references issue_report (id),
  message_id text references issue_message (id),
  case_id text references issue_case (id),
  name text not null,
  added_at bigint not null,
  added_by text not null
);
create index issue_attachment_report on issue_attachment (report_id);
create index issue_attachment_case on issue_attachment (case_id);

create table issue_vulnerability (
  id text primary key,
  case_id text not null references issue_case (id),
  position bigint not null,
  title text not null,
  description text not null default '',
  cwe text not null default '',
  cve text,
  cvss31 text,
  cvss31_reason text not null default '',
  cvss40 text,
  cvss40_reason text not null default '',
  score bigint,
  severity text check (severity in ('none', 'low', 'medium', 'high', 'critical')),
  created_at bigint not null,
  revision bigint not null default 1
);
create index issue_vulnerability_case on issue_vulnerability (case_id, position);
create index issue_vulnerability_cve on issue_vulnerability (cve);

create table issue_exposure (
  vulnerability_id text not null references issue_vulnerability (id),
  release_id text not null references register_release (id),
  status text not null check (status in ('under_investigation', 'affected', 'not_affected', 'fixed')),
  justification text check (justification in ('component_not_present', 'vulnerable_code_not_present',
    'vulnerable_code_not_in_execute_path', 'vulnerable_code_cannot_be_controlled_by_adversary',
    'inline_mitigations_already_exist')),
  statement text not null default '',
  changed_at bigint not null,
  changed_by text not null,
  revision bigint not null default 1,
  primary key (vulnerability_id, release_id),
  check (status <> 'not_affected' or justification is not null or statement <> '')
);
create index issue_exposure_release on issue_exposure (release_id);

create table issue_remediation (
  id text primary key,
  vulnerability_id text not null references issue_vulnerability (id),
  category text not null check (category in ('vendor_fix', 'mitigation', 'workaround', 'no_fix_planned', 'none_available')),
  details text not null,
  url text not null default '',
  release_id text references register_release (id),
  available_on text,
  created_at bigint not null,
  revision bigint not null default 1
);
create index issue_remediation_vulnerability on issue_remediation (vulnerability_id);

create table issue_clock (
  case_id text not null references issue_case (id),
  step text not null check (step in ('acknowledge', 'triage', 'mitigate', 'fix', 'disclose')),
  started_at bigint not null,
  due_at bigint not null,
  provisional boolean not null,
  met_at bigint,
  warned_at bigint,
  escalated_at bigint,
  primary key (case_id, step)
);
create index issue_clock_due on issue_clock (met_at, due_at);

create table issue_note (
  id text primary key,
  case_id text not null references issue_case (id),
  person_id text not null references person (id),
  body text not null,
  at bigint not null,
  revision bigint not null default 1
);
create index issue_note_case on issue_note (case_id, at);

create table issue_task (
  id text primary key,
  case_id text not null references issue_case (id),
  title text not null,
  assignee_id text references person (id),
  due_on text,
  state text not null check (state in ('open', 'done')),
  created_at bigint not null,
  done_at bigint,
  revision bigint not null default 1
);
create index issue_task_case on issue_task (case_id);

create table issue_advisory (
  id text primary key,
  number text not null unique,
  case_id text not null references issue_case (id),
  kind text not null check (kind in ('advisory', 'limited_notice')),
  state text not null check (state in ('draft', 'in_review', 'approved', 'scheduled', 'published', 'withdrawn')),
  title text not null,
  summary text not null,
  details text not null,
  acknowledgements text not null,
  reference_links text not null,
  change_note text not null,
  exception_reason text not null default '',
  author_id text not null references person (id),
  approved_by text references person (id),
  approved_at bigint,
  -- SHA-256 of what was approved: when the case says something else by then, approval has lapsed.
  approved_digest text not null default '',
  publish_at bigint,
  publish_zone text not null default 'UTC',
  first_published_at bigint,
  last_published_at bigint,
  version bigint not null default 0,
  created_at bigint not null,
  revision bigint not null default 1
);
create index issue_advisory_case on issue_advisory (case_id);
create index issue_advisory_state on issue_advisory (state, publish_at);

-- What was published, exactly as it went out: one row makes page, CSAF, feeds and notices appear together.
create table issue_publication (
  advisory_id text not null references issue_advisory (id),
  version bigint not null,
  sequence bigint not null unique,
  current boolean not null,
  withdrawn boolean not null,
  number text not null,
  title text not null,
  severity text not null,
  score bigint,
  published_at bigint not null,
  change_note text not null,
  document text not null,
  csaf_name text not null,
  csaf bytea not null,
  csaf_sha256 text not null,
  csaf_sha512 text not null,
  csaf_signature text not null,
  search_text text not null,
  primary key (advisory_id, version)
);
create index issue_publication_current on issue_publication (current, published_at);

create table issue_publication_product (
  advisory_id text not null references issue_advisory (id),
  version bigint not null,
  product_id text not null references register_product (id),
  primary key (advisory_id, version, product_id)
);

create table issue_subscriber (
  id text primary key,
  address text not null,
  address_key text not null unique,
  state text not null check (state in ('pending', 'confirmed', 'ended')),
  least_severity text not null check (least_severity in ('none', 'low', 'medium', 'high', 'critical')),
  all_products boolean not null,
  confirm_hash text unique,
  manage_hash text not null unique,
  sealed_manage bytea not null,
  created_at bigint not null,
  confirm_until bigint,
  confirmed_at bigint,
  ended_at bigint,
  revision bigint not null default 1
);

create table issue_subscription_product (
  subscriber_id text not null references issue_subscriber (id),
  product_id text not null references register_product (id),
  primary key (subscriber_id, product_id)
);

-- One notice for each subscriber and published version, so that a job that runs twice sends once.
create table issue_notice (
  advisory_id text not null references issue_advisory (id),
  version bigint not null,
  subscriber_id text not null references issue_subscriber (id),
  mail_id text not null references mail_out (id),
  queued_at bigint not null,
  primary key (advisory_id, version, subscriber_id)
);

-- What measures may read of the life cycle: who, what and when, never a text that somebody typed.

create view v_process_profile as
  select id as profile_id, product_id, class, open_questions, review_on, made_at, ended_at from process_profile;

create view v_process_team as
  select product_id, person_id, role, made_at, ended_at from process_team;

create view v_process_plan as
  select release_id, product_id, number, class, models, starts_on, target_on, made_at, ended_at from process_plan;

create view v_process_task as
  select id as task_id, release_id, product_id, activity, practice, owner_id, due_on, made_at, ended_at from process_task;

create view v_process_evidence as
  select id as evidence_id, release_id, task_id, shared_activity, kind, post, source, percent, produced_at, valid_until,
         made_at, ended_at
    from process_evidence;

create view v_process_review as
  select evidence_id, accepted, made_at from process_review;

create view v_process_carried as
  select task_id, evidence_id, holds_until, made_at, ended_at from process_carried;

create view v_process_waiver as
  select id as waiver_id, release_id, task_id, kind, expires_on, made_at, approved, decided_at, ended_at from process_waiver;

create view v_process_decision as
  select id as decision_id, release_id, gate, outcome, made_at from process_decision;

-- Reports of scanners and reviewers that were read.
create view v_verification_import as
  select i.id as import_id, i.practice, i.product_id, t.release_id, i.tool, i.created_at, i.finished_at
    from verification_import i join verification_target t on t.id = i.target_id
   where i.state = 'done';

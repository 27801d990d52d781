-- What other practices may read of cases: figures and times for measures, never a title or a text.

create view v_issue_management_case as
  select id as case_id, number, family_id, product_id, state, outcome, severity, score, exploited, route,
         route_exception, received_at, acknowledged_at, triaged_at, confirmed_at, mitigated_at, fixed_at, disclosed_at,
         closed_at
    from issue_case;

create view v_issue_management_target as
  select case_id, step, started_at, due_at, met_at, provisional, escalated_at from issue_clock;

create view v_issue_management_vulnerability as
  select id as vulnerability_id, case_id, cwe, score, severity, created_at from issue_vulnerability;

create view v_issue_management_exposure as
  select vulnerability_id, release_id, status, changed_at from issue_exposure;

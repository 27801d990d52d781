-- What the response team's records settle for release plans. Nothing here tells one case from another: who may read plans need
-- not know what is embargoed.

drop view if exists v_issue_management_facts;
create view v_issue_management_facts as
  -- Our key for the family, or the one for all families, for as long as it holds.
  select r.id as release_id, cast('intake_open' as text) as fact, cast(true as boolean) as holds, k.created_at as at,
         k.expires_at as until, cast('' as text) as words
    from register_release r join register_product p on p.id = r.product_id
         join issue_key k on k.state = 'active' and (k.family_id = '' or k.family_id = p.family_id)
  union all
  select r.id as release_id, cast('intake_open' as text) as fact, cast(false as boolean) as holds, cast(0 as bigint) as at,
         cast(null as bigint) as until,
         cast('No disclosure policy is published. Write it in the vendor profile.' as text) as words
    from register_release r
   where not exists (select 1 from setting s where s.name = 'vendor.policy' and s.value <> '')
  union all
  select r.id as release_id, cast('intake_open' as text) as fact, cast(false as boolean) as holds, cast(0 as bigint) as at,
         cast(null as bigint) as until,
         cast('No address for reports is published. Set the contact in the vendor profile, or an intake address in the response policy.'
           as text) as words
    from register_release r join register_product p on p.id = r.product_id
   where not exists (select 1 from setting s where s.name = 'vendor.contact_email' and s.value <> '')
     and not exists (select 1 from issue_policy i
                      where (i.family_id = '' or i.family_id = p.family_id) and i.intake_address <> '')
  union all
  -- No case is late, but for those below: each from its end until the step was done or the case was closed.
  select r.id as release_id, cast('cases_on_time' as text) as fact, cast(true as boolean) as holds, cast(0 as bigint) as at,
         cast(null as bigint) as until, cast('' as text) as words
    from register_release r
  union all
  select r.id as release_id, cast('cases_on_time' as text) as fact, cast(false as boolean) as holds, k.due_at as at,
         coalesce(k.met_at, c.closed_at) as until,
         cast('A case of the product is past its response target. The response team sees which under Cases.' as text) as words
    from register_release r join issue_case c on c.product_id = r.product_id join issue_clock k on k.case_id = c.id
   where coalesce(k.met_at, c.closed_at) is null or coalesce(k.met_at, c.closed_at) > k.due_at
  union all
  -- A case of another product whose flaw this release has as well.
  select e.release_id, cast('cases_on_time' as text) as fact, cast(false as boolean) as holds, k.due_at as at,
         coalesce(k.met_at, c.closed_at) as until,
         cast('A case whose flaw is in this release is past its response target. The response team sees which under Cases.'
           as text) as words
    from issue_exposure e join issue_vulnerability v on v.id = e.vulnerability_id
         join issue_case c on c.id = v.case_id join issue_clock k on k.case_id = c.id
   where e.status in ('under_investigation', 'affected')
     and (coalesce(k.met_at, c.closed_at) is null or coalesce(k.met_at, c.closed_at) > k.due_at)
  union all
  select r.id as release_id, cast('root_causes_recorded' as text) as fact, cast(true as boolean) as holds,
         cast(0 as bigint) as at, cast(null as bigint) as until, cast('' as text) as words
    from register_release r
  union all
  -- A case that was closed as a flaw of ours, from then on until somebody says why it came to be.
  select r.id as release_id, cast('root_causes_recorded' as text) as fact, cast(false as boolean) as holds,
         c.closed_at as at, (select min(k.made_at) from issue_root_cause k where k.case_id = c.id) as until,
         cast('A closed case of the product names no root cause. The response team sees which under Cases.' as text) as words
    from register_release r join issue_case c on c.product_id = r.product_id
   where c.closed_at is not null and c.outcome = 'fixed'
     and exists (select 1 from issue_vulnerability v where v.case_id = c.id)
     and not exists (select 1 from issue_root_cause k where k.case_id = c.id and k.made_at <= c.closed_at);

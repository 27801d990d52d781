-- Every text that an author of an advisory saved: what stood there before can be compared and brought back.

create table issue_advisory_draft (
  advisory_id text not null references issue_advisory (id),
  position bigint not null,
  -- The public version that it was written for.
  for_version bigint not null,
  origin text not null check (origin in ('begun', 'saved', 'restored', 'revised')),
  -- The position of the text that was brought back.
  restored_from bigint,
  title text not null,
  summary text not null,
  details text not null,
  acknowledgements text not null,
  reference_links text not null,
  change_note text not null,
  saved_by text not null references person (id),
  saved_at bigint not null,
  primary key (advisory_id, position)
);

insert into issue_advisory_draft (advisory_id, position, for_version, origin, title, summary, details, acknowledgements,
  reference_links, change_note, saved_by, saved_at)
select id, 1, version + 1, 'saved', title, summary, details, acknowledgements, reference_links, change_note, author_id,
  created_at
from issue_advisory;

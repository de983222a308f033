-- What rules about short visits ask beside the tables of homecare.sql.

ALTER TABLE visits ADD COLUMN purpose TEXT;        -- check (is the person safe and well?), task, care
ALTER TABLE visits ADD COLUMN completed TEXT;      -- yes: what was to be done was done
ALTER TABLE visits ADD COLUMN agreed_short TEXT;   -- yes: agreed beforehand with the person
ALTER TABLE visits ADD COLUMN ended_early TEXT;    -- yes: the person asked the carer to go
ALTER TABLE provisions ADD COLUMN arranged_by TEXT; -- council, person

-- Care and support plans.
CREATE TABLE plans (
	plan_ref    TEXT PRIMARY KEY NOT NULL,
	client_ref  TEXT REFERENCES clients,
	start_date  TEXT,
	end_date    TEXT                -- last day, NULL while it runs
);

-- What a carer's schedule shows, part by part.
CREATE TABLE schedule_parts (
	part_ref        TEXT PRIMARY KEY NOT NULL,
	carer_ref       TEXT REFERENCES carers,
	kind            TEXT,           -- visit, travel, rest
	starts_at       TEXT,           -- moment
	ends_at         TEXT,
	visit_ref       TEXT REFERENCES visits,
	minutes_needed  INTEGER         -- of travel: what the way takes
);
